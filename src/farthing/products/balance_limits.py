"""Own the limits of a balance sheet: net capital beside assets, and what comes in beside what is asked back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class CapitalRatio:
    """The least net capital, as a part of what the bank has, each group of accounts by its weight; and its article.

    ``weights``: by the first two words of the accounts' paths, from 0 to 12.5; what no line names counts in full.
    """

    value: Decimal
    weights: Mapping[str, Decimal]
    article: Words


@dataclass(frozen=True, slots=True)
class Leverage:
    """The least net capital as a part of all that the bank has, but what stands ``apart`` because it is not its own (what
    pooled funds own); and its article."""

    value: Decimal
    apart: tuple[str, ...]
    article: Words


LADDER_DAYS = (7, 30, 90, 365)
"""Within how many days what comes in and goes out is counted."""


@dataclass(frozen=True, slots=True)
class Liquidity:
    """The least that must come in within so many ``days`` (of ``LADDER_DAYS``) beside what may be asked back by then, and its
    article: a part of it, or, of a gap, the difference as a part of what comes in (below zero: so much more may go out).

    ``stays``: which part of what is owed on demand is not asked back in that time, by behaviour; nought counts by contract.
    """

    value: Decimal
    days: int
    stays: Decimal
    article: Words
