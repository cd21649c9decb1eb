"""Answer whether what a receivable stands on binds: its confirmation, and each transfer by which somebody holds a piece.

While one of them is contested nothing is done on it; of one that was ended (a contest was upheld) nothing is done any more.
Nothing is kept of that beside the contracts: it is read of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.signing.agreements import ending_service as ending
from farthing.signing.contests import service as contests
from farthing.supply import refusals, rules, store
from farthing.supply.model import Receivable


@dataclass(frozen=True, slots=True)
class Standing:
    """Of some receivables: the contract of each transfer behind a piece, and which contracts are contested or ended."""

    contracts: dict[str, str]
    contested: frozenset[str]
    ended: frozenset[str]

    def unsettled(self, found: Receivable) -> bool:
        """Whether the confirmation itself is contested or ended: nothing of it moves."""
        return found.agreement_id in self.contested | self.ended

    def waits(self, found: Receivable) -> frozenset[int]:
        """The pieces that somebody holds by a transfer that is contested or ended."""
        disputed = self.contested | self.ended
        return frozenset(
            piece.number for piece in found.live if any(each in disputed for each in self.behind(found, piece.number))
        )

    def behind(self, found: Receivable, number: int) -> list[str]:
        """The contracts of the transfers by which a piece is held."""
        return [self.contracts[each] for each in rules.transfers_behind(found, number) if each in self.contracts]


def standing(tx: Tx, some: Sequence[Receivable]) -> Standing:
    """How what some receivables stand on stands."""
    transfers = {piece.about for each in some for piece in each.pieces if piece.state == "passed"}
    contracts = {each.id: each.agreement_id for each in store.transfers(tx, sorted(transfers)).values()}
    every = sorted({*contracts.values(), *(each.agreement_id for each in some)})
    return Standing(contracts, frozenset(contests.contested(tx, every)), frozenset(ending.ended(tx, every)))


def check(tx: Tx, found: Receivable, *pieces: int) -> Standing:
    """Refuse ``signing.contested`` and ``supply.not_binding`` of a receivable, and of what pieces of it are held by."""
    now = standing(tx, [found])
    _check(tx, now, [found.agreement_id, *(each for number in pieces for each in now.behind(found, number))])
    return now


def _check(tx: Tx, now: Standing, contracts: Iterable[str]) -> None:
    for each in contracts:
        if each in now.ended:
            raise refusals.NOT_BINDING(agreement_id=each)
        if each in now.contested:
            contests.check_uncontested(tx, each)
