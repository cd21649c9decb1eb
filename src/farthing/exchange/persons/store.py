"""Read and write who was introduced to the node. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx

INSERT: LiteralString = """
    INSERT INTO exchange_person (subject_id, id, member_id, level, code_hash, made_at, expires_at, used_at)
    VALUES (%(subject)s, %(id)s, %(member)s, %(level)s, %(hash)s, %(at)s, %(until)s, NULL)
"""
USE: LiteralString = """
    UPDATE exchange_person SET used_at = %(at)s
    WHERE code_hash = %(hash)s AND used_at IS NULL AND expires_at > %(at)s
    RETURNING subject_id, id, member_id, level
"""
END: LiteralString = """
    UPDATE exchange_person SET used_at = %(at)s WHERE subject_id = %(subject)s AND used_at IS NULL AND expires_at > %(at)s
"""
OF: LiteralString = """
    SELECT member_id, level, made_at, used_at FROM exchange_person WHERE subject_id = %(subject)s
    ORDER BY made_at DESC, id LIMIT 1000
"""


def introduce(
    tx: Tx, made: str, subject_id: str, member_id: str, level: str, code_hash: bytes, until: datetime
) -> None:
    """Keep an introduction: the hash of its code, until when it is good."""
    given = {"subject": subject_id, "id": made, "member": member_id, "level": level, "hash": code_hash, "until": until}
    tx.execute(INSERT, {**given, "at": tx.now})


def use(tx: Tx, code_hash: bytes) -> Row | None:
    """Use a code once; none where it is not good."""
    return tx.maybe(USE, {"hash": code_hash, "at": tx.now})


def end_codes(tx: Tx, subject_id: str) -> None:
    """No code that a person was given is good any more."""
    tx.execute(END, {"subject": subject_id, "at": tx.now})


def introductions(tx: Tx, subject_id: str) -> list[Row]:
    """Who introduced a person, the newest first."""
    return tx.rows(OF, {"subject": subject_id})
