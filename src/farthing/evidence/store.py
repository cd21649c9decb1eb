"""Own the SQL of the tables ``evidence_*``. Never updates or deletes a leaf, a position or a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence.model import Kept, Leaf
from farthing.kit.ids import derived

APPEND: LiteralString = """
WITH input AS (
    SELECT * FROM unnest(
        %(ids)s::uuid[], %(kinds)s::text[], %(recorded)s::timestamptz[], %(bodies)s::bytea[],
        %(mentions)s::text[], %(hashes)s::bytea[]
    ) AS input (id, kind, recorded_at, body, mentions, hash)
), leaf AS (
    INSERT INTO evidence_leaf (id, kind, recorded_at, body, mentions)
    SELECT id, kind, recorded_at, body, string_to_array(mentions, ' ') FROM input
)
INSERT INTO evidence_pending (id, hash) SELECT id, hash FROM input
"""

KEEP: LiteralString = """
INSERT INTO evidence_personal (id, leaf_id, path, subject, salt, value)
SELECT * FROM unnest(
    %(ids)s::uuid[], %(leaves)s::uuid[], %(paths)s::text[], %(subjects)s::text[], %(salts)s::bytea[],
    %(values)s::text[]
)
"""


def append(tx: Tx, leaves: Sequence[Leaf], hashes: Sequence[bytes]) -> None:
    """Insert leaves and queue their hashes, in one statement."""
    tx.execute(
        APPEND,
        {
            "ids": [leaf.id for leaf in leaves],
            "kinds": [leaf.kind for leaf in leaves],
            "recorded": [leaf.recorded_at for leaf in leaves],
            "bodies": [leaf.body for leaf in leaves],
            "mentions": [" ".join(leaf.mentions) for leaf in leaves],
            "hashes": list(hashes),
        },
    )


def keep(tx: Tx, kept: Sequence[tuple[UUID, Kept]]) -> None:
    """Insert personal values beside their leaves."""
    tx.execute(
        KEEP,
        {
            "ids": [personal_id(leaf, item.path) for leaf, item in kept],
            "leaves": [leaf for leaf, _ in kept],
            "paths": [item.path for _, item in kept],
            "subjects": [item.subject for _, item in kept],
            "salts": [item.salt for _, item in kept],
            "values": [item.value for _, item in kept],
        },
    )


def personal_id(leaf: UUID, path: str) -> UUID:
    """The id that a leaf and a path always give."""
    return derived(f"{leaf}{path}")
