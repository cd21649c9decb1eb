"""Own what is published of how fairly a batch cleared. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from farthing.funding.clearing.columns import Columns
from farthing.funding.clearing.model import Cleared
from farthing.funding.clearing.pouring import Pouring


@dataclass(frozen=True, slots=True)
class Fairness:
    """``gini`` of the parts that mandates were given of what they asked for: 0 where all got the same part, near 1 where one got
    all. ``parts``: the lowest, the median and the highest. ``envied``: listings of which somebody who was given less of what he
    asked for would take a note of one who was given more; none under the usual rule."""

    mandates: int
    gini: float
    parts: tuple[float, float, float]
    envied: int


def gini(parts: Sequence[float]) -> float:
    """Gini's coefficient of amounts that are not below zero; of nothing, and where all are nothing, zero."""
    ordered = np.sort(np.asarray(parts, np.float64))
    total = float(ordered.sum())
    if not len(ordered) or total == 0:
        return 0.0
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * (ranks * ordered).sum()) / (len(ordered) * total) - (len(ordered) + 1) / len(ordered))


def fairness(cleared: Cleared) -> Fairness:
    """What a batch's fills say, by themselves: nothing is taken over from how they were found."""
    listings = sorted(cleared.batch.listings, key=lambda each: each.id)
    pouring = Pouring(Columns(cleared.batch, listings))
    begins = np.searchsorted(cleared.of_listing, np.arange(len(listings) + 1))
    for number in range(len(listings)):
        piece = slice(begins[number], begins[number + 1])
        pouring.give(number, cleared.of_mandate[piece], cleared.by_fill[piece])
    pouring.sort()
    asking = pouring.asking
    parts = pouring.filled[asking] / pouring.columns.wants[asking]
    low, middle, high = (float(each) for each in np.quantile(parts, (0, 0.5, 1))) if len(parts) else (0.0, 0.0, 0.0)
    envied = sum(pouring.envied(number) for number in range(len(listings)))
    return Fairness(len(asking), gini(parts.tolist()), (low, middle, high), envied)
