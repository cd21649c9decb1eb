"""Decide what one side of a receivable sees of it: what it holds or held, whence that came, and to whom it went. Pure.

A supplier far down a chain learns nothing of its neighbours' dealings, and who owes it learns to whom, but not who borrows on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from farthing.supply.model import EventTold, Piece, Receivable

PRIVATE = frozenset({"offered", "taken_back", "pledged", "released"})
"""What concerns the holder of a piece alone."""


def pieces(found: Receivable, party_id: str) -> frozenset[int]:
    """The numbers of the pieces that a side sees: the debtor all; another its own, what they came of, and what came of them."""
    if party_id == found.debtor:
        return frozenset(each.number for each in found.pieces)
    parents = {each.number: each.parent for each in found.pieces}
    own = {each.number for each in found.pieces if each.holder == party_id}
    sees = own | {number for number, parent in parents.items() if parent in own}
    for number in own:
        while number := parents.get(number, 0):
            sees.add(number)
    return frozenset(sees)


def seen(found: Receivable, party_id: str) -> Receivable:
    """A receivable as a side sees it; of another's piece, whether it is free, offered or pledged is not told."""
    sees = pieces(found, party_id)
    return replace(found, pieces=tuple(_piece(each, party_id) for each in found.pieces if each.number in sees))


def _piece(each: Piece, party_id: str) -> Piece:
    if each.holder == party_id:
        return each
    return replace(each, about="", state="held" if each.live else each.state)


def events(found: Receivable, happened: Iterable[EventTold], party_id: str) -> tuple[EventTold, ...]:
    """What a side is told of what happened: all of its own pieces; of others that it sees, who came to hold how much."""
    own = {each.number for each in found.pieces if each.holder == party_id}
    sees = pieces(found, party_id) | {0}
    told = (each for each in happened if each.piece in own or (each.piece in sees and each.kind not in PRIVATE))
    return tuple(each if each.piece in own or each.party_id == party_id else replace(each, about="") for each in told)
