"""Read and write that subjects are one person, or are not. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Tx

INSERT: LiteralString = """
    INSERT INTO exchange_identity_event (subject_id, id, kind, other_id, evidence, reason, decided_by, revision, recorded_at)
    VALUES (%(subject)s, %(id)s, %(kind)s, %(other)s, %(evidence)s, %(reason)s, %(by)s, %(revision)s, %(at)s)
"""
NEWEST: LiteralString = """
    SELECT kind FROM exchange_identity_event WHERE subject_id = %(subject)s AND other_id = %(other)s
    ORDER BY revision DESC LIMIT 1
"""


def stands(tx: Tx, subject: str, other: str) -> bool:
    """Whether a subject's records are shown with another's."""
    row = tx.maybe(NEWEST, {"subject": subject, "other": other})
    return row is not None and row["kind"] == "merge"


def insert_event(
    tx: Tx, subject: str, event_id: str, kind: str, other: str, evidence: str, reason: str, by: str, revision: int
) -> None:
    """Keep what was decided of two subjects."""
    given = {
        "subject": subject, "id": event_id, "kind": kind, "other": other, "evidence": evidence, "reason": reason, "by": by,
        "revision": revision, "at": tx.now,
    }  # fmt: skip
    tx.execute(INSERT, given)
