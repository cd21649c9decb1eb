"""Own the attendance: a customer who is there, proved to a member of staff, for as long as it takes to be served.

A member of staff does for a customer only what that customer is there to ask for (see :mod:`farthing.kernel.whose`). Who
proves a customer's identity, and how, is the business of :mod:`farthing.parties`. What rests on the word of one member of
staff ``awaits`` a second, who saw the customer too; nothing is done under it before. Table ``attendance``, through
``store``; a row is ended, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.kernel.presence import store
from farthing.kit.errors import conflict, forbidden, not_found

LASTS = timedelta(minutes=30)
"""How long a customer is taken to be there after the proof, unless the attendance is ended before."""
WITNESSED_WITHIN = timedelta(minutes=10)
"""How long a second member of staff has to see the customer too."""

UNKNOWN = not_found(
    "attendance.unknown",
    "There is no attendance {attendance_id} of yours that is still open.",
    "没有由您办理且仍有效的到场记录 {attendance_id}。",
)
SAME_PERSON = forbidden(
    "attendance.same_person",
    "{actor} serves this customer; somebody else must see the customer too.",
    "{actor} 是经办人；须由另一名员工见证客户在场。",
)
DISOWNED = conflict(
    "attendance.disowned",
    "The customer said before that {attendance_id} was somebody else.",
    "客户此前已声明 {attendance_id} 并非本人。",
)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One customer before one member of staff; ``proof`` says how the customer proved who they are.

    ``awaits``: nobody else has seen the customer yet; ``witness`` is who has. ``disowned_at``: the customer said it was
    somebody else.
    """

    id: str
    actor_id: str
    party_id: str
    proof: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    awaits: bool = False
    witness: str | None = None
    disowned_at: datetime | None = None


def record(tx: Tx, party_id: str, proof: str, *, awaits: bool = False) -> Attendance:
    """Note that a customer is there, before the actor; what was open, or awaited, between the two is ended."""
    for before in (False, True):
        for earlier in store.attendances(tx, tx.actor.id, [party_id], awaits=before):
            store.end_attendance(tx, earlier["id"])
    ends_at = tx.now + (WITNESSED_WITHIN if awaits else LASTS)
    made = Attendance(tx.new_id("attendance"), tx.actor.id, party_id, proof, tx.now, ends_at, awaits=awaits)
    store.insert_attendance(tx, made.id, made.party_id, made.proof, made.ends_at, awaits)
    return made


def witness(tx: Tx, attendance_id: str) -> Attendance:
    """The actor saw the customer too: there from now on. Refuses ``attendance.unknown``, ``attendance.same_person``."""
    row = store.attendance(tx, attendance_id)
    if row is not None and tx.actor.is_same_person(row["actor_id"], row["actor_person"]):
        raise SAME_PERSON(actor=tx.actor.id)
    if row is None or not store.witness(tx, attendance_id, tx.now + LASTS):
        raise UNKNOWN(attendance_id=attendance_id)
    return find(tx, attendance_id)


def find(tx: Tx, attendance_id: str) -> Attendance:
    """One attendance, whosever; refuses ``attendance.unknown``."""
    row = store.attendance(tx, attendance_id)
    if row is None:
        raise UNKNOWN(attendance_id=attendance_id)
    del row["actor_person"]
    return Attendance(**row)


def owner(tx: Tx, attendance_id: str) -> str | None:
    """Who was said to be there, or none where there is no such attendance."""
    row = store.attendance(tx, attendance_id)
    return None if row is None else str(row["party_id"])


def awaiting(tx: Tx, limit: int = 100) -> list[Attendance]:
    """Attendances that wait for a second member of staff, oldest first."""
    return [Attendance(**row) for row in store.awaiting(tx, limit)]


def of_party(tx: Tx, party_id: str, limit: int = 50) -> list[Attendance]:
    """A customer's attendances, the newest first."""
    return [Attendance(**row) for row in store.attendances_of(tx, party_id, limit)]


def disown(tx: Tx, attendance_id: str) -> Attendance:
    """It was not that customer: the attendance ends. Refuses ``attendance.unknown``, ``attendance.disowned``."""
    found = find(tx, attendance_id)
    if not store.disown(tx, attendance_id):
        raise DISOWNED(attendance_id=attendance_id)
    return found


def end(tx: Tx, attendance_id: str) -> None:
    """The customer leaves; refuses ``attendance.unknown`` where the actor serves nobody under this id."""
    if not store.end_attendance(tx, attendance_id):
        raise UNKNOWN(attendance_id=attendance_id)


def in_force(tx: Tx, actor_id: str, party_id: str) -> Attendance | None:
    """The attendance of a customer before a member of staff at this instant, if there is one."""
    found = store.attendances(tx, actor_id, [party_id])
    return Attendance(**found[0]) if found else None
