"""Own dates: adding months, periods and business days. Pure; never asks what day it is."""

from __future__ import annotations

import calendar as _calendar
from collections.abc import Collection
from datetime import date, timedelta


def days_in_month(year: int, month: int) -> int:
    """Number of days of a month of the Gregorian calendar."""
    return _calendar.monthrange(year, month)[1]


def add_months(start: date, months: int) -> date:
    """Same day ``months`` later, or the month's last day where that day does not exist.

    Always add to the *first* date of a series (31 Jan, 28 Feb, 31 Mar): adding step by step would lose days.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, days_in_month(year, month + 1)))


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=days_in_month(day.year, day.month))


KEPT_YEARS = range(1970, 9_000)
"""Of instants from outside that every part of the bank can keep and read."""


def month_before(day: date) -> date:
    """The last day of the month before that of ``day``."""
    return day.replace(day=1) - timedelta(days=1)


def full_months(start: date, end: date) -> int:
    """How many whole months lie between two dates, by ``add_months``."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    """Whether ``day`` is of Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def next_business_day(day: date, holidays: Collection[date]) -> date:
    """The first business day after ``day``."""
    day += timedelta(days=1)
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day
