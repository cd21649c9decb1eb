"""Loans paid out in parts on pages: asked for, drawn and given up by the borrower, at the counter, and seen by officers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments import service as payments
from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.draws.drawing import PRODUCT, drawn, in_parts, offered, signed
from tests.lending.house import House, opened, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_counter import at_the_desk, seen_by
from tests.web.test_entrance import reader, seen, signed_in

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, in_parts) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with served(house.bank) as address:
        staff(house.bank, "risk", "risk")
        yield address


def wallet(house: House) -> int:
    return int(house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available.minor)


def test_a_borrower_asks_for_a_part_first_and_is_told_what_is_agreed(base: str, house: House) -> None:
    her = signed_in(base, BORROWER.phone, PASSWORD)
    assert "How much of it at once?" in her.go("/apply").text
    form = {"product": PRODUCT, "amount": "3000", "instalments": "6", "purpose": "a roof"}
    wrong = her.send("/apply", **form, first="4000", key="k")
    assert wrong.status_code == 422 and "cannot be paid out first" in wrong.text and 'value="4000"' in wrong.text
    sent = her.send("/apply", **form, first="1000", key="l")
    assert sent.status_code == 303 and "/offers/offer_" in sent.headers["location"]
    offer = her.go(sent.headers["location"]).text
    assert "You get first" in offer and "Agreed in all" in offer and "2,000.00" in offer
    loan = signed(house)
    contract = her.go(f"/loans/{loan.id}/contract").text
    assert "may be asked for up to" in contract and "lapses after that day" in contract


def test_she_sees_the_instalments_anew_before_more_is_paid_out_and_once(base: str, house: House) -> None:
    her, here = signed_in(base, BORROWER.phone, PASSWORD), f"/loans/{house.made}/draw"
    assert here in her.go(f"/loans/{house.made}").text
    assert "4,000.00" in her.go(here).text
    for amount, told in (("much", 'value="much"'), ("5000", "is left of what was agreed"), ("1", "paid out at least")):
        wrong = her.send(here, amount=amount, key="w")
        assert wrong.status_code == 422 and told in wrong.text
    before, shown = wallet(house), her.send(here, amount="1500", key="k")
    assert shown.status_code == 200 and "What you pay then" in shown.text
    assert wallet(house) == before, "what is only shown is not paid"
    assert her.send(here, amount="1500", key="k", confirmed="1").status_code == 409, "nothing was seen"
    for _ in range(2):
        done = her.send(here, amount="1500", key="k", confirmed="1", seen=seen(shown))
        assert done.status_code == 303
    assert wallet(house) - before == 150_000
    page = her.go(f"/loans/{house.made}").text
    assert "1,500.00 more went into your wallet" in page and "2,500.00" in page


def test_what_changed_since_is_shown_again(base: str, house: House) -> None:
    her, here = signed_in(base, BORROWER.phone, PASSWORD), f"/loans/{house.made}/draw"
    her.go(here)
    shown = her.send(here, amount="1000", key="k")
    drawn(house, "1000")
    again = her.send(here, amount="1000", key="k", confirmed="1", seen=seen(shown))
    assert again.status_code == 409 and "What you pay then" in again.text
    assert house.loan(house.made).undrawn == yuan("3000")


def test_she_gives_the_rest_up(base: str, house: House) -> None:
    her, here = signed_in(base, BORROWER.phone, PASSWORD), f"/loans/{house.made}/draw"
    her.go(here)
    shown = her.send(here, give_back="1", key="g")
    assert "It is agreed no more" in shown.text
    assert her.send(here, give_back="1", key="g", confirmed="1", seen=seen(shown)).status_code == 303
    assert "You gave up the" in her.go(f"/loans/{house.made}").text
    assert "Nothing more can be asked for" in her.go(here).text
    usual = house.active("1000")
    assert "Nothing more can be asked for" in her.go(f"/loans/{usual.id}/draw").text


def test_at_the_counter_it_is_shown_to_her_who_is_there(base: str, house: House) -> None:
    desk, here = at_the_desk(house.bank, base), f"/counter/customers/{house.party.id}/draw"
    asked = {"loan_id": house.made, "amount": "1500", "key": "k"}
    assert desk.go(here).status_code == 200 and desk.send(here, **asked).status_code == 403, "she is not there"
    seen_by(house.bank, house.party.id)
    assert "4,000.00" in desk.go(here).text
    assert f"{here}?loan={house.made}" in desk.go(f"/counter/customers/{house.party.id}").text
    shown = desk.send(here, **asked)
    assert "What you pay then" in shown.text
    assert desk.send(here, **asked, confirmed="1", seen=seen(shown)).status_code == 303
    assert house.loan(house.made).undrawn == yuan("2500")


def test_an_officer_sees_what_is_not_paid_out(base: str, house: House) -> None:
    drawn(house, "1500")
    risk = reader(base, "risk")
    page = risk.go(f"/ops/loans/{house.made}").text
    assert "Agreed in all" in page and "2,500.00" in page
    assert "Payment out" in risk.go(f"/ops/loans/{house.made}/story").text


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    drawn(house, "1000")
    offer = offered(house, "3000", "1000").id
    desk, risk = at_the_desk(house.bank, base), reader(base, "risk")
    her, found = signed_in(base, BORROWER.phone, PASSWORD), []
    seen_by(house.bank, house.party.id)
    for language in ("en", "zh"):
        for here in (f"/loans/{house.made}/draw", f"/loans/{house.made}", f"/offers/{offer}", "/apply"):
            found += faults(browser, base, here, language, widths=(360, 1280), cookies=her.kept())
        counter = f"/counter/customers/{house.party.id}/draw"
        found += faults(browser, base, counter, language, widths=(360, 1280), cookies=desk.kept())
        found += faults(browser, base, f"/ops/loans/{house.made}", language, widths=(360, 1280), cookies=risk.kept())
    assert found == []
