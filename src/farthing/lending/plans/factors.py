"""Own what part of the balance a period bears as interest.

Nineteen significant digits, half even; the factor of a period is cut to nineteen decimals. That decides ties (750 at 7 per
cent by 30/360 bears 4.37 and not 4.38) and is what a widely used open core does, so that two programs agree to the cent.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from farthing.lending.plans.terms import DayCount, Every, Terms

CONTEXT = Context(prec=19, rounding=ROUND_HALF_EVEN)
PLACES = Decimal(1).scaleb(-19)
WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""For cutting to places, which must not be stopped by the digits of a sum."""
DAYS_OF = {"day": 1, "week": 7, "month": 30}


def _year(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _holds_29_february(start: date, end: date) -> bool:
    """Whether a 29 February lies after the first day and not after the last."""
    return any(isleap(year) and start < date(year, 2, 29) <= end for year in range(start.year, end.year + 1))


def cut(value: Decimal) -> Decimal:
    """A factor to nineteen decimals."""
    return value.quantize(PLACES, context=WIDE)


@lru_cache(maxsize=65_536)
def of_period(
    annual: Decimal, day_count: DayCount, by_period: bool, every: Every, first_day_counts: bool, start: date, end: date
) -> Decimal:
    """The part of the balance that one whole period bears."""
    multiply, divide = CONTEXT.multiply, CONTEXT.divide
    if by_period:
        return cut(divide(multiply(annual, Decimal(every.count)), Decimal(12 if every.unit == "month" else 52)))
    if day_count == "30/360":
        return cut(multiply(annual, divide(Decimal(DAYS_OF[every.unit] * every.count), Decimal(360))))
    days = (end - start).days
    if day_count == "30e/360":
        days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + min(end.day, 30) - min(start.day, 30)
        return cut(divide(multiply(annual, Decimal(days)), Decimal(360)))
    if day_count == "actual/actual-29-february":
        return cut(divide(multiply(annual, Decimal(days)), Decimal(366 if _holds_29_february(start, end) else 365)))
    if day_count == "actual/actual":
        return cut(_by_years(annual, start, end, first_day_counts))
    return cut(divide(multiply(annual, Decimal(days)), Decimal(360 if day_count == "actual/360" else 365)))


def _by_years(annual: Decimal, start: date, end: date, first_day_counts: bool) -> Decimal:
    """Each year's days over its own length: the old year ends on 31 December, or on 1 January where the first day bears."""
    whole, cursor = Decimal(0), start
    while cursor < end:
        stop = min(end, date(cursor.year + 1, 1, 1) if first_day_counts else _last_day(cursor))
        length = _year(cursor if first_day_counts or cursor.month < 12 or cursor.day < 31 else stop)
        whole = CONTEXT.add(
            whole, CONTEXT.divide(CONTEXT.multiply(annual, Decimal((stop - cursor).days)), Decimal(length))
        )
        cursor = stop
    return whole


def _last_day(day: date) -> date:
    """The next 31 December after a day."""
    return date(day.year if (day.month, day.day) < (12, 31) else day.year + 1, 12, 31)


def factor(terms: Terms, start: date, end: date) -> Decimal:
    """The part of the balance that one whole period of a plan bears."""
    return of_period(
        terms.annual, terms.day_count, terms.interest_by == "period", terms.every, terms.first_day_counts, start, end
    )


def interest(balance: int, part: Decimal) -> int:
    """What a balance in minor units bears, rounded once, half even."""
    return int(CONTEXT.multiply(Decimal(balance), part).to_integral_value(ROUND_HALF_EVEN))
