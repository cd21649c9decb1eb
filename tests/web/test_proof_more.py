"""The rest of the door of proofs: limits with their articles and use, the rules in force, who waits, and files to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.credit.review import service as review
from farthing.credit.review.model import AskReview
from farthing.kit.words import Words
from farthing.ledger.overview import service as overview
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.law.rules import TITLES, figures
from farthing.products.policy import Policy
from farthing.products.service import shipped_policy
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, staff
from tests.lending.house import CARD, House, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = House(database_url)
    yield house
    house.bank.kernel.database.close()


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with serving(house.bank) as address:
        yield address


def signed_in(base: str, bank: Bank, role: str, language: str = "en") -> Browser:
    staff(bank, "wei", role)
    found = Browser(base, language)
    found.sign_in("wei", PASSWORD)
    return found


def test_every_limit_of_a_policy_is_told() -> None:
    """A field that is added to the pack and not here would be a law that nobody reads."""
    assert set(TITLES) == {each.name for each in fields(Policy)} - {"product", "version", "name", "currency", "savings"}
    told = {each.name: each for each in figures(shipped_policy("cn"))}
    assert told["annual_cost_max"].shown == Words("24%", "24%")
    assert told["penalty_multiple_max"].shown == Words("1.5 times", "1.5 倍")
    assert told["person_credit_max"].shown == Words("CNY 200,000.00", "¥200,000.00")
    assert told["insurance"].article is not None and "存款保险条例" in told["insurance"].article.zh
    silent = {each.name: each for each in figures(shipped_policy("eu"))}
    assert silent["annual_cost_max"].shown is None and silent["annual_cost_max"].article is None


def test_a_regulator_reads_limits_and_no_customer(base: str, house: House) -> None:
    house.active()
    regulator = signed_in(base, house.bank, "regulator")
    assert regulator.go("/").headers["location"] == "/proof"
    front = regulator.go("/proof").text
    assert "Customers&#39; money is covered" in front and 'href="/ops/accounts"' not in front
    limits = regulator.go("/proof/limits").text
    assert "200,000.00" in limits and "order 9 of 2020" in limits and "Kept in the same transaction" in limits
    policies = regulator.go("/proof/policies").text
    assert "Automatic rolling of notice deposits" in policies and "15 May 2024" in policies
    assert "Every balance was derived again" in regulator.go("/proof/verify").text
    for path in ("/ops/accounts", "/ops/entries", "/ops/trial-balance", "/proof/decisions", "/approvals"):
        assert regulator.go(path).status_code == 403, path
    for text in (front, limits, policies):
        assert house.party.name not in text and house.party.id not in text


def test_the_use_of_a_limit_is_what_the_accounts_come_to(base: str, house: House) -> None:
    house.active()
    known = {each.name: each for each in house.bank.kernel.read(overview.limits)}
    margins = {each.name: each.margin for each in house.bank.kernel.read(overview.margins)}
    totals = {each.path: each.total for each in house.bank.kernel.read(overview.totals) if each.currency == "CNY"}
    money = known["client-money"]
    assert money.used == totals.get("liabilities:wallets", 0) + totals.get("liabilities:escrow", 0) > 0
    assert money.limit == totals["assets:cash"] and money.limit - money.used == margins["client-money"]
    assert known["fund-liquidity-line"].limit == 100_000_000


def test_who_waits_is_counted_without_words(base: str, house: House) -> None:
    regulator = signed_in(base, house.bank, "regulator")
    assert "Nobody waits." in regulator.go("/proof/complaints").text
    house.bank.run(review.ask_review, AskReview(house.apply().decision_id, "你们算错了我的收入"))
    house.wait(house.today + timedelta(days=2))
    said = regulator.go("/proof/complaints").text
    assert "The oldest waits for 2 days" in said and "算错" not in said and house.party.name not in said


def test_the_rest_of_the_door_in_two_dresses(browser: Chromium, base: str, house: House) -> None:
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("900.00"), CARD))
    house.bank.run(review.ask_review, AskReview(house.apply().decision_id, "你们算错了我的收入"))
    auditor = signed_in(base, house.bank, "auditor")
    cookies = [{"name": each.name, "value": str(each.value), "url": base} for each in auditor.client.cookies.jar]
    found: list[str] = []
    for path in ("/proof/limits", "/proof/policies", "/proof/complaints"):
        found += faults(browser, base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=cookies)
    assert not found, "\n".join(found)
