"""Answer whether the newest checkpoint covers leaves: what it covers was signed, and is told to nobody otherwise. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.evidence import store
from farthing.evidence.model import Checkpoint, Leaf
from farthing.kit.ids import parse_prefixed


def covered_by(tx: Tx, found: Leaf) -> Checkpoint | None:
    """The newest checkpoint, where it covers a leaf; none while it does not."""
    made = store.checkpoint(tx)
    return made if made is not None and found.name in covered(tx, [found.name], made) else None


def covered(tx: Tx, leaf_ids: Sequence[str], made: Checkpoint | None = None) -> frozenset[str]:
    """Which of some leaves the newest checkpoint, or the one ``made``, covers."""
    made = made or store.checkpoint(tx)
    size, idents = made.size if made else 0, {parse_prefixed("leaf", each): each for each in leaf_ids}
    return frozenset(idents[each] for each, position in store.positions(tx, list(idents)).items() if position < size)
