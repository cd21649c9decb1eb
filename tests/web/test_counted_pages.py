"""The page on which a customer sees that her money was counted: how it looks, and the file that she takes along."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from farthing.evidence.checker.main import check_counted
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import Person, enrolled
from tests.payments.customers import CARD
from tests.web.eyes import browser, dressed, faults
from tests.web.eyes import pytestmark as NEEDED

__all__ = ["browser"]
pytestmark = [NEEDED, pytest.mark.long]


def test_the_page_in_both_languages_and_its_file(bank: Bank, browser: Browser, tmp_path: Path) -> None:
    done = enrolled(bank, Person())
    assert done.session is not None and done.party is not None
    bank.run(payments.open_wallet, OpenWallet(done.party.id))
    bank.run(payments.top_up, MoveByRail(done.party.id, Money(12_345, "CNY"), CARD))
    close_day(bank.kernel)
    with ThreadPoolExecutor(1) as aside:  # a loop of playwright's runs here
        aside.submit(bank.drain).result()
    with serving(bank) as address:
        base = address.replace("127.0.0.1", "localhost")
        cookies = [{"name": "farthing_session", "value": str(done.session.token), "url": base}]
        found = []
        for language in ("zh", "en"):
            found += faults(browser, base, "/me/counted", language, cookies=cookies, widths=(360, 1280))
        assert not found
        page = dressed(browser, base, "en", "light", False, cookies)
        page.goto(f"{base}/me/counted")
        assert "CNY 123.45" in page.content()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Take the proof", exact=True).click()
        file = tmp_path / "proof.json"
        taken.value.save_as(file)
        assert not check_counted([file]).failed
        page.goto(f"{base}/me/counted")
        assert "1 customer took the proof" in page.content()
