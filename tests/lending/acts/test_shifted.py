"""What a reschedule comes to falls on no holiday, by the rule that the loan pinned and the calendar of the day it was told."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.calendar import DeclareHolidays, declare_holidays
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Reschedule
from farthing.lending.audit.service import verify
from farthing.lending.pinned import shifts_of
from farthing.lending.quotes.answer import quote_loan
from farthing.lending.shelf import service as shelf
from farthing.products.model import Publish, Schedule
from tests.lending.acts.doing import do
from tests.lending.house import House

WORDS = "the harvest is late"


def test_a_day_is_shifted_by_the_rule_and_never_to_before_what_was_due() -> None:
    days, spring = [date(2027, 2, 10), date(2027, 3, 10)], frozenset(date(2027, 2, day) for day in range(6, 13))
    for rule, to in (("next", date(2027, 2, 13)), ("previous", date(2027, 2, 5)), ("next_in_month", date(2027, 2, 13))):
        assert shifts_of(Schedule(shift=rule), days, spring, date(2027, 1, 1)) == ((days[0], to),)
    assert shifts_of(Schedule(shift="previous"), days, spring, date(2027, 2, 8)) == ((days[0], date(2027, 2, 13)),)
    assert shifts_of(Schedule(), days, spring, date(2027, 1, 1)) == ()


def test_a_quote_moves_due_days_off_its_holidays() -> None:
    case = {
        "currency": "CNY",
        "terms": {"rate": "12%", "instalments": 3, "shift": "next", "holidays": ["2027-03-20", "2027-03-21"]},
        "events": [
            {"on": "2027-01-05", "do": "pay_out", "amount": "900"},
            {"on": "2027-01-06", "do": "move_due", "due_on": "2027-02-05", "until": "2027-02-20"},
        ],
    }
    found = [row["due_on"] for row in quote_loan(json.dumps(case).encode())["schedule"] if "due_on" in row]
    assert found == ["2027-02-20", "2027-03-22", "2027-04-20"], "days count from the first, not from the shifted one"


@pytest.mark.parametrize("how", ["move_due", "add_instalments", "re_age"])
def test_a_loan_is_rescheduled_off_holidays_and_stays_so(database_url: str, how: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace(
        'method = "equal_instalment"', 'method = "equal_instalment"\nschedule = {shift = "next"}'
    )
    agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    loan = house.active("1000")
    first = loan.instalments[0].due_on
    until = first + timedelta(days=20)
    said = {
        "move_due": Reschedule(loan.id, how, WORDS, due_on=first, until=until),
        "add_instalments": Reschedule(loan.id, how, WORDS, count=2),
        "re_age": Reschedule(loan.id, how, WORDS, due_on=until, count=4),
    }[how]
    meant = {"move_due": until, "add_instalments": date(2027, 7, 28), "re_age": until}[how]
    agreed(house.bank.kernel, declare_holidays, DeclareHolidays((meant, meant + timedelta(days=1))))
    house.wait(house.today + timedelta(days=1))
    do(house, acts.reschedule, said)
    days = [each.due_on for each in house.loan(loan.id).instalments if each.amount]
    assert meant not in days and meant + timedelta(days=2) in days
    agreed(house.bank.kernel, declare_holidays, DeclareHolidays((meant + timedelta(days=2),)))
    house.wait(house.today + timedelta(days=1))
    assert [each.due_on for each in house.loan(loan.id).instalments if each.amount] == days, "what was told stands"
    assert house.bank.read(verify, snapshot=True).findings == ()
