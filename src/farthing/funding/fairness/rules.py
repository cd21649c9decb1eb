"""Decide what counts as fair, and how sure a rate of few loans is. Pure.

A default rate of few loans says little: beside each stands the interval of Wilson, in which the true rate lies 95 of 100 times
(E. B. Wilson, 1927; it holds for small numbers and for none at all).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.funding.fairness.model import Diversification, Drag, GradeRate
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

MONTHS = 36
"""Default rates are published of so many months (Regulation (EU) 2020/1503, art. 19 †)."""
SPREAD_FROM = 100
"""Over so many loans one lender's loss is hardly his own luck any more."""
_Z = Decimal("1.959964")
_DAY = 86_400
_STEP, _PART = Decimal("0.1"), Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Counted:
    """Loans of a grade as they are counted: ``expected`` to have failed by now; in which ``months`` (their first days) any was
    listed."""

    grade: str
    loans: int
    given_up: int
    expected: Decimal
    months: Collection[date]


def since(today: date) -> date:
    """The first day of the first of the months that count: the month of today and those before it."""
    return add_months(today.replace(day=1), 1 - MONTHS)


def months(first: date, today: date) -> list[date]:
    """The first days of all months from a month's first day to today."""
    found = [first]
    while (following := add_months(first, len(found))) <= today:
        found.append(following)
    return found


def wilson(failed: int, of: int) -> tuple[Decimal, Decimal]:
    """Between which parts the true rate lies 95 of 100 times, where so many of so many failed."""
    part, square = Decimal(failed) / of, _Z * _Z
    middle, whole = part + square / (2 * of), 1 + square / of
    reach = _Z * (part * (1 - part) / of + square / (4 * of * of)).sqrt()
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return max(low, Decimal(0)).quantize(_PART), min(high, Decimal(1)).quantize(_PART)


def graded(grades: Sequence[str], counted: Sequence[Counted], first: date, today: date) -> tuple[GradeRate, ...]:
    """Each grade of the curve, the best first, and those that loans have and the curve has no more."""
    by_grade = {each.grade: each for each in counted}
    named = [*grades, *sorted(by_grade.keys() - set(grades))]
    every = months(first, today)
    return tuple(_graded(by_grade.get(each, Counted(each, 0, 0, Decimal(0), ())), every) for each in named)


def _graded(found: Counted, every: Sequence[date]) -> GradeRate:
    without = tuple(month for month in every if month not in found.months)
    expected = found.expected.quantize(Decimal("0.01"))
    if not found.loans:
        return GradeRate(found.grade, 0, 0, expected, None, None, None, None, surprising=False, without=without)
    valued = (found.expected / found.loans).quantize(_PART)
    least, most = wilson(found.given_up, found.loans)
    rate = (Decimal(found.given_up) / found.loans).quantize(_PART)
    return GradeRate(
        found.grade, found.loans, found.given_up, expected, rate, valued, least, most, not least <= valued <= most, without
    )  # fmt: skip


def drag(waited: Decimal, lent: int, offered: int, currency: str) -> Drag:
    """How long money waited: what was not lent from batch to batch (minor units times seconds) over what was lent at all. By
    Little's law that is how long a cent that was lent had waited on the average."""
    days = (waited / _DAY / lent).quantize(_STEP) if lent else None
    return Drag(days, Money(lent, currency), Money(offered, currency))


def spread(lenders: int, wide: int) -> Diversification:
    """How many lenders are spread widely."""
    share = (Decimal(wide) / lenders).quantize(_PART) if lenders else None
    return Diversification(lenders, wide, SPREAD_FROM, share)


def four(value: Decimal | None) -> Decimal | None:
    """A figure to four places."""
    return None if value is None else value.quantize(_PART)
