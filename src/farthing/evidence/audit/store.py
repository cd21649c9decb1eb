"""Own the reads of an audit of the tables ``evidence_*``: every row, in batches by key. Never writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from farthing.db.tx import Row, Tx
from farthing.evidence.audit.rules import StoredLeaf
from farthing.evidence.model import Checkpoint, Leaf, LogKey

BATCH = 2_000
MOST = 100
_BEFORE_ALL = UUID(int=0)


SCAN_POSITIONS: LiteralString = """
SELECT id, leaf_id FROM evidence_position WHERE id >= %(first)s ORDER BY id LIMIT %(limit)s
"""

SCAN_NODES: LiteralString = """
SELECT id, hash FROM evidence_node WHERE id >= %(first)s AND id < %(last)s
"""

SCAN_LEAVES: LiteralString = """
SELECT id, kind, recorded_at, body, mentions FROM evidence_leaf WHERE id = ANY(%(ids)s::uuid[])
"""

SCAN_PENDING: LiteralString = """
SELECT id, hash FROM evidence_pending WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""

SCAN_PERSONAL: LiteralString = """
SELECT id, leaf_id, path, subject, salt, value, sealed, erased_by FROM evidence_personal
WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""

SCAN_CHECKPOINTS: LiteralString = """
SELECT id AS size, root, note, made_at, token, seal FROM evidence_checkpoint ORDER BY id
"""

SCAN_COSIGNATURES: LiteralString = """
SELECT id, checkpoint_id, witness, line FROM evidence_cosignature ORDER BY checkpoint_id, witness
"""

SCAN_KEYS: LiteralString = "SELECT id, origin, public, since, handover FROM evidence_log_key ORDER BY since, id"

PLACED: LiteralString = "SELECT leaf_id FROM evidence_position WHERE leaf_id = ANY(%(ids)s::uuid[])"

PLACED_TWICE: LiteralString = """
SELECT leaf_id FROM evidence_position GROUP BY leaf_id HAVING count(*) > 1 ORDER BY leaf_id LIMIT 100
"""

LEAF_MARKS: LiteralString = "SELECT count(*), sum(hash_record_extended(ROW(id), 0)::numeric) FROM evidence_leaf"
PLACED_MARKS: LiteralString = (
    "SELECT count(*), sum(hash_record_extended(ROW(leaf_id), 0)::numeric) FROM evidence_position"
)
WAITING_MARKS: LiteralString = "SELECT count(*), sum(hash_record_extended(ROW(id), 0)::numeric) FROM evidence_pending"
LEAF_IDS: LiteralString = "SELECT id FROM evidence_leaf WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
WAITING_OF: LiteralString = "SELECT id FROM evidence_pending WHERE id = ANY(%(ids)s::uuid[])"

COUNTS: LiteralString = """
SELECT (SELECT count(*) FROM evidence_leaf) AS leaves, (SELECT count(*) FROM evidence_node) AS nodes,
    (SELECT count(*) FROM evidence_pending) AS waiting, (SELECT count(*) FROM evidence_personal) AS personal
"""


def positions(tx: Tx) -> Iterator[list[tuple[int, UUID]]]:
    """Every (position, leaf id) in order, in batches."""
    first = 0
    while batch := tx.tuples(SCAN_POSITIONS, {"first": first, "limit": BATCH}):
        yield [(ident, leaf_id) for ident, leaf_id in batch]
        first = batch[-1][0] + 1


def nodes(tx: Tx, first: int, last: int) -> dict[int, bytes]:
    """Node hashes from ``first`` up to ``last`` (not included)."""
    found = tx.tuples(SCAN_NODES, {"first": first, "last": last}, binary=True)
    return {ident: bytes(hashed) for ident, hashed in found}


def leaves(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, StoredLeaf]:
    """Leaves by id, with the columns that repeat what the body says."""
    return {
        row["id"]: StoredLeaf(Leaf(row["id"], row["kind"], row["recorded_at"], bytes(row["body"])), row["mentions"])
        for row in tx.rows(SCAN_LEAVES, {"ids": list(ids)})
    }


def pending(tx: Tx) -> Iterator[list[Row]]:
    """Every waiting leaf, in batches."""
    after = _BEFORE_ALL
    while batch := tx.rows(SCAN_PENDING, {"after": after, "limit": BATCH}):
        yield batch
        after = batch[-1]["id"]


def personal(tx: Tx) -> Iterator[list[Row]]:
    """Every kept personal value, in batches."""
    after = _BEFORE_ALL
    while batch := tx.rows(SCAN_PERSONAL, {"after": after, "limit": BATCH}):
        yield batch
        after = batch[-1]["id"]


def checkpoints(tx: Tx) -> list[tuple[Checkpoint, bytes]]:
    """Every checkpoint with its stored seal, oldest first."""
    return [
        (
            Checkpoint(
                row["size"],
                bytes(row["root"]),
                row["note"],
                row["made_at"],
                None if row["token"] is None else bytes(row["token"]),
            ),
            bytes(row["seal"]),
        )
        for row in tx.rows(SCAN_CHECKPOINTS)
    ]


def cosignatures(tx: Tx) -> list[Row]:
    """Every cosignature."""
    return tx.rows(SCAN_COSIGNATURES)


def keys(tx: Tx) -> list[tuple[LogKey, bytes]]:
    """Every log key with its public half, the first first."""
    return [
        (LogKey(row["id"], row["origin"], row["since"], row["handover"]), bytes(row["public"]))
        for row in tx.rows(SCAN_KEYS)
    ]


def placed(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these leaves have a position."""
    return {row["leaf_id"] for row in tx.rows(PLACED, {"ids": list(ids)})}


def placed_twice(tx: Tx) -> list[UUID]:
    """Leaves with more than one position."""
    return [row["leaf_id"] for row in tx.rows(PLACED_TWICE)]


def nowhere(tx: Tx) -> list[UUID]:
    """Leaves that neither wait nor have a position: a hundred at most are named.

    A leaf does not lie beside its position: the two are compared by sums of hashes, and leaf by leaf only if they differ.
    """
    (leaves_,), (placed_,), (waiting,) = (tx.tuples(query) for query in (LEAF_MARKS, PLACED_MARKS, WAITING_MARKS))
    if leaves_ == (placed_[0] + waiting[0], _sum(placed_[1], waiting[1])):
        return []
    found: list[UUID] = []
    after = _BEFORE_ALL
    while len(found) < MOST and (page := tx.tuples(LEAF_IDS, {"after": after, "limit": BATCH})):
        ids = [ident for (ident,) in page]
        after = ids[-1]
        there = placed(tx, ids) | {ident for (ident,) in tx.tuples(WAITING_OF, {"ids": ids})}
        found += [ident for ident in ids if ident not in there]
    return found[:MOST]


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other


def counts(tx: Tx) -> Row:
    """Rows of the tables: ``leaves``, ``nodes``, ``waiting``, ``personal``."""
    return tx.one(COUNTS)
