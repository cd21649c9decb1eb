"""Own how a sum is split over who holds a loan, to the minor unit. Pure; 10,000 holders of one loan are ordinary.

What a holder has had is a function of what all of them have had, not of how it came: :func:`parts`. It sums to the whole, never
falls as the whole grows, and is the holder's principal once all principal is repaid. Who shares money out and who says which
part of a loan is ours go by this one rule, else the two would differ by a minor unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from farthing.kit.errors import InvariantBroken

MANY = 64
"""From so many holders on a level of halves is split at once, as columns: the same figures in a thirtieth of the time."""
WORD = 2**62
"""Products below it fit a machine word; others are split half by half, in whole numbers of any size."""


def parts(weights: Sequence[int], whole: int) -> list[int]:
    """Each holder's part of ``whole`` minor units: halves of the holders share by weight, rounded to the nearest (a tie to
    the earlier half), then halves of the halves.

    The largest remainder, which two holders cannot tell from this, may take from a third what it had: a sum that grows
    by one can lower a part (the Alabama paradox). Half of a list never loses as the whole grows, hence no holder does.
    """
    if not weights or min(weights) <= 0 or whole < 0:
        raise InvariantBroken(f"cannot split {whole} over {len(weights)} notes")
    if not whole:
        return [0] * len(weights)
    if len(weights) >= MANY and (2 * whole + 1) * sum(weights) < WORD:
        return _by_levels(weights, whole)
    return _by_halves(weights, whole)


def _by_halves(weights: Sequence[int], whole: int) -> list[int]:
    upto = [0, *accumulate(weights)]
    found = [0] * len(weights)
    rest = [(0, len(weights), whole, upto[-1])]
    while rest:
        start, end, amount, weight = rest.pop()
        if end - start == 1:
            found[start] = amount
        elif amount:
            middle = (start + end + 1) // 2
            first = upto[middle] - upto[start]
            given = (2 * amount * first + weight) // (2 * weight)
            rest.append((start, middle, given, first))
            rest.append((middle, end, amount - given, weight - first))
    return found


def _by_levels(weights: Sequence[int], whole: int) -> list[int]:
    """As :func:`_by_halves`, all halves of a level at once."""
    upto = np.zeros(len(weights) + 1, dtype=np.int64)
    np.cumsum(np.asarray(weights, dtype=np.int64), out=upto[1:])
    found = np.zeros(len(weights), dtype=np.int64)
    start, end, amount = np.array([0]), np.array([len(weights)]), np.array([whole], dtype=np.int64)
    while start.size:
        alone = end - start == 1
        found[start[alone]] = amount[alone]
        start, end, amount = start[~alone], end[~alone], amount[~alone]
        middle = (start + end + 1) // 2
        weight, first = upto[end] - upto[start], upto[middle] - upto[start]
        given = (2 * amount * first + weight) // (2 * weight)
        start, end = np.concatenate((start, middle)), np.concatenate((middle, end))
        amount = np.concatenate((given, amount - given))
    answer: list[int] = found.tolist()
    return answer


def split(weights: Sequence[int], before: int, amount: int) -> list[int]:
    """Each holder's part of ``amount`` when ``before`` was split earlier: the difference of two wholes, so none drifts."""
    if not amount:
        return [0] * len(weights)
    return [
        later - earlier for earlier, later in zip(parts(weights, before), parts(weights, before + amount), strict=True)
    ]
