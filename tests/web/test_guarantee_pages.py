"""Standing behind a loan on pages: a borrower asks, a guarantor sees what it is before answering, a deposit is pledged, a group
joined; what binds is shown first, and nothing binds by being asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.lending.groups import service as groups
from farthing.lending.groups.model import AskMember, FormGroup, Group
from farthing.parties.model import Party
from tests.doors import served
from tests.identity.people import PASSWORD, Person, enrolled
from tests.lending.backing.friends import behind, friend, saved
from tests.lending.groups.village import TELLER
from tests.lending.house import House, opened
from tests.parties.people import resident_id
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser, seen, signed_in

__all__ = ["browser", "pytestmark"]

FRIEND = Person("林美", resident_id(order_code="012"), "138 1234 5601")


def lent(house: House) -> tuple[str, Party]:
    """A loan that is paid out, and a friend who has a deposit."""
    loan = house.active()
    other = friend(house, 1)
    saved(house, other, "5000")
    saved(house, house.party, "2000")
    return loan.id, other


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, lent) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    for each in (BORROWER, FRIEND):
        enrolled(house.bank, each)
    with served(house.bank) as address:
        yield address


def guarantee_of(page: str) -> str:
    return re.findall(r'name="guarantee_id" value="([^"]+)"', page)[0]


def asked_by(her: Browser, loan: str, most: str) -> None:
    """She looks her friend up by phone and asks."""
    here = f"/loans/{loan}/backing"
    her.go(here)
    found = her.send(here, step="find", phone=FRIEND.phone).headers["location"]
    shown = her.go(found).text
    assert "You ask" in shown and "林美" not in re.sub(r"<title>.*?</title>", "", shown)
    guarantor = re.findall(r'name="guarantor" value="([^"]+)"', shown)[0]
    beyond = her.send(here, step="ask", guarantor=guarantor, most="9000")
    assert beyond.status_code == 422 and 'value="9000"' in beyond.text and 'id="f-most-wrong"' in beyond.text
    assert (
        her.send(here, step="ask", guarantor=guarantor, most=most, key=most).headers["location"] == f"{here}?asked=true"
    )


def test_a_friend_is_asked_sees_the_loan_and_says_yes_and_pledges_a_deposit(base: str, house: House) -> None:
    loan, _ = house.made
    her, him = (signed_in(base, each.phone, PASSWORD) for each in (BORROWER, FRIEND))
    assert "You guarantee nothing" in him.go("/guarantees").text
    assert "Nothing but your word" in her.go(f"/loans/{loan}/backing").text
    asked_by(her, loan, "3000")
    assert "no answer yet" in her.go(f"/loans/{loan}").text
    assert "asks you to guarantee a loan" in him.go("/home").text
    page = him.go("/guarantees").text
    assert (
        "CNY 8,000.00" in page and "Nobody has to say yes" in page and "guar_" not in re.sub(r'value="[^"]*"', "", page)
    )
    give = {"step": "give", "guarantee_id": guarantee_of(page), "most": "3000.00", "key": "yes"}
    shown = him.send("/guarantees", **give)
    assert "three thousand yuan" in shown.text and behind(house, house.loan(loan)).guarantees[0].state == "asked"
    assert him.send("/guarantees", **give, confirmed="1").status_code == 409, "nothing was seen"
    assert him.send("/guarantees", **give, confirmed="1", seen=seen(shown)).headers["location"] == "/guarantees"
    told = him.go("/guarantees").text
    assert "What you answer for" in told and "CNY 3,000.00" in told
    deposit = re.findall(r'name="deposit_id" value="([^"]+)"', told)[0]
    pledge = {"step": "pledge", "loan_id": loan, "deposit_id": deposit, "key": "p"}
    too_much = him.send("/guarantees", **pledge, amount="6000")
    assert too_much.status_code == 422 and "Of this deposit CNY 5,000.00 is free" in too_much.text
    review = him.send("/guarantees", **pledge, amount="1500")
    assert "You pledge a deposit" in review.text and not behind(house, house.loan(loan)).pledges
    assert him.send("/guarantees", **pledge, amount="1500", confirmed="1", seen=seen(review)).status_code == 303
    hers = her.go(f"/loans/{loan}").text
    assert "answers for it" in hers and "CNY 1,500.00" in hers


def test_no_is_no_and_the_own_deposit_stands_too(base: str, house: House) -> None:
    loan, _ = house.made
    her, him = (signed_in(base, each.phone, PASSWORD) for each in (BORROWER, FRIEND))
    asked_by(her, loan, "500")
    page = him.go("/guarantees").text
    assert him.send("/guarantees", step="decline", guarantee_id=guarantee_of(page), key="n").status_code == 303
    assert "You said no" in him.go("/guarantees").text and "said no" in her.go(f"/loans/{loan}/backing").text
    here = f"/loans/{loan}/backing"
    deposit = re.findall(r'name="deposit_id" value="([^"]+)"', her.go(here).text)[0]
    pledge = {"step": "pledge", "deposit_id": deposit, "amount": "2000", "key": "p"}
    shown = her.send(here, **pledge)
    assert her.send(here, **pledge, confirmed="1", seen=seen(shown)).headers["location"] == here
    assert behind(house, house.loan(loan)).loan_to_value.pledged.plain() == "2000.00"
    stranger = him.go(here)
    assert stranger.status_code == 403 and her.send(here, step="nothing").status_code == 422


def grouped(house: House, party: Party) -> Group:
    made: Group = house.bank.run(groups.form_group, FormGroup("East lane", house.today, 1, "the mill"), actor=TELLER)
    house.bank.run(groups.ask_member, AskMember(made.id, party.id), actor=TELLER)
    return made


def test_a_group_is_joined_when_it_was_seen_and_left_when_nobody_owes(base: str, house: House) -> None:
    _, other = house.made
    group = grouped(house, other)
    him = signed_in(base, FRIEND.phone, PASSWORD)
    assert "You are asked to join this group" in him.go("/guarantees").text
    join = {"step": "join", "group_id": group.id, "key": "j"}
    shown = him.send("/guarantees", **join)
    assert "You join a group" in shown.text and "East lane" in shown.text
    assert him.send("/guarantees", **join, confirmed="1", seen=seen(shown)).status_code == 303
    assert "You belong to this group" in him.go("/guarantees").text
    assert him.send("/guarantees", step="leave", group_id=group.id, key="l").status_code == 303
    assert "You belong to this group" not in him.go("/guarantees").text


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    loan, other = house.made
    her, him = (signed_in(base, each.phone, PASSWORD) for each in (BORROWER, FRIEND))
    asked_by(her, loan, "3000")
    grouped(house, other)
    found = faults(browser, base, "/guarantees", "en", widths=(360, 1280), cookies=him.kept())
    page = him.go("/guarantees").text
    give = {"step": "give", "guarantee_id": guarantee_of(page), "most": "3000.00", "key": "yes"}
    assert him.confirm("/guarantees", **give).status_code == 303
    found += faults(browser, base, "/guarantees", "zh", widths=(360, 1280), cookies=him.kept())
    found += faults(browser, base, "/guarantees", "zh", "dark", True, widths=(320,), cookies=him.kept())
    for path in (f"/loans/{loan}", f"/loans/{loan}/backing"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=her.kept())
        found += faults(browser, base, path, "zh", "dark", True, widths=(320,), cookies=her.kept())
        found += faults(browser, base, path, "zh", widths=(360,), cookies=her.kept())
    assert found == []
