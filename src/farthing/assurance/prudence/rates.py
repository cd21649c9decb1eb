"""Own the change of economic value under six shocks of interest rates (BCBS 368, annex 2). Pure.

Cash flows are (years, minor units), assets above nought and liabilities below; discounting is continuous on a flat curve. A
shock adds
to the rate of each time: parallel up and down, short up and down, steeper, flatter. Figures in minor units, unrounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

BUCKETS = tuple(
    Decimal(each)
    for each in (
        "0.0028", "0.0417", "0.1667", "0.375", "0.625", "0.875", "1.25", "1.75", "2.5", "3.5", "4.5", "5.5", "6.5", "7.5", "8.5",
        "9.5", "12.5", "17.5", "25",
    )
)  # fmt: skip
"""Midpoints of the nineteen buckets, in years."""
EDGES = tuple(Decimal(each) for each in (
    "0.003", "0.0834", "0.25", "0.5", "0.75", "1", "1.5", "2", "3", "4", "5", "6", "7", "8", "9", "10", "15", "20",
))  # fmt: skip
"""Up to which time a bucket goes; the last goes on."""
Flow = tuple[Decimal, int]
_FADES = Decimal(4)


@dataclass(frozen=True, slots=True)
class Shocks:
    """How far rates move, as yearly parts: ``Decimal("0.0225")`` is 225 basis points."""

    parallel: Decimal
    short: Decimal
    long: Decimal


def bucketed(flows: Iterable[Flow]) -> list[Flow]:
    """Flows at the midpoints of their buckets."""
    sums = [0] * len(BUCKETS)
    for years, minor in flows:
        sums[next((place for place, edge in enumerate(EDGES) if years <= edge), len(EDGES))] += minor
    return [(years, minor) for years, minor in zip(BUCKETS, sums, strict=True) if minor]


def value(flows: Iterable[Flow], rate: Decimal, shock: Callable[[Decimal], Decimal]) -> Decimal:
    """The present value of flows on a flat curve, moved by a shock."""
    return sum((Decimal(minor) * (-(rate + shock(years)) * years).exp() for years, minor in flows), Decimal(0))


def moves(size: Shocks) -> Mapping[str, Callable[[Decimal], Decimal]]:
    """The six shocks by name: what each adds to the rate of a time in years."""

    def fading(years: Decimal) -> Decimal:
        return (-years / _FADES).exp()

    def short(years: Decimal) -> Decimal:
        return size.short * fading(years)

    def long(years: Decimal) -> Decimal:
        return size.long * (1 - fading(years))

    return {
        "parallel_up": lambda _: size.parallel,
        "parallel_down": lambda _: -size.parallel,
        "steeper": lambda years: Decimal("0.9") * long(years) - Decimal("0.65") * short(years),
        "flatter": lambda years: Decimal("0.8") * short(years) - Decimal("0.6") * long(years),
        "short_up": short,
        "short_down": lambda years: -short(years),
    }


def changes(flows: Iterable[Flow], rate: Decimal, size: Shocks) -> dict[str, Decimal]:
    """By how much each shock changes the economic value, in minor units: below nought is a loss."""
    known = list(flows)
    before = value(known, rate, lambda _: Decimal(0))
    return {name: value(known, rate, shock) - before for name, shock in moves(size).items()}


def worst(flows: Iterable[Flow], rate: Decimal, size: Shocks) -> Decimal:
    """The largest loss under any of the six, in minor units; nothing where none loses."""
    return max((-each for each in changes(flows, rate, size).values()), default=Decimal(0)).max(Decimal(0))
