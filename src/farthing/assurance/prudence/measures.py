"""Own the arithmetic of prudence: coverage, liquidity of the small and of the large, PEARLS, portfolio at risk. Pure and exact.

Shapes: minor units as ``int``, parts as exact ``Fraction``; ``None`` where the whole is nothing: nothing is divided by it.
Sources:
Basel III liquidity (BCBS 238, 295) as the Chinese rules of 2018 take them over; WOCCU's PEARLS; CGAP (2003) on portfolio at risk.
Never reads anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

INFLOW_CAP = Fraction(3, 4)
"""What comes in counts up to three quarters of what goes out (BCBS 238, paragraph 69)."""


def part(of: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """A part of a whole; none of nothing."""
    return Fraction(of) / Fraction(whole) if whole else None


def coverage_ratio(hqla: int, goes_out: Fraction | int, comes_in: Fraction | int) -> Fraction | None:
    """Liquid assets of high quality over what goes out net within thirty days (LCR; BCBS 238)."""
    net = Fraction(goes_out) - min(Fraction(comes_in), INFLOW_CAP * Fraction(goes_out))
    return part(hqla, net)


def weighed(sums: Mapping[str, int], weights: Mapping[str, Fraction]) -> Fraction:
    """Sums by their weights; a group without one counts for nothing."""
    return sum((weights.get(name, Fraction(0)) * minor for name, minor in sums.items()), Fraction(0))


def stable_funding_ratio(
    funding: Iterable[tuple[int, Fraction]], need: Iterable[tuple[int, Fraction]]
) -> Fraction | None:
    """Stable funding that is there over the one that is needed (NSFR; BCBS 295): each sum with its weight."""
    there = sum((minor * weight for minor, weight in funding), Fraction(0))
    needed = sum((minor * weight for minor, weight in need), Fraction(0))
    return part(there, needed)


def at_risk(balances: Sequence[tuple[int, int]], over: int) -> int:
    """The whole balance of loans of which any instalment is later than ``over`` days (CGAP 2003): (balance, days past due)."""
    return sum(balance for balance, days in balances if days > over)


def set_aside(by_class: Sequence[int], rates: Sequence[Fraction]) -> Fraction:
    """What a table asks to be set aside: the balance of each of the five classes by its rate."""
    return sum((minor * rate for minor, rate in zip(by_class, rates, strict=True)), Fraction(0))
