"""Laws of months, and business days on a real holiday calendar."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import add_months, days_in_month, full_months, month_end

days = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@given(days, st.integers(-300, 300))
def test_a_month_later_is_the_same_day_or_the_last(start: date, months: int) -> None:
    later = add_months(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == min(start.day, month_end(later).day)


@given(days, st.integers(0, 3000))
def test_full_months_bracket_the_end(start: date, term_days: int) -> None:
    end = start + timedelta(days=term_days)
    months = full_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


@given(days)
def test_the_last_day_of_a_month_is_followed_by_a_first(day: date) -> None:
    assert (month_end(day) + timedelta(days=1)).day == 1
    assert month_end(day).day == days_in_month(day.year, day.month)


def test_a_series_of_month_ends_does_not_lose_days() -> None:
    due = [add_months(date(2026, 1, 31), months).isoformat() for months in range(1, 5)]
    assert due == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
