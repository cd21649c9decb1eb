"""Own what the balances of an account tell: how low, how even, which way. Pure.

A day ends with the last balance that a statement names; a day without a row ends as the one before. Days before the first known
balance are unknown and count for nothing; a window of which fewer than ``LEAST_DAYS`` are known is missing, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from farthing.credit.features import LONGEST_MONTHS, Feature, ratio, spread
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

LEAST_DAYS = 90
RECENT_DAYS = 90
NEARLY_EMPTY = 10
"""A day ended nearly empty with less than one such part of a usual month's income."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account held after a movement, in minor units; below zero where it was overdrawn."""

    on: date
    minor: int


def daily(balances: Iterable[Balance], since: date, until: date) -> tuple[int, ...]:
    """The balance at the end of each day, from the first known one to ``until``; at most the latest ``LONGEST_MONTHS``.

    Balances of one day stand in the order in which they came to be.
    """
    first = max(since, add_months(until + timedelta(days=1), -LONGEST_MONTHS))
    ends: dict[date, int] = {}
    for each in sorted(balances, key=lambda one: one.on):
        if each.on <= until:
            ends[max(each.on, first)] = each.minor
    if not ends:
        return ()
    day, known, levels = min(ends), 0, list[int]()
    while day <= until:
        known = ends.get(day, known)
        levels.append(known)
        day += timedelta(days=1)
    return tuple(levels)


def balance_features(levels: tuple[int, ...], usual: int, currency: str) -> tuple[Feature, ...]:
    """Every figure of the balances; ``usual``: a usual month's income, in minor units."""
    months = len(levels) // 30

    def figure(name: str, value: Decimal | None, minor: int | None = None) -> Feature:
        return Feature(name, value, months, len(levels), None if minor is None else Money(minor, currency))

    def lowest(days: int) -> Feature:
        seen = levels[-days:]
        low = min(seen, default=0)
        return figure(f"balance_lowest_{days}d", ratio(low, usual) if _known(levels) else None, low if seen else None)

    def varied(days: int) -> Feature:
        seen = levels[-days:]
        whole = sum(seen)
        known = spread(len(seen), whole, sum(each * each for each in seen)) if _known(levels) and whole > 0 else None
        return figure(f"balance_variation_{days}d", known)

    recent, half = levels[-RECENT_DAYS:], levels[-180:]
    known = _known(levels)
    low = sum(NEARLY_EMPTY * each < usual for each in half)
    return (
        lowest(90),
        lowest(180),
        figure("balance_mean_90d", ratio(sum(recent), usual * len(recent)) if known else None),
        varied(180),
        varied(365),
        figure("balance_trend", _trend(levels)),
        figure("low_balance_days_180d", ratio(low, len(half)) if known and usual > 0 else None),
        figure("overdrawn_days_180d", ratio(sum(each < 0 for each in half), len(half)) if known else None),
    )


def _known(levels: tuple[int, ...]) -> bool:
    return len(levels) >= LEAST_DAYS


def _trend(levels: tuple[int, ...]) -> Decimal | None:
    """Mean of the last ``RECENT_DAYS`` less the mean before, as a part of the latter; none below twice as many days."""
    if len(levels) < 2 * RECENT_DAYS:
        return None
    late, early = sum(levels[-RECENT_DAYS:]), sum(levels[:-RECENT_DAYS])
    before = len(levels) - RECENT_DAYS
    return ratio(late * before - early * RECENT_DAYS, early * RECENT_DAYS)
