"""What a loan asks for of principal is what was paid out of it, whatever is done to it: found by trying many lives."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from farthing.kit.money import Money
from farthing.lending import life
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import fold
from farthing.lending.offering.plan import Plan
from tests.lending.months import monthly_dates
from tests.lending.test_rules import lent

START = date(2026, 2, 18)
PAID_OUT = Event(START, "pay_out", 1000, name="out")
LATER = START + timedelta(days=9)


def plan_of(method: str, annual: str, count: int = 6) -> life.Life:
    due = monthly_dates(START, count)
    return lent(Plan(Money(1000, "CNY"), Decimal(annual), "actual/365", START, due, Money(0, "CNY")), method)


def asked(method: str, annual: str, *after: Event) -> int:
    """Minor units of principal that a loan of 1,000 asks for after some events."""
    agreement = life.agreement(plan_of(method, annual))
    state = fold(agreement, [PAID_OUT, *after], max(each.on for each in after))
    return sum(each.owed["principal"] for each in state.instalments)


@pytest.mark.parametrize("annual", ["0", "0.24"])
@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_first", "bullet", "flat"])
def test_more_instalments_ask_for_no_more_than_was_paid_out(method: str, annual: str) -> None:
    more = Event(LATER, "pay_out", 500, name="d")
    added = [Event(LATER + timedelta(days=n), "add_instalments", name=f"a{n}", count=2) for n in (0, 1)]
    ahead = Event(LATER + timedelta(days=2), "repay", 700, name="r")
    assert asked(method, annual, *added) == 1000
    assert asked(method, annual, more, *added) == asked(method, annual, more, *added, ahead) == 1500


@pytest.mark.parametrize("annual", ["0", "0.24"])
@pytest.mark.parametrize("method", ["equal_instalment", "interest_first", "bullet"])
def test_a_loan_of_which_nothing_was_paid_is_aged_again(method: str, annual: str) -> None:
    again = Event(LATER, "re_age", name="a", due_on=LATER + timedelta(days=20), count=3)
    later = Event(LATER + timedelta(days=1), "add_instalments", name="b", count=1)
    assert asked(method, annual, again) == asked(method, annual, again, later) == 1000


@pytest.mark.parametrize("annual", ["0", "0.24"])
@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_first", "bullet", "flat"])
@pytest.mark.parametrize("wait", [3, 20])
def test_a_loan_is_aged_to_a_day_before_the_running_instalment(method: str, annual: str, wait: int) -> None:
    """The running instalment ends on the day of the ageing, and the new ones stand after it."""
    over, more = Event(START + timedelta(days=5), "repay", 1200, name="r"), Event(LATER, "pay_out", 355, name="d")
    on = START + timedelta(days=24)
    again = Event(on, "re_age", name="a", due_on=on + timedelta(days=wait), count=3)
    assert asked(method, annual, again) == 1000
    assert asked(method, annual, over, more, again) == 1355
