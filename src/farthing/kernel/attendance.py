"""Own the attendance: a customer who is there, proved to a member of staff, for as long as it takes to be served.

A member of staff does for a customer only what that customer is there to ask for (see :mod:`kernel.whose`). Who
proves a customer's identity, and how, is the business of :mod:`farthing.parties`. Table ``attendance``, through
``store``; a row is ended, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.kernel import store
from farthing.kit.errors import not_found

LASTS = timedelta(minutes=30)
"""How long a customer is taken to be there after the proof, unless the attendance is ended before."""

UNKNOWN = not_found(
    "attendance.unknown",
    "There is no attendance {attendance_id} of yours that is still open.",
    "没有由您办理且仍有效的到场记录 {attendance_id}。",
)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One customer before one member of staff; ``proof`` says how the customer proved who they are."""

    id: str
    actor_id: str
    party_id: str
    proof: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


def record(tx: Tx, party_id: str, proof: str) -> Attendance:
    """Note that a customer is there, before the actor; what was open between the two is ended."""
    for earlier in store.attendances(tx, tx.actor.id, [party_id]):
        store.end_attendance(tx, earlier["id"])
    made = Attendance(tx.new_id("attendance"), tx.actor.id, party_id, proof, tx.now, tx.now + LASTS)
    store.insert_attendance(tx, made.id, made.party_id, made.proof, made.ends_at)
    return made


def end(tx: Tx, attendance_id: str) -> None:
    """The customer leaves; refuses ``attendance.unknown`` where the actor serves nobody under this id."""
    if not store.end_attendance(tx, attendance_id):
        raise UNKNOWN(attendance_id=attendance_id)


def in_force(tx: Tx, actor_id: str, party_id: str) -> Attendance | None:
    """The attendance of a customer before a member of staff at this instant, if there is one."""
    found = store.attendances(tx, actor_id, [party_id])
    return Attendance(**found[0]) if found else None
