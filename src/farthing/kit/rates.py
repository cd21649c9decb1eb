"""Own rates, day counts and interest: exact fractions of a year, rounded once in a named place.

Day counts follow ISDA 2006 Definitions section 4.16: actual/365 fixed, actual/360, 30E/360, actual/actual (ISDA).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from fractions import Fraction

from farthing.kit.calendar import add_months, full_months
from farthing.kit.errors import malformed
from farthing.kit.money import Money, exponent

UNKNOWN_DAY_COUNT = malformed(
    "rates.unknown_day_count",
    "Day count {name} is not one of {known}.",
    "计息基础 {name} 不在 {known} 之中。",
)

ROUNDINGS: Mapping[str, str] = {
    "half_even": ROUND_HALF_EVEN,
    "half_up": ROUND_HALF_UP,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


def percent(fraction: Decimal, *, least: int = 2, most: int | None = None) -> str:
    """``0.0035`` as ``0.35%``, ``0.00345`` as ``0.345%``: at least ``least`` decimals, and as many more as there are.

    ``most``: for a figure that was computed and not agreed, such as an annual percentage rate: half up to so many.
    """
    hundredths = fraction.scaleb(2)
    if most is not None:
        hundredths = hundredths.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    places = max(-int(hundredths.normalize().as_tuple().exponent), least)
    return f"{hundredths:,.{places}f}%"


def part_of_whole(text: str, most: Decimal) -> Decimal | None:
    """A part that somebody wrote, such as ``0.0038``: from zero to ``most``, with six decimals at the most; none where it is no
    such part."""
    try:
        part = Decimal(text)
    except InvalidOperation:
        return None
    exponent = part.as_tuple().exponent
    fits = part.is_finite() and 0 <= part <= most and isinstance(exponent, int) and exponent >= -6
    return part if fits else None


def typed_percent(part: Decimal) -> str:
    """A part as it is typed in percent, without zeros at its end: ``0.0038`` as ``0.38``."""
    return format((part * 100).normalize(), "f")


def percent_of(part: int | Fraction, whole: int | Fraction) -> str:
    """A part for people, in hundredths to two places at the most; without anything to be part of, there is no figure."""
    if whole <= 0:
        return "-"
    exact = Fraction(part) / Fraction(whole)
    return percent(Decimal(exact.numerator) / Decimal(exact.denominator), least=0, most=2)


def actual_365(start: date, end: date) -> Fraction:
    """Actual days over 365, fixed."""
    return Fraction((end - start).days, 365)


def actual_360(start: date, end: date) -> Fraction:
    """Actual days over 360."""
    return Fraction((end - start).days, 360)


def thirty_e_360(start: date, end: date) -> Fraction:
    """30E/360 (Eurobond basis): the 31st counts as the 30th."""
    first, last = min(start.day, 30), min(end.day, 30)
    days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
    return Fraction(days, 360)


def actual_actual(start: date, end: date) -> Fraction:
    """Actual/actual (ISDA): the days of leap years over 366, the others over 365."""
    if end < start:
        return -actual_actual(end, start)
    result, cursor = Fraction(0), start
    while cursor < end:
        stop = min(end, date(cursor.year + 1, 1, 1))
        leap = (date(cursor.year + 1, 1, 1) - date(cursor.year, 1, 1)).days
        result += Fraction((stop - cursor).days, leap)
        cursor = stop
    return result


def months_12(start: date, end: date) -> Fraction:
    """Whole months over 12; days beyond the last whole month over 360 (the Chinese retail rule, PBC 2005 No. 129)."""
    months = full_months(start, end)
    return Fraction(months, 12) + Fraction((end - add_months(start, months)).days, 360)


DAY_COUNTS: Mapping[str, Callable[[date, date], Fraction]] = {
    "actual/365": actual_365,
    "actual/360": actual_360,
    "30E/360": thirty_e_360,
    "actual/actual": actual_actual,
    "months/12": months_12,
}


def year_fraction(day_count: str, start: date, end: date) -> Fraction:
    """Exact part of a year from ``start`` to ``end`` (first day in, last day out) by a named day count."""
    try:
        return DAY_COUNTS[day_count](start, end)
    except KeyError:
        raise UNKNOWN_DAY_COUNT(name=day_count, known=", ".join(DAY_COUNTS)) from None


def round_fraction(value: Fraction, currency: str, rounding: str = "half_even") -> Money:
    """Round an exact amount in major units to minor units, once, by a rounding of ``ROUNDINGS``."""
    scaled = value * 10 ** exponent(currency)
    return Money(round_ratio(scaled.numerator, scaled.denominator, rounding), currency)


def round_ratio(numerator: int, denominator: int, rounding: str = "half_even") -> int:
    """Round a ratio of whole numbers (``denominator`` above zero) once, by a rounding of ``ROUNDINGS``."""
    whole, remainder = divmod(abs(numerator), denominator)
    if remainder:
        half = 2 * remainder - denominator
        if rounding == "half_up":
            whole += half >= 0
        elif rounding == "half_even":
            whole += half > 0 or (half == 0 and whole % 2 == 1)
        elif rounding == "up":
            whole += 1
        elif rounding != "down":
            raise KeyError(rounding)
    return whole if numerator >= 0 else -whole


def interest(principal: Money, annual: Decimal, fraction: Fraction, rounding: str = "half_even") -> Money:
    """Simple interest on ``principal`` at ``annual`` for ``fraction`` of a year, rounded once."""
    return round_fraction(Fraction(principal.decimal()) * Fraction(annual) * fraction, principal.currency, rounding)
