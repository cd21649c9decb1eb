"""Read and write the table ``incident``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Row, Tx

INSERT_INCIDENT: LiteralString = """
    INSERT INTO incident (id, attendance_id, party_id, opened_at, opened_by)
    VALUES (%(id)s, %(attendance_id)s, %(party_id)s, %(opened_at)s, %(opened_by)s)
"""
INCIDENTS: LiteralString = """
    SELECT id, attendance_id, opened_at, opened_by, closed_at, closed_by, note
    FROM incident ORDER BY opened_at DESC, id LIMIT %(limit)s
"""
FIND_INCIDENT: LiteralString = """
    SELECT id, attendance_id, opened_at, opened_by, closed_at, closed_by, note FROM incident WHERE id = %(id)s
"""
CLOSE_INCIDENT: LiteralString = """
    UPDATE incident SET closed_at = %(at)s, closed_by = %(by)s, note = %(note)s WHERE id = %(id)s AND closed_at IS NULL
"""


def insert(tx: Tx, incident_id: str, attendance_id: str, party_id: str) -> None:
    """Open an incident."""
    tx.execute(
        INSERT_INCIDENT,
        {"id": incident_id, "attendance_id": attendance_id, "party_id": party_id, "opened_at": tx.now,
         "opened_by": tx.actor.id},
    )  # fmt: skip


def incidents(tx: Tx, limit: int) -> list[Row]:
    """Incidents, the newest first."""
    return tx.rows(INCIDENTS, {"limit": limit})


def find(tx: Tx, incident_id: str) -> Row | None:
    """One incident."""
    return tx.maybe(FIND_INCIDENT, {"id": incident_id})


def close(tx: Tx, incident_id: str, note: str) -> bool:
    """Close an incident; false where it is closed already."""
    values = {"id": incident_id, "at": tx.now, "by": tx.actor.id, "note": note}
    return tx.execute(CLOSE_INCIDENT, values) == 1
