"""SQL of the table ``attendance``; nobody else's. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from farthing.db import rows
from farthing.db.tx import Row, Tx

ATTEND = """
INSERT INTO attendance (id, actor_id, actor_person, party_id, proof, started_at, ends_at, awaits)
VALUES (%(id)s, %(actor_id)s, %(actor_person)s, %(party_id)s, %(proof)s, %(started_at)s, %(ends_at)s, %(awaits)s)
"""

ATTENDANCES = """
SELECT id, actor_id, party_id, proof, started_at, ends_at, ended_at, awaits, witness, disowned_at FROM attendance
WHERE actor_id = %(actor_id)s AND party_id = ANY(%(party_ids)s) AND ends_at > %(now)s AND ended_at IS NULL
    AND awaits = %(awaits)s
ORDER BY started_at DESC, id
"""

ATTENDANCE = """
SELECT id, actor_id, party_id, proof, started_at, ends_at, ended_at, awaits, witness, disowned_at, actor_person
FROM attendance WHERE id = %(id)s
"""

AWAITING = """
SELECT id, actor_id, party_id, proof, started_at, ends_at, ended_at, awaits, witness, disowned_at FROM attendance
WHERE awaits AND ended_at IS NULL AND ends_at > %(now)s ORDER BY started_at, id LIMIT %(limit)s
"""

ATTENDANCES_OF = """
SELECT id, actor_id, party_id, proof, started_at, ends_at, ended_at, awaits, witness, disowned_at FROM attendance
WHERE party_id = %(party_id)s ORDER BY started_at DESC, id LIMIT %(limit)s
"""

WITNESS = """
UPDATE attendance SET awaits = false, witness = %(witness)s, witness_person = %(person)s, ends_at = %(ends_at)s
WHERE id = %(id)s AND awaits AND ended_at IS NULL AND ends_at > %(now)s
"""

DISOWN = """
UPDATE attendance SET disowned_at = %(now)s, ended_at = coalesce(ended_at, %(now)s)
WHERE id = %(id)s AND disowned_at IS NULL
"""

HOLD_ATTENDANCE = "UPDATE attendance SET ends_at = ends_at WHERE id = %(id)s AND ended_at IS NULL"

END_ATTENDANCE = """
UPDATE attendance SET ended_at = %(now)s WHERE id = %(id)s AND actor_id = %(actor_id)s AND ended_at IS NULL
"""


def insert_attendance(tx: Tx, attendance_id: str, party_id: str, proof: str, ends_at: datetime, awaits: bool) -> None:
    """Note a customer who is there, before the actor, or is when somebody else has seen her too."""
    tx.execute(
        ATTEND,
        {"id": attendance_id, "actor_id": tx.actor.id, "actor_person": tx.actor.person_id, "party_id": party_id,
         "proof": proof, "started_at": tx.now, "ends_at": ends_at, "awaits": awaits},
    )  # fmt: skip


def attendance(tx: Tx, attendance_id: str) -> Row | None:
    """One attendance, with the person of who serves."""
    return tx.maybe(ATTENDANCE, {"id": attendance_id})


def awaiting(tx: Tx, limit: int) -> list[Row]:
    """Attendances that wait for somebody else to see the customer, oldest first."""
    return tx.rows(AWAITING, {"now": tx.now, "limit": limit})


def attendances_of(tx: Tx, party_id: str, limit: int) -> list[Row]:
    """A customer's attendances, the newest first."""
    return tx.rows(ATTENDANCES_OF, {"party_id": party_id, "limit": limit})


def witness(tx: Tx, attendance_id: str, ends_at: datetime) -> bool:
    """The actor saw the customer too; false where the attendance does not wait for that."""
    values = {"id": attendance_id, "witness": tx.actor.id, "person": tx.actor.person_id, "ends_at": ends_at}
    return tx.execute(WITNESS, {**values, "now": tx.now}) == 1


def disown(tx: Tx, attendance_id: str) -> bool:
    """The customer says that it was not her; false where that was said before."""
    return tx.execute(DISOWN, {"id": attendance_id, "now": tx.now}) == 1


def hold_attendance(tx: Tx, attendance_id: str) -> bool:
    """Let nothing else be done under an attendance until this transaction ends: what is counted stays counted, and
    whoever disowns it waits and then finds what was drafted. False where it was ended meanwhile."""
    return tx.execute(HOLD_ATTENDANCE, {"id": attendance_id}) == 1


def attendances(tx: Tx, actor_id: str, party_ids: Sequence[str], *, awaits: bool = False) -> list[Row]:
    """Attendances of these customers before a member of staff that are open now (``awaits``: not yet), the newest first."""
    values = {"actor_id": actor_id, "party_ids": rows.texts(party_ids), "now": tx.now, "awaits": awaits}
    return tx.rows(ATTENDANCES, values)


def end_attendance(tx: Tx, attendance_id: str) -> bool:
    """End an attendance before the actor; false where there is none that is open."""
    return tx.execute(END_ATTENDANCE, {"id": attendance_id, "actor_id": tx.actor.id, "now": tx.now}) == 1
