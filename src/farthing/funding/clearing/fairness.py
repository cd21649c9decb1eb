"""Own what is published of how fairly a batch cleared. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from farthing.funding.clearing.envy import Envy
from farthing.funding.clearing.filled import poured
from farthing.funding.clearing.model import Cleared

MILLION = 10**6
STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Fairness:
    """``gini`` of the parts that mandates were given of what they asked for: 0 where all got the same part, near 1 where one got
    all. ``parts``: the lowest, the median (the lower of two) and the highest, in millionths rounded down. ``envied``: listings of
    which somebody who was given less of what he asked for would take a note of one who was given more; none under the usual
    rule."""

    mandates: int
    gini: Decimal
    parts: tuple[Decimal, Decimal, Decimal]
    envied: int


def gini(parts: Iterable[int]) -> Decimal:
    """Gini's coefficient of whole amounts that are not below zero, to six places; of nothing, and where all are nothing, zero."""
    ordered = sorted(parts)
    count, total = len(ordered), sum(ordered)
    if not total:
        return Decimal(0)
    ranked = sum(rank * part for rank, part in enumerate(ordered, start=1))
    return (Decimal(2 * ranked) / (count * total) - Decimal(count + 1) / count).quantize(STEP)


def fairness(cleared: Cleared) -> Fairness:
    """What a batch's fills say, by themselves: nothing is taken over from how they were found."""
    pouring = poured(cleared)
    asking = np.flatnonzero(pouring.columns.wants > 0)
    parts = sorted((pouring.filled[asking] * MILLION // pouring.columns.wants[asking]).tolist()) or [0]
    low, middle, high = (each * STEP for each in (parts[0], parts[(len(parts) - 1) // 2], parts[-1]))
    envy = Envy(pouring)
    envied = sum(envy.of(number) for number in range(len(pouring.held)))
    return Fairness(len(asking), gini(parts), (low, middle, high), envied)
