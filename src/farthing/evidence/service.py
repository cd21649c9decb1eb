"""Own the verbs of the evidence log: append, integrate, checkpoint, prove, erase.

Tables: ``evidence_*`` (through ``store``). Order is given at integration, not at append: a leaf whose transaction
commits late is integrated later, whatever its id, so nothing is lost or renumbered. Never changes a leaf.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.evidence import merkle, store
from farthing.evidence.model import Leaf, Personal, make_leaf

__all__ = ["Personal", "append", "append_many"]

_SALT_BITS = 128


def append(tx: Tx, kind: str, data: object) -> str:
    """Record one leaf in this transaction; answers its id, ``leaf_...``."""
    return append_many(tx, [(kind, data)])[0]


def append_many(tx: Tx, items: Sequence[tuple[str, object]]) -> list[str]:
    """Record leaves of (kind, data) in this transaction, in one statement; answers their ids in order.

    ``data`` is anything with a canonical form; ``Personal(value)`` within it becomes a salted SHA-256.
    """
    leaves: list[Leaf] = []
    kept = []
    for kind, data in items:
        leaf, personal = make_leaf(
            tx.uuid(),
            kind,
            data,
            recorded_at=tx.now,
            business_date=tx.business_date,
            actor=tx.actor,
            new_salt=lambda: tx.ids.bits(_SALT_BITS).to_bytes(_SALT_BITS // 8, "big"),
        )
        leaves.append(leaf)
        kept += [(leaf.id, item) for item in personal]
    if leaves:
        store.append(tx, leaves, [merkle.leaf_hash(leaf.body) for leaf in leaves])
    if kept:
        store.keep(tx, kept)
    return [leaf.name for leaf in leaves]
