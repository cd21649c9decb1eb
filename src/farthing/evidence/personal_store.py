"""Own the SQL of ``evidence_personal``: salts and values, sealed under the key of whose they are. Never holds one in plain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.evidence.model import Kept
from farthing.kit.ids import derived

KEEP: LiteralString = """
INSERT INTO evidence_personal (id, leaf_id, path, subject, sealed)
SELECT * FROM unnest(
    %(ids)s::uuid[], %(leaves)s::uuid[], %(paths)s::text[], %(subjects)s::text[], %(sealed)s::bytea[]
)
"""
KEPT_OF: LiteralString = """
SELECT leaf_id, path FROM evidence_personal WHERE subject = %(subject)s AND erased_by IS NULL ORDER BY leaf_id, path
"""
AT: LiteralString = """
SELECT id, leaf_id, subject, salt, value, sealed FROM evidence_personal
WHERE leaf_id = ANY(%(leaves)s) AND path = %(path)s AND erased_by IS NULL ORDER BY leaf_id
"""
ERASE: LiteralString = """
UPDATE evidence_personal SET salt = NULL, value = NULL, sealed = NULL, erased_by = %(leaf)s
WHERE subject = %(subject)s AND erased_by IS NULL
"""
IN_PLAIN: LiteralString = """
SELECT id, subject, salt, value FROM evidence_personal WHERE value IS NOT NULL ORDER BY id LIMIT %(limit)s
"""
SEAL: LiteralString = """
UPDATE evidence_personal SET salt = NULL, value = NULL, sealed = new.sealed
FROM unnest(%(ids)s::uuid[], %(sealed)s::bytea[]) AS new (id, sealed)
WHERE evidence_personal.id = new.id AND erased_by IS NULL
"""
SALT_BYTES = 16


def personal_id(leaf: UUID, path: str) -> UUID:
    """The id that a leaf and a path always give."""
    return derived(f"{leaf}{path}")


def keep(tx: Tx, kept: Sequence[tuple[UUID, Kept]]) -> None:
    """Insert personal values beside their leaves, sealed."""
    ids = [personal_id(leaf, item.path) for leaf, item in kept]
    sealed = ring_of(tx).seal(
        [
            _item(ident, item.subject, item.salt + item.value.encode())
            for ident, (_, item) in zip(ids, kept, strict=True)
        ]
    )
    tx.execute(
        KEEP,
        {
            "ids": rows.uuids([ident.bytes for ident in ids]),
            "leaves": rows.uuids([leaf.bytes for leaf, _ in kept]),
            "paths": rows.texts([item.path for _, item in kept]),
            "subjects": rows.texts([item.subject for _, item in kept]),
            "sealed": rows.byteas(sealed),
        },
    )


def kept_of(tx: Tx, subject: str) -> list[tuple[UUID, str]]:
    """(leaf, path) of every personal value of a subject that is not erased."""
    return [(row["leaf_id"], row["path"]) for row in tx.rows(KEPT_OF, {"subject": subject})]


def opened(tx: Tx, found: Sequence[Row]) -> list[tuple[bytes, str] | Gone]:
    """The salt and value of rows that are not erased; :class:`Gone` where whose they are has no key any more."""
    sealed = [row for row in found if row["sealed"] is not None]
    contents = iter(ring_of(tx).open([_item(row["id"], row["subject"], bytes(row["sealed"])) for row in sealed]))
    made: list[tuple[bytes, str] | Gone] = []
    for row in found:
        content = bytes(row["salt"]) + row["value"].encode() if row["sealed"] is None else next(contents)
        split = not isinstance(content, Gone)
        made.append((content[:SALT_BYTES], content[SALT_BYTES:].decode()) if split else content)  # type: ignore[index, arg-type]
    return made


def at(tx: Tx, leaves: Iterable[UUID], path: str) -> list[tuple[UUID, bytes, str]]:
    """(leaf, salt, value) of the personal values that stand at a path of some leaves and can be opened."""
    found = tx.rows(AT, {"leaves": list(leaves), "path": path})
    return [
        (row["leaf_id"], *content)
        for row, content in zip(found, opened(tx, found), strict=True)
        if not isinstance(content, Gone)
    ]


def erase(tx: Tx, subject: str, by: UUID) -> int:
    """Empty what is kept of a subject; answers how many values."""
    return tx.execute(ERASE, {"subject": subject, "leaf": by})


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal some values that lie in plain, as all did before there was a keyring; answers how many."""
    found = tx.rows(IN_PLAIN, {"limit": limit})
    sealed = ring_of(tx).seal(
        [_item(row["id"], row["subject"], bytes(row["salt"]) + row["value"].encode()) for row in found]
    )
    ids = rows.uuids([row["id"].bytes for row in found])
    return tx.execute(SEAL, {"ids": ids, "sealed": rows.byteas(sealed)}) if found else 0


def _item(ident: Any, subject: str, content: bytes) -> Item:
    return Item((subject,), content, f"personal {ident}")
