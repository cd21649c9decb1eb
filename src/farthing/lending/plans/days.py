"""Own the days on which a plan falls due: counted from one seed, so that a short month costs no day for ever."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.kit.calendar import add_months, month_end
from farthing.lending.plans.terms import MonthEnd, Terms


def due_days(terms: Terms, start: date) -> tuple[date, ...]:
    """The due days of every instalment of a loan whose first payment out is on ``start``."""
    every, seed, first = terms.every, terms.first_due or start, 0 if terms.first_due else 1
    steps = [every.count * number for number in range(first, first + terms.instalments)]
    if every.unit == "month":
        return tuple(_in_month(seed, step, terms.month_end) for step in steps)
    length = 7 if every.unit == "week" else 1
    return tuple(seed + timedelta(days=length * step) for step in steps)


def _in_month(seed: date, months: int, strategy: MonthEnd) -> date:
    """The day of the seed, so many months later, where that month has it."""
    day = add_months(seed, months)
    if strategy == "first_of_next" and day.day < seed.day:
        return day + timedelta(days=1)
    return month_end(day) if strategy == "last_of_month" else day
