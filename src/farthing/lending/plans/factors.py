"""Own what part of the balance a span of days bears as interest.

Nineteen significant digits, half even; a factor is cut to nineteen decimals. That decides ties (750 at 7 per cent by 30/360
bears 4.37 and not 4.38) and is what a widely used open core does, so that two programs agree to the cent. A span always
lies within one period between two due days: 30/360 counts whole months and divides them over the days of the period.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from farthing.kit.calendar import add_months
from farthing.lending.plans.terms import DayCount, Every, Terms

CONTEXT = Context(prec=19, rounding=ROUND_HALF_EVEN)
PLACES = Decimal(1).scaleb(-19)
WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""For cutting to places, which must not be stopped by the digits of a sum."""
DAYS_OF = {"day": 1, "week": 7, "month": 30}
YEARS = {"360": 360, "364": 364, "365": 365}


def cut(value: Decimal) -> Decimal:
    """A factor to nineteen decimals."""
    return value.quantize(PLACES, context=WIDE)


def factor(terms: Terms, start: date, end: date, units: Decimal | None = None) -> Decimal:
    """The part of the balance that a whole period of a plan bears."""
    return span(terms, terms.annual, (start, end), (start, end), units)


def span(
    terms: Terms, annual: Decimal, period: tuple[date, date], days: tuple[date, date], units: Decimal | None = None
) -> Decimal:
    """The part that some days of a period bear. ``units``: how many months, weeks or days the period has, where it is odd."""
    how = (terms.day_count, terms.interest_by == "period", terms.every, terms.first_day_counts)
    return _span(annual, *how, units or Decimal(terms.every.count), *period, *days)


@lru_cache(maxsize=65_536)
def _span(
    annual: Decimal, day_count: DayCount, by_period: bool, every: Every, first_day_counts: bool, units: Decimal,
    start: date, due: date, first: date, last: date,
) -> Decimal:  # fmt: skip
    """As ``span``, by what of the terms it depends on."""
    multiply, divide = CONTEXT.multiply, CONTEXT.divide
    days, whole = Decimal((last - first).days), Decimal((due - start).days)
    if not whole:
        return Decimal(0)
    months, _, year = day_count.partition("/")
    if by_period:
        share = divide(units, Decimal(12 if every.unit == "month" else 52))
        return cut(divide(multiply(multiply(annual, share), days), whole))
    if months == "30e":
        return cut(multiply(annual, divide(Decimal(_thirty(first, last)), Decimal(360))))
    if year.startswith("actual") and last.year > first.year and _splits(day_count, start, due):
        return cut(multiply(annual, _years(first, last, first_day_counts)))
    length = Decimal(YEARS.get(year) or _length(day_count, start, due, first))
    if months == "30":
        share = divide(multiply(Decimal(DAYS_OF[every.unit]), units), length)
        return cut(divide(multiply(multiply(annual, share), days), whole))
    return cut(multiply(annual, divide(days, length)))


@lru_cache(maxsize=65_536)
def units_between(every: Every, start: date, due: date) -> Decimal:
    """How many months, weeks or days lie between two days that are no regular period apart. Kept: loans of a day share theirs."""
    days = (due - start).days
    if every.unit != "month":
        return CONTEXT.divide(Decimal(days), Decimal(7 if every.unit == "week" else 1))
    whole = (due.year - start.year) * 12 + due.month - start.month
    while add_months(start, whole) > due:
        whole -= 1
    reached, beyond = add_months(start, whole), add_months(start, whole + 1)
    return CONTEXT.add(CONTEXT.divide(Decimal((due - reached).days), Decimal((beyond - reached).days)), Decimal(whole))


def _length(day_count: DayCount, start: date, due: date, first: date) -> int:
    """Days of the year of a span's first day; in the 29 February variant, 366 only where the period holds that day."""
    leap = isleap(first.year)
    if day_count == "actual/actual-29-february":
        leap = leap and _holds_29_february(start, due)
    return 366 if leap else 365


def _splits(day_count: DayCount, start: date, due: date) -> bool:
    return day_count != "actual/actual-29-february" or _holds_29_february(start, due)


def _holds_29_february(start: date, end: date) -> bool:
    """Whether a 29 February lies after the first day and not after the last."""
    return any(isleap(year) and start < date(year, 2, 29) <= end for year in range(start.year, end.year + 1))


def _thirty(start: date, end: date) -> int:
    """Days by 30E/360: the 31st counts as the 30th."""
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + min(end.day, 30) - min(start.day, 30)


def _years(first: date, last: date, first_day_counts: bool) -> Decimal:
    """Each year's days over its own length: the old year ends on 31 December, or on 1 January where the first day bears."""
    whole, cursor = Decimal(0), first
    for year in range(first.year, last.year + 1):
        ends = last if year == last.year else date(year + 1, 1, 1) if first_day_counts else date(year, 12, 31)
        length = Decimal(366 if isleap(year) else 365)
        whole = CONTEXT.add(whole, CONTEXT.divide(Decimal((ends - cursor).days), length))
        cursor = ends
    return whole


def borne(balance: int, part: Decimal, days: int, of_days: int) -> Decimal:
    """What a balance in minor units bears in some of the days that a factor is for; not rounded."""
    if not of_days:
        return Decimal(0)
    whole = CONTEXT.multiply(Decimal(balance), part)
    return CONTEXT.multiply(CONTEXT.divide(whole, Decimal(of_days)), Decimal(days))


def minor(amount: Decimal) -> int:
    """An amount of minor units, rounded once, half even."""
    return int(amount.to_integral_value(ROUND_HALF_EVEN))


def interest(balance: int, part: Decimal) -> int:
    """What a balance in minor units bears in a whole period."""
    return minor(CONTEXT.multiply(Decimal(balance), part))
