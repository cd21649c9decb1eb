"""The clock of a case over weekends, holidays, stops, reopenings and late answers: nothing moves it that must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import is_business_day
from farthing.products import files
from farthing.products.complaint_rules import ComplaintRules
from farthing.voice.cases.clock import Clock, Stop, is_summary, last_day
from tests.products.test_policy import text

DAY = date(2026, 6, 10)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
lengths = st.integers(1, 60)
gaps = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=4)


def rules(pack: str) -> ComplaintRules:
    _, _, policy = files.decode("policy", text(pack))
    found = policy.complaints
    assert found is not None
    return found


CN = rules("cn")
PLAIN, BUSINESS = replace(CN, rolls=False), rules("eu")


def stops_of(start: date, some: list[tuple[int, int]]) -> tuple[Stop, ...]:
    """Stops one after the other: so many days of running before each, and how long each stood."""
    found, day = [], start
    for run, stood in some:
        day += timedelta(days=run)
        found.append(Stop(day, day + timedelta(days=stood)))
        day += timedelta(days=stood)
    return tuple(found)


def test_the_clocks_of_the_packs() -> None:
    assert (CN.days, CN.business, CN.rolls, CN.speakers_max) == ((15, 30, 60), False, True, 5)
    assert rules("sandbox").days == (56,) and BUSINESS.days == (15, 35) and BUSINESS.business
    assert last_day(CN, DAY, 15, (), ()) == date(2026, 6, 25)
    assert last_day(CN, date(2026, 6, 12), 15, (), ()) == date(2026, 6, 29), "the 27th is a Saturday"
    festival = {date(2026, 10, each) for each in range(1, 9)}
    assert last_day(CN, date(2026, 9, 18), 15, (), festival) == date(2026, 10, 9), "no holiday ends a clock"
    assert last_day(BUSINESS, DAY, 15, (), ()) == date(2026, 7, 1)
    assert last_day(BUSINESS, DAY, 15, (), {date(2026, 6, 19)}) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("answered", "short"), [(date(2026, 6, 15), True), (date(2026, 6, 16), False), (date(2026, 6, 10), True)]
)
def test_a_short_answer_ends_with_the_third_business_day(answered: date, short: bool) -> None:
    assert is_summary(rules("sandbox").summary_days, DAY, answered, ()) is short, "Monday is the third after Wednesday"
    assert not is_summary(CN.summary_days, DAY, answered, ())
    assert is_summary(rules("sandbox").summary_days, DAY, date(2026, 6, 16), {date(2026, 6, 11)})


@given(days, lengths)
def test_without_stops_it_is_so_many_days(start: date, length: int) -> None:
    assert last_day(PLAIN, start, length, (), ()) == start + timedelta(days=length)
    due = last_day(BUSINESS, start, length, (), ())
    between = [start + timedelta(days=each + 1) for each in range((due - start).days)]
    assert sum(is_business_day(each, ()) for each in between) == length and is_business_day(due, ())
    rolled = last_day(CN, start, length, (), ())
    assert is_business_day(rolled, ()) and 0 <= (rolled - start).days - length <= 2


@given(days, lengths, gaps)
def test_a_stop_moves_the_day_by_itself_and_no_further(start: date, length: int, some: list[tuple[int, int]]) -> None:
    stops = stops_of(start, some)
    due = last_day(PLAIN, start, length, stops, ())
    stood = sum((min(each.until_on or due, due) - each.from_on).days for each in stops if each.from_on < due)
    assert (due - start).days == length + stood
    assert not any(each.holds(due) for each in stops), "it never ends on a day that does not count"
    assert last_day(PLAIN, start, length, stops, ()) <= last_day(PLAIN, start, length + 1, stops, ())


@given(days, lengths, st.integers(1, 40), st.integers(1, 40))
def test_who_answered_late_stays_late_when_it_is_reopened(start: date, length: int, late: int, away: int) -> None:
    clock = Clock(start, length)
    due = clock.due(PLAIN, ())
    assert due is not None
    answered = due + timedelta(days=late)
    again = clock.stopped(answered).gone_on(answered + timedelta(days=away))
    assert again.due(PLAIN, ()) == due
    early = due - timedelta(days=min(late, length))
    back = early + timedelta(days=away)
    reopened = clock.stopped(early).gone_on(back).due(PLAIN, ())
    assert reopened == back + timedelta(days=(due - early).days), "it goes on with what was left, neither more nor less"


@given(days, lengths, st.lists(st.integers(1, 90), max_size=20), st.booleans())
def test_a_holiday_never_shortens_a_clock(start: date, length: int, off: list[int], business: bool) -> None:
    of, holidays = (BUSINESS if business else CN), {start + timedelta(days=each) for each in off}
    assert last_day(of, start, length, (), holidays) >= last_day(of, start, length, (), ())


@given(days, lengths, st.integers(0, 30), st.integers(0, 15), st.integers(0, 15))
def test_two_stops_that_touch_are_one(start: date, length: int, run: int, one: int, two: int) -> None:
    at = start + timedelta(days=run)
    middle, end = at + timedelta(days=one), at + timedelta(days=one + two)
    for of in (PLAIN, BUSINESS, CN):
        both = last_day(of, start, length, (Stop(at, middle), Stop(middle, end)), ())
        assert both == last_day(of, start, length, (Stop(at, end),), ())


def test_a_clock_that_stands_has_no_day_and_stands_once() -> None:
    clock = Clock(DAY, 15).stopped(DAY)
    assert clock.due(CN, ()) is None and clock.stopped(date(2026, 6, 20)) == clock
    assert Clock(DAY, 15).gone_on(DAY) == Clock(DAY, 15)
