"""Boundary days of every clock, and what is not shown from which day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.law.model import law_of
from farthing.exchange.law.rules import Arrears, due_on, furnisher_by, hidden_from, is_hidden, record_hidden
from farthing.kit.calendar import is_business_day
from farthing.kit.money import Money

CN, US, EU = law_of("cn"), law_of("us"), law_of("eu")
YUAN = Money(1_000_000, "CNY")
OLD = date(2019, 5, 1)


def stretch(began: date, ended: date | None, most: Money = YUAN, first: date | None = None) -> Arrears:
    """A stretch of arrears."""
    return Arrears(began, most, ended, first or began)


@pytest.mark.parametrize(
    ("law", "opened", "due"),
    [
        (CN, date(2026, 3, 10), date(2026, 3, 30)),
        (CN, date(2028, 2, 9), date(2028, 2, 29)),
        (CN, date(2027, 2, 9), date(2027, 3, 1)),
        (CN, date(2026, 9, 25), date(2026, 10, 15)),  # holidays lie between: the days of the law are calendar days
        (US, date(2028, 1, 31), date(2028, 3, 1)),
        (EU, date(2027, 1, 31), date(2027, 2, 28)),
        (EU, date(2028, 1, 31), date(2028, 2, 29)),
        (EU, date(2028, 2, 29), date(2028, 3, 29)),
    ],
)
def test_the_last_day_of_an_answer(law, opened, due):
    assert due_on(law.dispute, opened) == due


def test_more_from_the_person_gives_fifteen_days_in_the_us_alone():
    opened = date(2026, 3, 10)
    assert due_on(US.dispute, opened, further=True) == date(2026, 4, 24)
    assert due_on(CN.dispute, opened, further=True) == due_on(CN.dispute, opened)


def test_the_furnisher_is_asked_within_five_business_days_in_the_us_and_at_once_elsewhere():
    friday = date(2026, 7, 3)
    assert furnisher_by(US.dispute, friday, ()) == date(2026, 7, 10)
    assert furnisher_by(US.dispute, friday, {date(2026, 7, 6)}) == date(2026, 7, 13)
    assert furnisher_by(CN.dispute, friday, ()) == friday
    assert furnisher_by(EU.dispute, friday, ()) == friday


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sets(st.dates(date(2020, 1, 1), date(2040, 2, 1)), max_size=5))
def test_a_furnisher_is_asked_on_a_business_day_before_the_answer_is_due(opened, holidays):
    by = furnisher_by(US.dispute, opened, holidays)
    between = [opened + timedelta(days=each) for each in range(1, (by - opened).days + 1)]
    assert sum(1 for each in between if is_business_day(each, holidays)) == 5
    assert by < due_on(US.dispute, opened)


def test_five_years_from_the_end_to_the_day_and_29_february():
    ended = stretch(OLD, date(2020, 2, 29))
    assert hidden_from(CN, ended) == (date(2025, 2, 28), "cn-5-years")
    assert is_hidden(CN, ended, date(2025, 2, 27)) == ""
    assert is_hidden(CN, ended, date(2025, 2, 28)) == "cn-5-years"
    going_on = stretch(OLD, None)
    assert hidden_from(CN, going_on) is None  # what has not ended does not age
    assert (
        is_hidden(US, going_on, date(2026, 4, 30)) == "" and is_hidden(US, going_on, date(2026, 5, 1)) == "us-7-years"
    )
    assert hidden_from(EU, ended) is None


def test_seven_years_run_from_the_first_delinquency_whoever_bought_the_loan():
    sold = stretch(date(2024, 1, 1), None, first=OLD)
    assert hidden_from(US, sold) == (date(2026, 5, 1), "us-7-years")


@pytest.mark.parametrize(
    ("began", "ended", "most", "hidden"),
    [
        (date(2020, 1, 1), date(2025, 11, 30), YUAN, date(2026, 1, 1)),
        (date(2025, 12, 31), date(2026, 3, 31), YUAN, date(2026, 4, 30)),
        (date(2025, 6, 1), date(2025, 12, 1), YUAN, date(2026, 1, 31)),
        (date(2025, 6, 1), date(2026, 1, 31), YUAN, date(2026, 2, 28)),
        (date(2019, 12, 31), date(2025, 11, 30), YUAN, date(2030, 11, 30)),
        (date(2026, 1, 1), date(2026, 2, 1), YUAN, date(2031, 2, 1)),
        (date(2025, 6, 1), date(2026, 4, 1), YUAN, date(2031, 4, 1)),
        (date(2025, 6, 1), date(2025, 11, 30), Money(1_000_001, "CNY"), date(2030, 11, 30)),
        (date(2025, 6, 1), date(2025, 11, 30), Money(100, "USD"), date(2030, 11, 30)),
    ],
)
def test_the_one_time_repair_hides_by_date_and_touches_no_record(began, ended, most, hidden):
    found = hidden_from(CN, stretch(began, ended, most))
    assert found is not None and found[0] == hidden
    assert is_hidden(CN, stretch(began, ended, most), hidden - timedelta(days=1)) == ""


def test_what_falls_late_again_is_shown_again():
    """The rule looks at the stretch as it stands: one that is not over, or over too late, is shown."""
    assert is_hidden(CN, stretch(date(2025, 6, 1), date(2025, 11, 1)), date(2026, 2, 1)) == "cn-repair-2025"
    assert is_hidden(CN, stretch(date(2025, 6, 1), None), date(2026, 2, 1)) == ""


def test_registers():
    assert record_hidden(CN, date(2021, 3, 10), date(2026, 3, 10)) == "cn-record-5-years"
    assert record_hidden(CN, date(2021, 3, 10), date(2026, 3, 9)) == ""
    assert record_hidden(CN, None, date(2026, 3, 9)) == ""
    assert record_hidden(US, date(2016, 3, 10), date(2026, 3, 10)) == "us-bankruptcy-10-years"
