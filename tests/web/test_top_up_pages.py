"""Asking for more on pages: what is paid off and what reaches the borrower, then what is told of it after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.house import House, opened
from tests.lending.top_ups.grown import quoted, taken, three_paid
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
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


def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    risk, her, found = reader(base, "risk"), signed_in(base, BORROWER.phone, PASSWORD), []
    asked = "?amount=8000&instalments=12"
    for language in ("en", "zh"):
        more = f"/loans/{house.made.id}/more{asked}"
        found += faults(browser, base, more, language, widths=(360, 1280), cookies=her.kept())
        page = f"/ops/loans/{house.made.id}/top-up{asked}"
        found += faults(browser, base, page, language, widths=(360, 1280), cookies=risk.kept())
    assert found == []
