"""Read and write ``phone_change``. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx

INSERT_CHANGE: LiteralString = """
    INSERT INTO phone_change (id, party_id, phone, asked_at, due_at, state)
    VALUES (%(id)s, %(party_id)s, %(phone)s, %(asked_at)s, %(due_at)s, 'waiting')
"""
WAITING_CHANGE: LiteralString = """
    SELECT id, party_id, asked_at, due_at, state FROM phone_change WHERE party_id = %(party_id)s AND state = 'waiting'
"""
DUE_CHANGES: LiteralString = """
    SELECT id, party_id, phone FROM phone_change WHERE state = 'waiting' AND due_at <= %(by)s
    ORDER BY due_at, id LIMIT %(limit)s
"""
END_CHANGE: LiteralString = """
    UPDATE phone_change SET state = %(state)s, phone = '', ended_at = %(at)s WHERE id = %(id)s AND state = 'waiting'
"""
STOP_CHANGES: LiteralString = """
    UPDATE phone_change SET state = 'stopped', phone = '', ended_at = %(at)s
    WHERE party_id = %(party_id)s AND state = 'waiting'
"""


def insert(tx: Tx, change_id: str, party_id: str, phone: str, due_at: datetime) -> None:
    """Keep a change that waits."""
    values = {"id": change_id, "party_id": party_id, "phone": phone, "asked_at": tx.now, "due_at": due_at}
    tx.execute(INSERT_CHANGE, values)


def waiting(tx: Tx, party_id: str) -> Row | None:
    """The change of a party's phone that waits, without the phone."""
    return tx.maybe(WAITING_CHANGE, {"party_id": party_id})


def due(tx: Tx, limit: int) -> list[Row]:
    """Changes whose wait is over, the longest waiting first."""
    return tx.rows(DUE_CHANGES, {"by": tx.now, "limit": limit})


def end(tx: Tx, change_id: str, state: str) -> bool:
    """End a change that waits, and forget its phone; false where it had ended."""
    return tx.execute(END_CHANGE, {"id": change_id, "state": state, "at": tx.now}) == 1


def stop(tx: Tx, party_id: str) -> int:
    """Stop what waits for a party; answers how many."""
    return tx.execute(STOP_CHANGES, {"party_id": party_id, "at": tx.now})
