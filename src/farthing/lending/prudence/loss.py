"""Own expected loss: what will be owed at default, times its probability, times the part that is not recovered. Pure.

The loss of a month is reckoned on what is owed at its beginning and discounted from its end at the loan's own rate. Sums are
whole numbers over powers of :data:`~farthing.lending.prudence.rolls.WHOLE` and are rounded once, to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from farthing.kit.rates import round_ratio
from farthing.lending.prudence.rolls import WHOLE, YEAR
from farthing.products.prudence import ExpectedLoss, Reserve

MOST_MONTHS = 360


def discounts(annual: Decimal, months: int) -> list[int]:
    """What one at the end of each month is worth now, as parts of ``WHOLE``: a twelfth of the rate a month."""
    month = 1 + Fraction(annual) / YEAR
    found, factor = [], Fraction(1)
    for _ in range(months):
        factor = Fraction(int(factor / month * WHOLE), WHOLE)
        found.append(int(factor * WHOLE))
    return found


def weights(curve: Sequence[int], discount: Sequence[int]) -> list[int]:
    """What each unit that is owed at a month's beginning adds to the loss: the probability that default comes in the month,
    discounted, over ``WHOLE`` squared."""
    earlier = (0, *curve[:-1])
    return [(now - then) * worth for now, then, worth in zip(curve, earlier, discount, strict=True)]


def horizon(ahead: Sequence[tuple[int, int]]) -> int:
    """How many months a loan will still live: until its last instalment, a year at least, since what is late stays."""
    return min(max(ahead[-1][0] if ahead else 0, YEAR), MOST_MONTHS)


def exposures(own: int, ahead: Iterable[tuple[int, int]], months: int) -> list[int]:
    """What will be owed at the beginning of each month: all of it now, less what falls due in the months before.

    What is late already stays owed: it is the borrower who does not pay of whom this speaks.
    """
    falling = [0] * months
    for month, minor in ahead:
        if month < months:
            falling[month] += minor
    found = []
    for minor in falling:
        own = max(own - minor, 0)
        found.append(own)
    return found


def expected(owed: Sequence[int], weighed: Sequence[int], lost: Fraction) -> int:
    """The loss to be expected in minor units, of what is owed month by month; half a unit is rounded up."""
    whole = sum(one * weight for one, weight in zip(owed, weighed, strict=False))
    return round_ratio(whole * lost.numerator, WHOLE * WHOLE * lost.denominator, "half_up")


def impaired(own: int, lost: Fraction) -> int:
    """The loss of what is in default already: all of it, but what will be recovered."""
    return round_ratio(own * lost.numerator, lost.denominator, "half_up")


@dataclass(frozen=True, slots=True)
class Lost:
    """Which part of a default is lost. ``cases``: defaults of our own behind it; ``thin``: fewer than the law asks for."""

    part: Fraction
    cases: int
    thin: bool


def lost(law: ExpectedLoss, cases: int, owed: int, recovered: int) -> Lost:
    """The part of a default that is lost: ours, beside which the law's weighs as much as ``cases_min`` defaults.

    ``owed``: what was owed when each came into default; ``recovered``: what was paid of it within the time for it,
    discounted to that day. Only defaults whose time has passed count: what may still be paid is not lost yet.
    """
    weight = Fraction(law.cases_min)
    ours = 1 - Fraction(min(recovered, owed), owed) if owed else Fraction(0)
    count = cases if owed else 0
    part = (count * ours + weight * Fraction(law.lost)) / (count + weight)
    return Lost(max(part, Fraction(law.lost_min)), count, count < law.cases_min)


def least(reserve: Reserve | None, loans: int, bad: int) -> int:
    """The least allowance by the regulator's table in minor units: of all loans, or of the bad ones, whichever is more."""
    if reserve is None:
        return 0
    asked = max(Fraction(reserve.of_loans) * loans, Fraction(reserve.of_bad) * bad)
    return round_ratio(asked.numerator, asked.denominator, "up")
