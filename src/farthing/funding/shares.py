"""Own ``Note`` and what of a flow each note is given. Pure; 10,000 holders of one loan are ordinary.

A note is a holder's claim on a loan from a day on, in minor units of principal not repaid then. The notes of the latest day
that has come are in force together. How a sum is split over them to the minor unit: :mod:`farthing.lending.held`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.lending.flows import Flow
from farthing.lending.held import parts, split
from farthing.lending.model import MARKETPLACE, OWN_BOOK, Loan
from farthing.lending.owed import Component

COMPONENTS: tuple[Component, ...] = ("interest", "principal", "penalty", "fee")


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


def of_lenders_too(loan: Loan) -> bool:
    """Whether lenders of the marketplace fund a part of a loan."""
    return any(holder.name == MARKETPLACE for holder in loan.holders)


def in_force(notes: Iterable[Note], on: date) -> list[Note]:
    """The notes of a loan in force on a day, in their order; a broken invariant where there are none."""
    begun = [note for note in notes if note.from_on <= on]
    if not begun:
        raise InvariantBroken(f"nobody holds the loan on {on}")
    latest = max(note.from_on for note in begun)
    return [note for note in begun if note.from_on == latest]


def given_up_before(flows: Iterable[Flow], flow: Flow) -> bool:
    """Whether the loan had left our books when something moved: what comes then is recovered."""
    return any(each.kind == "given_up" and each.number < flow.number for each in flows)


def own_claims(notes: Sequence[Note], flows: Iterable[Flow]) -> tuple[int, int]:
    """What is left of our principal and of our interest that fell due, by the notes in force and what moved since they began;
    nothing once the loan was given up."""
    moved = [flow for flow in flows if flow.on >= notes[0].from_on]
    if any(flow.kind == "given_up" for flow in moved):
        return 0, 0
    weights = [note.principal.minor for note in notes]

    def own(kind: str, component: str) -> int:
        whole = sum(getattr(flow, component).minor for flow in moved if flow.kind == kind)
        return sum(part for note, part in zip(notes, parts(weights, whole), strict=True) if note.holder == OWN_BOOK)

    note = sum(each.principal.minor for each in notes if each.holder == OWN_BOOK)
    return note - own("repaid", "principal"), own("recognised", "interest") - own("repaid", "interest")


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


def came_to_lenders(notes: Sequence[Note], flows: Iterable[Flow]) -> dict[int, dict[Component, int]]:
    """By number of each flow, and component, what it brought all lenders of the marketplace together; ``flows`` as they came."""
    weights = [note.principal.minor for note in notes]
    at = next(place for place, note in enumerate(notes) if note.holder == MARKETPLACE)
    whole: dict[tuple[str, Component], int] = {}
    had: dict[tuple[str, Component], int] = {}
    found: dict[int, dict[Component, int]] = {}
    for flow in flows:
        found[flow.number] = {}
        for name in COMPONENTS:
            key = flow.kind, name
            whole[key] = whole.get(key, 0) + getattr(flow, name).minor
            now = parts(weights, whole[key])[at]
            found[flow.number][name] = now - had.get(key, 0)
            had[key] = now
    return found


def of_lenders(notes: Sequence[Note], flows: Iterable[Flow], kind: str, upto: int) -> dict[Component, int]:
    """By component what all lenders of the marketplace together have had of the flows of a kind up to a number."""
    moved = [flow for flow in flows if flow.kind == kind and flow.number <= upto]
    weights = [note.principal.minor for note in notes]
    at = next(place for place, note in enumerate(notes) if note.holder == MARKETPLACE)
    return {name: parts(weights, sum(getattr(flow, name).minor for flow in moved))[at] for name in COMPONENTS}
