"""Answer for a set of entries by their ids, for those who read them off the evidence log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from farthing.db.tx import Tx
from farthing.ledger.model import Posted
from farthing.ledger.reading import store


def of_kinds(tx: Tx, keys: Sequence[UUID], kinds: Collection[str]) -> list[Posted]:
    """Those of the entries that are of certain kinds, in the order in which they are named: the kinds are asked first, for
    most of a batch are of none."""
    known = store.kinds_of(tx, keys)
    return store.entries_by_id(tx, [key for key in keys if known.get(key) in kinds])
