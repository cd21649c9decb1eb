"""Operators see what stands behind a loan and register things, ask for a release by two, class a loan by judgement, set internal
rates; a teller asks for relief for a customer who is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.lending.backing import service as backing
from farthing.lending.collections import service as collections
from tests.doors import served
from tests.identity.people import staff
from tests.lending.backing.friends import behind, empty, friend, given, pledged, saved
from tests.lending.backing.test_collateral import registered
from tests.lending.house import House, opened
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_counter import at_the_desk, seen_by
from tests.web.test_entrance import reader, seen

__all__ = ["browser", "pytestmark"]


def lent(house: House) -> str:
    """A loan with a guarantor and a pledged deposit, late by two days."""
    loan = house.active("5000")
    given(house, loan, friend(house, 1))
    pledged(house, loan, saved(house, house.party, "2000"), "1000")
    registered(house, loan)
    empty(house, house.party)
    house.wait(loan.instalments[0].due_on + timedelta(days=2))
    return loan.id


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, lent) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as address:
        for name in ("operator", "risk", "auditor"):
            staff(house.bank, name, name)
        yield address


def test_a_thing_is_registered_valued_anew_and_its_release_asked_for(base: str, house: House) -> None:
    operator, here = reader(base), f"/ops/loans/{house.made}/backing"
    assert here in operator.go(f"/ops/loans/{house.made}").text
    shown = operator.go(here).text
    assert "a van" in shown and "answers for it" in shown and "CNY 1,000.00" in shown
    thing = {
        "step": "register", "kind": "livestock", "description": "twelve goats", "valuer": "Village valuers",
        "value": "6,000", "valued_on": str(house.today), "key": "a",
    }  # fmt: skip
    wrong = operator.send(here, **thing, lien="2", before="")
    assert wrong.status_code == 422 and 'value="twelve goats"' in wrong.text and 'id="f-lien-wrong"' in wrong.text
    assert operator.send(here, **thing, lien="1", before="").headers["location"] == here
    goats = behind(house, house.loan(house.made)).collateral[1]
    late = {"step": "value", "collateral_id": goats.id, "value": "4000", "valuer": "us", "key": "b"}
    to_come = operator.send(here, **late, valued_on=str(house.today + timedelta(days=1)))
    assert to_come.status_code == 422 and 'value="4000"' in to_come.text
    free = {"step": "release", "collateral_id": goats.id, "reason": "sold", "key": "c"}
    assert operator.send(here, **free).headers["location"] == f"{here}?drafted=true"
    assert "Waits for a second person" in operator.go(f"{here}?drafted=true").text
    assert house.bank.kernel.ask(backing.collateral_register)[1].thing.released_on is None
    pledge = behind(house, house.loan(house.made)).pledges[0]
    early = operator.send(here, step="call", pledge_id=pledge.id, key="d")
    assert early.status_code == 422 and "days late and a pledge is called" in early.text
    listed = operator.go("/ops/collateral").text
    assert "twelve goats" in listed and "a van" in listed and house.party.name in listed
    auditor = reader(base, "auditor")
    assert "Register a thing" not in auditor.go(here).text and auditor.go("/ops/collateral").status_code == 200


def test_a_loan_is_classed_worse_by_one_and_better_by_two_or_nobody(base: str, house: House) -> None:
    risk, here = reader(base, "risk"), f"/ops/loans/{house.made}/class"
    shown = risk.go(here).text
    assert "By its days past due" in shown and "Special mention" in shown
    nothing = risk.send(here, class_name="substandard", reason=" ", key="a")
    assert nothing.status_code == 422 and 'id="f-reason-wrong"' in nothing.text
    worse = risk.send(here, class_name="substandard", reason="the shop burned down", key="b")
    assert worse.headers["location"] == f"{here}?done=ruled"
    better = risk.send(here, class_name="normal", reason="he is kind", key="c")
    assert better.status_code == 422 and 'id="f-class_name-wrong"' in better.text and "he is kind" in better.text
    assert reader(base).go(here).status_code == 403


def test_internal_rates_are_shown_beside_those_that_stand_before_a_second_person_is_asked(
    base: str, house: House
) -> None:
    operator, here = reader(base), "/ops/risk/spread"
    assert (
        "Set internal rates" in operator.go(here).text
        and "Set internal rates" not in reader(base, "auditor").go(here).text
    )
    day = str(house.today + timedelta(days=1))
    rates = {"currency": "CNY", "demand": "0.4", "rate_1y": "1.75%", "source": "minutes 7", "key": "k"}
    past = operator.send(here, **rates, effective_on=str(house.today))
    assert past.status_code == 409 and 'value="minutes 7"' in past.text and 'value="1.75%"' in past.text
    bad = operator.send(here, **{**rates, "rate_1y": "much"}, effective_on=day)
    assert bad.status_code == 422 and 'value="much"' in bad.text
    shown = operator.send(here, **rates, effective_on=day)
    assert "1.75%" in shown.text and "0.40%" in shown.text and "Stands" in shown.text
    drafted = operator.send(here, **rates, effective_on=day, confirmed="1", seen=seen(shown))
    assert drafted.headers["location"] == f"{here}?drafted=true"
    assert "Waits for a second person" in operator.go(f"{here}?drafted=true").text


def test_a_customer_who_is_there_asks_for_relief(base: str, house: House) -> None:
    desk = at_the_desk(house.bank, base)
    customer = f"/counter/customers/{house.party.id}"
    assert "not proved to be here" in desk.go(f"{customer}/relief").text
    seen_by(house.bank, house.party.id)
    assert f"{customer}/relief" in desk.go(f"{customer}/repay").text
    desk.go(f"{customer}/relief")
    empty = desk.send(f"{customer}/relief", loan_id=house.made, words=" ", key="a")
    assert empty.status_code == 422
    asked = desk.send(f"{customer}/relief", loan_id=house.made, words="母亲住院", key="b")
    assert asked.headers["location"] == f"{customer}/relief?loan={house.made}&done=true"
    told = desk.go(asked.headers["location"]).text
    assert "母亲住院" in told and "nobody calls the customer" in told and 'name="words"' not in told
    (one,) = house.bank.kernel.ask(collections.open_hardships)
    assert (one.loan_id, one.words) == (house.made, "母亲住院")


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    risk, desk = reader(base, "risk"), at_the_desk(house.bank, base)
    seen_by(house.bank, house.party.id)
    found = []
    loan, customer = f"/ops/loans/{house.made}", f"/counter/customers/{house.party.id}/relief"
    for path in (loan, f"{loan}/backing", f"{loan}/class", "/ops/collateral", "/ops/risk/spread"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=risk.kept())
        found += faults(browser, base, path, "zh", widths=(360, 1280), cookies=risk.kept())
    found += faults(browser, base, customer, "en", widths=(360, 1280), cookies=desk.kept())
    found += faults(browser, base, customer, "zh", "dark", True, widths=(320,), cookies=desk.kept())
    assert found == []
