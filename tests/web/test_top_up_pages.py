"""Asking for more on pages: what is paid off and what reaches the borrower, then what is told of it after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.lending import service as lending
from farthing.lending.model import Offer
from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.house import House, opened, yuan
from tests.lending.top_ups.grown import quoted, taken, three_paid
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_counter import seen_by
from tests.web.test_entrance import reader, signed_in

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, three_paid) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with served(house.bank) as address:
        staff(house.bank, "risk", "risk")
        yield address


def test_a_borrower_sees_what_more_comes_to_and_asks_for_it(base: str, house: House) -> None:
    her, old = signed_in(base, BORROWER.phone, PASSWORD), house.made.id
    here = f"/loans/{old}/more"
    assert here in her.go(f"/loans/{old}").text
    assert "Pays this loan off today" in her.go(here).text
    wrong = her.go(f"{here}?amount=much&instalments=12")
    assert wrong.status_code == 422 and 'value="much"' in wrong.text
    little = her.go(f"{here}?amount=700&instalments=12")
    assert little.status_code == 422 and "would reach" in little.text
    shown = her.go(f"{here}?amount=8,000&instalments=12").text
    reached = quoted(house, old).reaches_you
    assert f"{reached.minor // 100:,}" in shown and "more interest and costs in all" in shown
    empty = her.send(here, amount="8000", instalments="12", key="k")
    assert empty.status_code == 422 and "what the loan is for" in empty.text and "Ask for it" in empty.text
    sent = her.send(here, amount="8000", instalments="12", purpose="a second oven", key="k")
    assert sent.status_code == 303 and "/offers/offer_" in sent.headers["location"]
    assert "Pays your running loan off" in her.go(sent.headers["location"]).text


def test_what_happened_is_told_on_both_loans(base: str, house: House) -> None:
    her, old = signed_in(base, BORROWER.phone, PASSWORD), house.made.id
    new = taken(house, old)
    contract = her.go(f"/loans/{new.id}/contract").text
    assert old in contract
    house.complete(new.id)
    assert "paid your earlier loan off" in her.go(f"/loans/{new.id}").text
    assert "out of your new loan paid this one off" in her.go(f"/loans/{old}").text
    risk = reader(base, "risk")
    assert f"/ops/loans/{old}" in risk.go(f"/ops/loans/{new.id}").text
    assert "paid out of the loan that topped it up" in risk.go(f"/ops/loans/{old}/story").text


def test_an_officer_sees_what_it_would_come_to_and_why_not(base: str, house: House) -> None:
    risk, here = reader(base, "risk"), f"/ops/loans/{house.made.id}/top-up"
    assert here in risk.go(f"/ops/loans/{house.made.id}").text
    assert "Interest and costs with the new loan" in risk.go(f"{here}?amount=8000&instalments=12").text
    assert risk.go(f"{here}?amount=700&instalments=12").status_code == 422


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    risk, her, found = reader(base, "risk"), signed_in(base, BORROWER.phone, PASSWORD), []
    asked = "?amount=8000&instalments=12"
    for language in ("en", "zh"):
        more = f"/loans/{house.made.id}/more{asked}"
        found += faults(browser, base, more, language, widths=(360, 1280), cookies=her.kept())
        page = f"/ops/loans/{house.made.id}/top-up{asked}"
        found += faults(browser, base, page, language, widths=(360, 1280), cookies=risk.kept())
    assert found == []


@pytest.mark.long
def test_a_teller_asks_for_more_for_who_is_there_and_for_nobody_else(
    base: str, house: House, browser: Chromium
) -> None:
    staff(house.bank, "li", "teller")
    desk, old = reader(base, "li"), house.made.id
    here = f"/counter/customers/{house.party.id}/top-up"
    asked = {"loan_id": old, "amount": "8000", "instalments": "12", "purpose": "a second oven"}
    away = desk.go(f"{here}?loan={old}&amount=8000&instalments=12")
    assert away.status_code == 403 and "more interest" not in away.text, "she is not there"
    assert desk.send(here, **asked, key="a").status_code == 403 and not offers(house)
    seen_by(house.bank, house.party.id)
    assert here in desk.go(f"/counter/customers/{house.party.id}/repay").text
    little = desk.go(f"{here}?loan={old}&amount=700&instalments=12")
    assert little.status_code == 422 and "would reach" in little.text and 'value="700"' in little.text
    shown = desk.go(f"{here}?loan={old}&amount=8,000&instalments=12").text
    assert f"{quoted(house, old).reaches_you.minor // 100:,}" in shown and "more interest and costs in all" in shown
    found = []
    for language, path in product(("en", "zh"), (here, f"{here}?loan={old}&amount=8000&instalments=12")):
        found += faults(browser, base, path, language, widths=(360, 1280), cookies=desk.kept())
    assert found == []
    empty = desk.send(here, **{**asked, "purpose": ""}, key="b")
    assert empty.status_code == 422 and "Reaches the wallet" in empty.text
    for _ in range(2):
        sent = desk.send(here, **asked, key="c")
        assert sent.status_code == 303
    assert len(offers(house)) == 1, "pressed twice, asked once"
    assert "by their own hand" in desk.go(sent.headers["location"]).text


def offers(house: House) -> list[Offer]:
    """The offers of a larger loan."""
    found: list[Offer] = house.bank.read(lambda tx: lending.offers(tx, house.party.id))
    return [each for each in found if each.amount == yuan("8000")]
