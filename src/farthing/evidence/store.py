"""Own the SQL of the tables ``evidence_*`` but ``evidence_personal``. Never updates or deletes a leaf, a position or a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.evidence.model import Checkpoint, Leaf, LogKey
from farthing.kit.errors import InvariantBroken
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


def append(tx: Tx, leaves: Sequence[Leaf], hashes: Sequence[bytes]) -> None:
    """Insert leaves and queue their hashes, in one statement."""
    tx.execute(
        APPEND,
        {
            "ids": rows.uuids([leaf.id.bytes for leaf in leaves]),
            "kinds": rows.texts([leaf.kind for leaf in leaves]),
            "recorded": rows.instants([leaf.recorded_at for leaf in leaves]),
            "bodies": rows.byteas([leaf.body for leaf in leaves]),
            "mentions": rows.texts([" ".join(leaf.mentions) for leaf in leaves]),
            "hashes": rows.byteas(hashes),
        },
    )


LOCK_HEAD: LiteralString = """
UPDATE evidence_head SET size = size WHERE id = 1 RETURNING size, root
"""

HEAD: LiteralString = "SELECT size, root FROM evidence_head WHERE id = 1"

MOVE_HEAD: LiteralString = """
UPDATE evidence_head SET size = %(size)s, root = %(root)s WHERE id = 1 AND size = %(before)s
"""

PENDING: LiteralString = "SELECT id, hash FROM evidence_pending ORDER BY id LIMIT %(limit)s"

WAITING: LiteralString = """
SELECT count(*) AS count FROM (SELECT 1 FROM evidence_pending LIMIT %(most)s) AS waiting
"""

PLACE: LiteralString = """
INSERT INTO evidence_position (id, leaf_id)
SELECT %(first)s + ordinality - 1, leaf_id FROM unnest(%(leaves)s::uuid[]) WITH ORDINALITY AS leaf (leaf_id)
"""

WRITE_NODES: LiteralString = """
INSERT INTO evidence_node (id, hash)
SELECT %(first)s + ordinality - 1, hash FROM unnest(%(hashes)s::bytea[]) WITH ORDINALITY AS node (hash)
"""

TAKE: LiteralString = "DELETE FROM evidence_pending WHERE id = ANY(%(leaves)s::uuid[])"

NODES: LiteralString = "SELECT id, hash FROM evidence_node WHERE id = ANY(%(ids)s::bigint[])"

LEAF: LiteralString = "SELECT id, kind, recorded_at, body FROM evidence_leaf WHERE id = %(id)s"

ABOUT: LiteralString = """
SELECT id, kind, recorded_at, body FROM evidence_leaf WHERE mentions @> ARRAY[%(subject)s::text] ORDER BY id
"""

OF_KINDS: LiteralString = """
SELECT id, kind, recorded_at, body FROM evidence_leaf
WHERE mentions && %(subjects)s::text[] AND kind = ANY(%(kinds)s::text[]) ORDER BY id
"""

NAMING: LiteralString = """
SELECT id, kind, recorded_at, body FROM evidence_leaf
WHERE id BETWEEN %(first)s::uuid AND %(last)s::uuid AND position(%(word)s::bytea in body) > 0
ORDER BY id LIMIT 1
"""

POSITIONS: LiteralString = "SELECT leaf_id, id FROM evidence_position WHERE leaf_id = ANY(%(leaves)s)"
POSITION: LiteralString = "SELECT id FROM evidence_position WHERE leaf_id = %(leaf)s"

PLACES: LiteralString = """
SELECT id, leaf_id FROM evidence_position WHERE id >= %(first)s ORDER BY id LIMIT %(limit)s
"""

PLACE_SINCE: LiteralString = """
SELECT min(early.id) AS id FROM (
    SELECT id FROM evidence_position WHERE leaf_id >= %(since)s ORDER BY leaf_id LIMIT 1000
) AS early
"""

LEAVES: LiteralString = """
SELECT id, kind, recorded_at, body FROM evidence_leaf WHERE id = ANY(%(ids)s::uuid[])
"""

ADD_CHECKPOINT: LiteralString = """
INSERT INTO evidence_checkpoint (id, root, note, made_at, seal)
VALUES (%(size)s, %(root)s, %(note)s, %(made_at)s, %(seal)s)
"""

LATEST_CHECKPOINT: LiteralString = """
SELECT id AS size, root, note, made_at, token FROM evidence_checkpoint ORDER BY id DESC LIMIT 1
"""

CHECKPOINT: LiteralString = """
SELECT id AS size, root, note, made_at, token FROM evidence_checkpoint WHERE id = %(size)s
"""

STAMP_CHECKPOINT: LiteralString = """
UPDATE evidence_checkpoint SET token = %(token)s, seal = %(seal)s WHERE id = %(size)s AND token IS NULL
"""

COSIGNATURES: LiteralString = """
SELECT line FROM evidence_cosignature WHERE checkpoint_id = %(size)s ORDER BY witness
"""

ADD_COSIGNATURE: LiteralString = """
INSERT INTO evidence_cosignature (id, checkpoint_id, witness, line)
VALUES (%(id)s, %(size)s, %(witness)s, %(line)s) ON CONFLICT (id) DO NOTHING
"""

LAST_COSIGNED: LiteralString = """
SELECT coalesce(max(checkpoint_id), 0) AS size FROM evidence_cosignature WHERE witness = %(witness)s
"""

ADD_KEY: LiteralString = """
INSERT INTO evidence_log_key (id, origin, public, since, handover)
VALUES (%(id)s, %(origin)s, %(public)s, %(since)s, %(handover)s) ON CONFLICT (id) DO NOTHING
"""

KEYS: LiteralString = "SELECT id, origin, since, handover FROM evidence_log_key ORDER BY since, id"

PRIVATE: LiteralString = "SELECT id, private FROM evidence_key ORDER BY id"

TAKE_PRIVATE: LiteralString = "DELETE FROM evidence_key WHERE id = %(origin)s"

COVERING: LiteralString = """
SELECT id AS size, root, note, made_at, token FROM evidence_checkpoint WHERE id >= %(size)s ORDER BY id LIMIT 1
"""


def lock_head(tx: Tx) -> tuple[int, bytes]:
    """Size and root, with the head row locked until this transaction ends: only one writer integrates."""
    row = tx.one(LOCK_HEAD)
    return row["size"], bytes(row["root"])


def head(tx: Tx) -> tuple[int, bytes]:
    """Size and root of the tree."""
    row = tx.one(HEAD)
    return row["size"], bytes(row["root"])


def pending(tx: Tx, limit: int) -> list[tuple[UUID, bytes]]:
    """Oldest leaves that wait for the tree, with their hashes."""
    return [(ident, bytes(hashed)) for ident, hashed in tx.tuples(PENDING, {"limit": limit}, binary=True)]


def waiting(tx: Tx, most: int) -> int:
    """How many leaves wait for the tree, counted as far as ``most``."""
    return int(tx.one(WAITING, {"most": most})["count"])


def grow(tx: Tx, before: int, leaves: Sequence[UUID], *, first_node: int, nodes: Sequence[bytes], root: bytes) -> None:
    """Give leaves their positions from ``before`` on, write the new nodes, and move the head."""
    ids = rows.uuids([leaf.bytes for leaf in leaves])
    tx.execute(PLACE, {"first": before, "leaves": ids})
    tx.execute(WRITE_NODES, {"first": first_node, "hashes": rows.byteas(nodes)})
    taken = tx.execute(TAKE, {"leaves": ids})
    moved = tx.execute(MOVE_HEAD, {"before": before, "size": before + len(leaves), "root": root})
    if taken != len(leaves) or moved != 1:
        raise InvariantBroken(f"integration took {taken} of {len(leaves)} leaves and moved {moved} head rows")


def nodes(tx: Tx, ids: Sequence[int]) -> dict[int, bytes]:
    """Hashes of stored nodes; every one asked for must be there."""
    found = {ident: bytes(hashed) for ident, hashed in tx.tuples(NODES, {"ids": list(ids)}, binary=True)}
    if len(found) != len(set(ids)):
        raise InvariantBroken(f"nodes {sorted(set(ids) - found.keys())} of the tree are missing")
    return found


def leaf(tx: Tx, ident: UUID) -> Leaf | None:
    """One leaf, or none."""
    row = tx.maybe(LEAF, {"id": ident})
    return _leaf(row) if row else None


def leaves_about(tx: Tx, subject: str) -> list[Leaf]:
    """Leaves whose body mentions a prefixed id, oldest first."""
    return [_leaf(row) for row in tx.rows(ABOUT, {"subject": subject})]


def leaves_of_kinds(tx: Tx, subjects: Sequence[str], kinds: Sequence[str]) -> list[Leaf]:
    """Leaves of some kinds whose bodies mention any of some prefixed ids, oldest first."""
    asked = {"subjects": rows.texts(list(subjects)), "kinds": rows.texts(list(kinds))}
    return [_leaf(row) for row in tx.rows(OF_KINDS, asked)]


def leaf_naming(tx: Tx, word: bytes, first: UUID, last: UUID) -> Leaf | None:
    """The earliest leaf between two ids whose body holds some bytes, or none."""
    row = tx.maybe(NAMING, {"word": word, "first": first, "last": last})
    return _leaf(row) if row else None


def position(tx: Tx, ident: UUID) -> int | None:
    """Position of a leaf in the tree, or none while it waits."""
    row = tx.maybe(POSITION, {"leaf": ident})
    return int(row["id"]) if row else None


def positions(tx: Tx, idents: Sequence[UUID]) -> dict[UUID, int]:
    """Positions of some leaves in the tree; those that wait are left out."""
    return dict(tx.tuples(POSITIONS, {"leaves": list(idents)}))


def places(tx: Tx, first: int, limit: int) -> list[tuple[int, UUID]]:
    """(position, leaf) of the tree from a position on, in its order."""
    return tx.tuples(PLACES, {"first": first, "limit": limit})


def place_since(tx: Tx, since: UUID) -> int | None:
    """The lowest position among the first leaves whose ids are not below one; none where no placed leaf's is."""
    found = tx.one(PLACE_SINCE, {"since": since})["id"]
    return None if found is None else int(found)


def leaves(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Leaf]:
    """Leaves by their ids. They do not lie beside their positions, hence are asked by themselves."""
    return {row["id"]: _leaf(row) for row in tx.rows(LEAVES, {"ids": list(ids)})}


def add_checkpoint(tx: Tx, made: Checkpoint) -> None:
    """Insert a checkpoint that has no timestamp yet."""
    parameters = {"size": made.size, "root": made.root, "note": made.note, "made_at": made.made_at}
    tx.execute(ADD_CHECKPOINT, {**parameters, "seal": made.seal})


def add_token(tx: Tx, made: Checkpoint) -> bool:
    """Give a checkpoint its timestamp; false if it has one already."""
    return tx.execute(STAMP_CHECKPOINT, {"size": made.size, "token": made.token, "seal": made.seal}) == 1


def checkpoint(tx: Tx, size: int | None = None) -> Checkpoint | None:
    """The checkpoint of a size, or the newest; none if there is none."""
    return _checkpoint(tx, tx.maybe(LATEST_CHECKPOINT) if size is None else tx.maybe(CHECKPOINT, {"size": size}))


def covering(tx: Tx, size: int) -> Checkpoint | None:
    """The smallest checkpoint of so many leaves or more; none if there is none."""
    return _checkpoint(tx, tx.maybe(COVERING, {"size": size}))


def _checkpoint(tx: Tx, row: Row | None) -> Checkpoint | None:
    if row is None:
        return None
    lines = tuple(line["line"] for line in tx.rows(COSIGNATURES, {"size": row["size"]}))
    token = bytes(row["token"]) if row["token"] is not None else None
    return Checkpoint(row["size"], bytes(row["root"]), row["note"], row["made_at"], token, lines)


def add_cosignature(tx: Tx, size: int, witness: str, line: str) -> None:
    """Keep a witness's line on a checkpoint."""
    parameters = {"id": derived(f"{size} {witness}"), "size": size, "witness": witness, "line": line}
    tx.execute(ADD_COSIGNATURE, parameters)


def last_cosigned(tx: Tx, witness: str) -> int:
    """Size of the newest checkpoint a witness cosigned; 0 if none."""
    return int(tx.one(LAST_COSIGNED, {"witness": witness})["size"])


def add_key(tx: Tx, made: LogKey, public: bytes) -> None:
    """Keep a key of the log; one that is kept stays as it is."""
    parameters = {"id": made.vkey, "origin": made.origin, "public": public, "since": made.since}
    tx.execute(ADD_KEY, {**parameters, "handover": made.handover})


def keys(tx: Tx) -> list[LogKey]:
    """The keys that sign the log or did, the first first."""
    return [LogKey(row["id"], row["origin"], row["since"], row["handover"]) for row in tx.rows(KEYS)]


def private(tx: Tx) -> dict[str, bytes]:
    """Private keys that lie in the database still, by their origin."""
    return {row["id"]: bytes(row["private"]) for row in tx.rows(PRIVATE)}


def take_private(tx: Tx, origin: str) -> int:
    """Take a private key out of the database; answers how many rows went."""
    return tx.execute(TAKE_PRIVATE, {"origin": origin})


def _leaf(row: Row) -> Leaf:
    return Leaf(row["id"], row["kind"], row["recorded_at"], bytes(row["body"]))
