"""Own how a sum is split over who holds a loan, to the minor unit. Pure; 10,000 holders of one loan are ordinary.

What a holder has had is a function of what all of them have had, not of how it came: :func:`parts`. It sums to the whole, never
falls as the whole grows, and is the holder's principal once all principal is repaid. Who shares money out and who says which
part of a loan is ours go by this one rule, else the two would differ by a minor unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from farthing.kit.errors import InvariantBroken


def parts(weights: Sequence[int], whole: int) -> list[int]:
    """Each holder's part of ``whole`` minor units: halves of the holders share by weight, rounded to the nearest (a tie to
    the earlier half), then halves of the halves.

    The largest remainder, which two holders cannot tell from this, may take from a third what it had: a sum that grows
    by one can lower a part (the Alabama paradox). Half of a list never loses as the whole grows, hence no holder does.
    """
    if not weights or min(weights) <= 0 or whole < 0:
        raise InvariantBroken(f"cannot split {whole} over {len(weights)} notes")
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


def split(weights: Sequence[int], before: int, amount: int) -> list[int]:
    """Each holder's part of ``amount`` when ``before`` was split earlier: the difference of two wholes, so none drifts."""
    if not amount:
        return [0] * len(weights)
    return [
        later - earlier for earlier, later in zip(parts(weights, before), parts(weights, before + amount), strict=True)
    ]
