"""The operator's books: groups by name, now and as of a day; accounts, a statement, the trial balance, entries, the check."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import DAY, Bank
from tests.doors import OPERATOR_PASSWORD, serving
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]
CARD = "6222021234567890123"
PAGES = ("/ops/accounts", "/ops/accounts?prefix=assets", "/ops/entries", "/ops/trial-balance", "/ops/verify")


@pytest.mark.long
def test_an_operator_and_an_auditor_read_the_books(bank: Bank, browser: Chromium) -> None:
    party = enrolled(bank, Person()).party
    bank.run(payments.open_wallet, OpenWallet(party.id, "CNY"))
    bank.run(payments.top_up, MoveByRail(party.id, Money(810_000, "CNY"), CARD))
    with serving(bank) as base:
        staff(bank, "audrey", "auditor")
        for name, password in (("operator", OPERATOR_PASSWORD), ("audrey", PASSWORD)):
            reader = Browser(base)
            reader.sign_in(name, password)
            shown = reader.go("/ops/accounts").text
            assert "Wallets of customers" in shown and "8,100.00" in shown
            before = reader.go(f"/ops/accounts?on={DAY - timedelta(days=1)}").text
            assert "8,100.00" not in before
            assert reader.go("/ops/accounts?on=tomorrow").status_code in (400, 422)
            listed = reader.go("/ops/accounts?prefix=liabilities:wallets").text
            assert "Held" in listed and "liabilities:wallets:" in listed
            trial = reader.go("/ops/trial-balance").text
            assert (
                "come to the same: CNY " in trial and trial.count("8,100.00") >= 1 and "Wallets of customers" in trial
            )
            assert "Nothing is in the books" in reader.go(f"/ops/trial-balance?on={DAY - timedelta(days=1)}").text
            assert "agrees" in reader.send("/ops/verify").text
            assert "Top-up" in reader.go("/ops/entries").text
        operator = Browser(base)
        operator.sign_in()
        kept = operator.kept()
        found: list[str] = []
        for path in PAGES:
            found += faults(browser, base, path, "en", widths=(360,), cookies=kept)
            found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=kept)
        assert not found, found
