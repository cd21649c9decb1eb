"""Own Appendix J's unit-periods: which period a transaction is measured in, and how many lie between two days. Pure.

Regulation Z, 12 CFR 1026, Appendix J (b)(3) to (b)(5). A common period that is no standard interval, such as ten days, is
measured in days, as a period of a single payment is: 365 over its days is the number in a year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from farthing.kit.words import Words
from farthing.lending.cost.intervals import anchor, back, is_weeks, months_and_days

DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Period:
    """A period of so many months, half months (``semimonth``), weeks or days; ``year`` is twelve months."""

    unit: str
    count: int = 1

    @property
    def length(self) -> Fraction:
        """About how many days it has, for comparing periods with each other."""
        each = {"day": 1, "week": 7, "semimonth": 15, "month": DAYS_A_MONTH, "year": 365}[self.unit]
        return Fraction(each * self.count)

    @property
    def a_year(self) -> Fraction:
        """How many there are in a year, (b)(5)(ii) to (vi)."""
        whole = {"day": 365, "week": 52, "semimonth": 24, "month": 12, "year": 1}[self.unit]
        return Fraction(whole, self.count)

    @property
    def name(self) -> Words:
        """``month``, ``4 weeks``."""
        zh = {"day": "日", "week": "周", "semimonth": "半个月", "month": "个月", "year": "年"}[self.unit]
        if self.count == 1:
            return Words(self.unit, {"个月": "月", "半个月": "半月"}.get(zh, zh))
        return Words(f"{self.count} {self.unit}s", f"{self.count} {zh}")


YEAR = Period("year")


@dataclass(frozen=True)
class Transaction:
    """The days of a transaction: when the finance charge begins to be earned, and those of its advances and payments."""

    begins_on: date
    advances: tuple[date, ...]
    payments: tuple[date, ...]

    @property
    def anchor(self) -> int | None:
        """The day of the month on which the whole stands, or else its payments."""
        return anchor([self.begins_on, *self.payments]) or anchor(self.payments)

    def periods(self) -> list[tuple[date, date]]:
        """Every interval between advances or between payments, and that before the first of each, (b)(3)(i)."""
        found: list[tuple[date, date]] = []
        for series in (self.advances, self.payments):
            found += [each for each in pairwise((self.begins_on, *series)) if each[0] < each[1]]
        return found


def unit_period(transaction: Transaction) -> Period:
    """The unit-period of a transaction, (b)(4): its most frequent common period of at most a year, the smaller of two that are
    as frequent; without one, the average period, rounded to the nearest standard interval; of a single payment, its term."""
    at = transaction.anchor
    periods = transaction.periods()
    if len(periods) == 1:
        return _term(*periods[0], at)
    counted = Counter(each for begins, ends in periods for each in _readings(begins, ends, at))
    halves = _semimonths(transaction)
    if halves:
        counted[Period("semimonth")] = halves
    common = [each for each, times in counted.items() if times > 1 and each.length <= YEAR.length]
    if common:
        return _as_year(max(common, key=lambda each: (counted[each], -each.length)))
    days = sum((ends - begins).days for begins, ends in periods)
    return _standard(Fraction(days, len(periods)))


def _readings(begins: date, ends: date, at: int | None) -> list[Period]:
    """What an interval may be called: February's 28 days are a month and four weeks."""
    months, days = months_and_days(begins, ends, at)
    found = [Period("month", months)] if months and not days else []
    if is_weeks(begins, ends):
        found.append(Period("week", (ends - begins).days // 7))
    return found or [Period("day", (ends - begins).days)]


def _semimonths(transaction: Transaction) -> int:
    """How many intervals between payments are half months: every second payment is a month after the one before it, and
    those between lie 13 to 18 days apart."""
    days = transaction.payments
    gaps = [(ends - begins).days for begins, ends in pairwise(days)]
    if len(days) < 3 or not all(13 <= gap <= 18 for gap in gaps) or not any(gap % 7 for gap in gaps):
        return 0
    for series in (days[::2], days[1::2]):
        at = anchor(series)
        if any(months_and_days(begins, ends, at) != (1, 0) for begins, ends in pairwise(series)):
            return 0
    return len(days)


def _term(begins: date, ends: date, at: int | None) -> Period:
    """The term of a single advance and a single payment, at most a year, (b)(4)(ii)."""
    months, days = months_and_days(begins, ends, at)
    if months >= 12:
        return YEAR
    return Period("month", months) if not days else Period("day", (ends - begins).days)


def _as_year(period: Period) -> Period:
    return YEAR if period == Period("month", 12) else period


STANDARD = sorted(
    [Period("day"), Period("semimonth"), YEAR, *(Period("week", n) for n in range(1, 53))]
    + [Period("month", n) for n in range(1, 12)],
    key=lambda each: each.length,
)


def _standard(days: Fraction) -> Period:
    """The nearest standard interval, the lower of two that are as near, (b)(4)(i)(B)."""
    return min(STANDARD, key=lambda each: (abs(each.length - days), each.length))


def count(period: Period, begins: date, ends: date, at: int | None) -> tuple[int, Fraction]:
    """Full unit-periods and the fraction of one between two days, (b)(5)."""
    if period.unit in ("day", "week"):
        return _divided((ends - begins).days, int(period.length))
    months, days = months_and_days(begins, ends, at)
    if period.unit == "year":
        return _years(months, days, begins, ends, at)
    if period == Period("month"):
        return months, Fraction(days, DAYS_A_MONTH)
    return _divided(DAYS_A_MONTH * months + days, int(period.length))


def _divided(days: int, length: int) -> tuple[int, Fraction]:
    return days // length, Fraction(days % length, length)


def _years(months: int, days: int, begins: date, ends: date, at: int | None) -> tuple[int, Fraction]:
    """Full years counted back; what is left in months over 12 where it is whole months, else in days over 365, (b)(5)(v)."""
    years, left = divmod(months, 12)
    if not days:
        return years, Fraction(left, 12)
    return years, Fraction((back(ends, 12 * years, at) - begins).days, 365)


def advances_and_payments(net: Sequence[tuple[date, int]]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days on which money goes out, and those on which it comes back."""
    return tuple(day for day, minor in net if minor > 0), tuple(day for day, minor in net if minor < 0)
