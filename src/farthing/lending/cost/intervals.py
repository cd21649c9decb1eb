"""Own how laws measure the time between two days: whole months or weeks, counted back from the later day, and days. Pure.

All months are equal. A series on the last day of each month goes from last day to last day, and one on the 29th or 30th
takes the last day of February (Regulation Z, Appendix J (b)(3)(iv)).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from farthing.kit.calendar import add_months, days_in_month, full_months


def anchor(days: Iterable[date]) -> int | None:
    """The day of the month on which a series stands, 29 to 31, where some of its months are too short for it."""
    series = list(days)
    most, least = max(each.day for each in series), min(each.day for each in series)
    return most if least < most and all(on_anchor(each, most) for each in series) else None


def on_anchor(day: date, at: int) -> bool:
    """Whether a day is the ``at``-th of its month, or the last of a month that has none."""
    return day.day == min(at, days_in_month(day.year, day.month))


def back(later: date, months: int, at: int | None) -> date:
    """So many months before a day, by the anchor of its series."""
    found = add_months(later, -months)
    if at is not None and on_anchor(later, at):
        return found.replace(day=min(at, days_in_month(found.year, found.month)))
    return found


def months_and_days(earlier: date, later: date, at: int | None = None) -> tuple[int, int]:
    """Full months counted back from the later of two days, and the days that are left before them."""
    months = max(full_months(earlier, later) - 1, 0)
    while back(later, months + 1, at) >= earlier:
        months += 1
    return months, (back(later, months, at) - earlier).days


def days_in_year_to(day: date) -> int:
    """365, or 366 where the year that ends on a day holds a 29 February (Directive 2014/17/EU annex I (c)(iii))."""
    if day.month == 2 and day.day == 29:
        return 366
    return (day - add_months(day, -12)).days


def is_weeks(earlier: date, later: date) -> bool:
    """Whether two days lie whole weeks apart."""
    return not (later - earlier) % timedelta(weeks=1)
