"""Own ``MarketFairness``: how evenly batches gave, how long money waited, how many lenders are spread, and whether as many loans
failed as was expected. Never kept: derived from what is kept of batches, listings and fills. It names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Evenness:
    """Batches of a while: how many, Gini's coefficient of their parts on the mean and the greatest, and how often a lender would
    have taken a note of another."""

    batches: int
    gini_mean: Decimal | None
    gini_most: Decimal | None
    envied: int


@dataclass(frozen=True, slots=True)
class Drag:
    """How long money under mandates waited, weighted by money: ``days`` that what was lent had waited on the average, none where
    nothing was lent. ``lent``: of what was ``offered`` in batches, an amount once in each."""

    days: Decimal | None
    lent: Money
    offered: Money


@dataclass(frozen=True, slots=True)
class Diversification:
    """Lenders who have anything out, and those of them who have it in ``spread_from`` loans or more."""

    lenders: int
    wide: int
    spread_from: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class GradeRate:
    """Loans of a grade that lenders funded in the last 36 months: of ``loans`` so many were ``given_up``, and ``expected`` were
    by their valuations to this day. ``rate`` and ``valued`` are parts of loans; the true rate lies between ``least`` and ``most``
    (95 of 100 times); ``surprising``: what was expected does not lie there. ``without``: months in which none was listed."""

    grade: str
    loans: int
    given_up: int
    expected: Decimal
    rate: Decimal | None
    valued: Decimal | None
    least: Decimal | None
    most: Decimal | None
    surprising: bool
    without: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class MarketFairness:
    """All of it, from the day ``since`` to today."""

    since: date
    today: date
    evenness: Evenness
    drag: Drag
    spread: Diversification
    grades: tuple[GradeRate, ...]
