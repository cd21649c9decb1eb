"""Own calibration by Venn and Abers: the probability of default that each score stands for, with the two it lies between. Pure.

Of people whose scores come from models that did not see them, an isotonic regression is made twice for a score: once as if one
more person with it were good, once as if bad (Vovk and Petej 2012). The two bound the probability, and it lies between them as if
the one more were as bad as everybody is: where bad ones are rare, the usual mixture would count one of two as bad. Since scores
are whole, this is a table.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from farthing.credit.models.artefact import Chance
from farthing.credit.models.model import Floats, Whole
from farthing.credit.training.metrics import Outcomes

_PLACES = Decimal("0.0001")
LEAST = Decimal("0.0001")


def chances(scores: Whole, bad: Outcomes, weight: Floats) -> tuple[Chance, ...]:
    """The probability of every score from the lowest to the highest that was met; beyond them the last one holds."""
    values, inverse = np.unique(scores, return_inverse=True)
    rows: Floats = np.bincount(inverse, weights=weight).astype(np.float64)
    bads: Floats = np.bincount(inverse, weights=weight * bad).astype(np.float64)
    tried = np.unique(np.concatenate([values, values[:-1] + 1]))
    rate = float(bads.sum() / rows.sum())
    found: list[Chance] = []
    for score in tried.tolist():
        low, high = (_isotonic(values, rows, bads, score, outcome) for outcome in (0, 1))
        chance = low + rate * (high - low)
        at = [_places(each) for each in (chance, low, high)]
        if found and at[0] >= found[-1].probability:  # rounding must not turn the order
            at[0] = found[-1].probability
        if not found or at != [found[-1].probability, found[-1].low, found[-1].high]:
            found.append(Chance(score, at[0], at[1], at[2]))
    return tuple(found)


def _isotonic(values: Whole, rows: Floats, bads: Floats, score: int, outcome: int) -> float:
    """What an isotonic regression, falling in the score, says of a score when one more person with it had this outcome."""
    place = int(np.searchsorted(values, score))
    if place < len(values) and values[place] == score:
        rows, bads = rows.copy(), bads.copy()
        rows[place] += 1
        bads[place] += outcome
    else:
        rows, bads = np.insert(rows, place, 1.0), np.insert(bads, place, float(outcome))
    blocks: list[list[float]] = []
    for at, (count, bad) in enumerate(zip(rows.tolist(), bads.tolist(), strict=True)):
        blocks.append([count, bad, float(at)])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][0] <= blocks[-1][1] * blocks[-2][0]:
            count, bad, last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + count, blocks[-1][1] + bad, last]
    block = next(each for each in blocks if place <= each[2])
    return block[1] / block[0]


def _places(value: float) -> Decimal:
    return min(max(Decimal(value).quantize(_PLACES), LEAST), 1 - LEAST)
