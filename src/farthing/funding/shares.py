"""Own ``Note`` and how a sum is split over notes, to the minor unit. Pure; 10,000 holders of one loan are ordinary.

A note is a holder's claim on a loan from a day on, in minor units of principal not repaid then. The notes of the latest day
that has come are in force together. What a holder has had is a function of what all of them have had, not of how it came:
:func:`parts`. It sums to the whole, never falls as the whole grows, and is the note's principal once all principal is repaid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.lending.flows import Flow
from farthing.lending.model import Loan

COMPONENTS = ("interest", "principal", "penalty", "fee")


@dataclass(frozen=True, slots=True)
class Note:
    """A holder's claim on a loan: ``principal`` is what of it was not repaid on the day ``from_on``, when the note began."""

    loan_id: str
    holder: str
    from_on: date
    principal: Money


def issued(loan: Loan, on: date) -> list[Note]:
    """The notes of a loan that is paid out on a day: one for each holder, in the order of its contract."""
    return [Note(loan.id, holder.name, on, holder.share) for holder in loan.holders]


def in_force(notes: Iterable[Note], on: date) -> list[Note]:
    """The notes of a loan in force on a day, in their order; a broken invariant where there are none."""
    begun = [note for note in notes if note.from_on <= on]
    if not begun:
        raise InvariantBroken(f"nobody holds the loan on {on}")
    latest = max(note.from_on for note in begun)
    return [note for note in begun if note.from_on == latest]


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


def shares(notes: Sequence[Note], flows: Iterable[Flow], flow: Flow) -> Mapping[str, list[int]]:
    """By component each note's part of a flow, in minor units. ``notes`` are in force on its day, ``flows`` all of the loan.

    What was split since these notes began counts as split earlier: holders of before had theirs.
    """
    weights, since = [note.principal.minor for note in notes], notes[0].from_on
    earlier = [each for each in flows if each.kind == flow.kind and each.number < flow.number and each.on >= since]
    return {
        name: split(weights, sum(getattr(each, name).minor for each in earlier), getattr(flow, name).minor)
        for name in COMPONENTS
    }
