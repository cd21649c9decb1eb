"""Own the proof: each bank's requirement beside its own word, to the fen; one bank's excess covers no other's shortfall. Pure.

Here the two sides meet, and nowhere else. A pool that is equal proves nothing: no sum over banks is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from farthing.assurance.clientmoney.requirement import Required
from farthing.assurance.clientmoney.resource import Confirmed
from farthing.payments.reconciling.matching import Compared, Difference, Kind

State = Literal["covered", "short", "excess", "unconfirmed"]
Class = Literal["timing", "missing", "amount", "unknown"]
CLASSES: Mapping[Kind, Class] = {
    "timing": "timing", "wrong_day": "timing", "missing_there": "missing", "missing_here": "missing", "amount": "amount",
    "currency": "amount", "duplicate": "unknown", "taken_back": "unknown", "unknown": "unknown",
}  # fmt: skip
"""What a difference of two statements is called in a proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One bank and currency: what must lie there, what it confirmed, what is on its way there and counts by policy."""

    bank: str
    currency: str
    required: int
    confirmed: int
    unplaced: int
    doubted: tuple[Confirmed, ...]

    @property
    def difference(self) -> int:
        """More than nothing is an excess to take out, less a shortfall to pay in."""
        return self.confirmed + self.unplaced - self.required

    @property
    def state(self) -> State:
        """A bank with an account that it did not confirm is never covered, even where its other accounts hold enough."""
        if self.doubted:
            return "unconfirmed"
        if self.difference:
            return "short" if self.difference < 0 else "excess"
        return "covered"


def prove(
    required: Iterable[Required], confirmed: Iterable[Confirmed], unplaced: Mapping[tuple[str, str], int]
) -> tuple[Proof, ...]:
    """Each bank that must hold something or has an account for it. ``unplaced``: by bank and currency what was received and is
    still to be paid in there, where the policy lets it count; else nothing."""
    needs = {(each.bank, each.currency): each.minor for each in required}
    told: dict[tuple[str, str], list[Confirmed]] = {}
    for each in confirmed:
        told.setdefault((each.custody.bank, each.custody.currency), []).append(each)
    return tuple(
        Proof(
            *place,
            needs.get(place, 0),
            sum(each.minor for each in told.get(place, ())),
            unplaced.get(place, 0),
            tuple(each for each in told.get(place, ()) if each.doubt),
        )
        for place in sorted(needs.keys() | told.keys())
    )


def breaks(compared: Compared) -> tuple[tuple[Class, Difference], ...]:
    """Each line that a statement and our account do not tell alike, with its class."""
    return tuple((CLASSES[each.kind], each) for each in compared.differences)
