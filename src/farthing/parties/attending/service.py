"""Run attendances: by a code to the phone on file, or by the identity document that a proofing provider confirmed.

An attendance is of one customer before one member of staff, for half an hour at most (:mod:`farthing.kernel.attendance`).
Whoever knows a document's number can say that it was shown: so a second member of staff must have seen the customer too,
the phone on file is told, and the customer can say that it was somebody else.
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Row, Tx
from farthing.identity import phones as identities
from farthing.identity.proof import service as proof
from farthing.identity.proof.rules import ALOUD, CODE_WRONG
from farthing.identity.proof.service import Wanted
from farthing.kernel import approvals, attendance, noticing
from farthing.kernel.attendance import Attendance
from farthing.kernel.batch import NO_PERSON
from farthing.kernel.day import local_time
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.parties import rules, store
from farthing.parties.attending import store as incidents_store
from farthing.parties.attending.model import (
    AskPresence,
    AttendByCode,
    AttendByDocument,
    Attended,
    Awaited,
    Awaiting,
    CloseIncident,
    Disown,
    Incident,
    LeaveCounter,
    Left,
    WitnessPresence,
)
from farthing.parties.model import Party
from farthing.parties.phones import service as phones
from farthing.parties.service import party

PURPOSE = "attend"
WHY = Words("show at the counter that you are there", "柜台确认本人在场")
FRESH = timedelta(hours=1)
"""How old the answer of a proofing provider may be that an attendance rests on."""


@operation(
    "parties.ask_presence", title=Words("Ask a customer for a code", "向客户索取验证码"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def ask_presence(tx: Tx, command: AskPresence) -> Awaited:
    """Send a code to the customer's phone on file.

    Refuses ``parties.unknown``, ``parties.own_counter``, ``identity.too_many_codes``."""
    known = _other(tx, command.party_id)
    phones.require_settled(tx, known.id)
    wanted = Wanted(PURPOSE, _asked(tx, known), known.phone, known.phone, known.id, WHY, "", ALOUD)
    made, messages = proof.ask(tx, wanted)
    return Awaited(made.id, known.id, made.expires_at, messages)


@operation(
    "parties.attend_by_code", title=Words("Prove presence by a code", "凭验证码确认在场"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def attend_by_code(tx: Tx, command: AttendByCode) -> Attended:
    """The customer is there who reads out the code that was sent for this member of staff."""
    known = _other(tx, command.party_id)
    phones.require_settled(tx, known.id)
    proved = proof.take(tx, command.proof_id, PURPOSE, _asked(tx, known), command.code)
    if proved.outcome != "proved":
        return Attended("code_wrong")
    return Attended("there", attendance.record(tx, command.party_id, "code"))


@operation(
    "parties.attend_by_document", title=Words("Prove presence by a document", "凭证件确认在场"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def attend_by_document(tx: Tx, command: AttendByDocument) -> Attended:
    """The actor holds a document and states to have compared it with the face; somebody else must see both too, within
    ten minutes (:func:`witness_presence`). An API key is no person and sees nobody.

    Refuses ``parties.unknown``, ``parties.own_counter``, ``parties.statement_missing``, ``parties.document_differs``, and
    ``parties.not_confirmed_lately`` where no proofing provider confirmed the number within the hour.
    """
    known = _other(tx, command.party_id)
    _check_person(tx)
    if not command.statement.strip():
        raise rules.STATEMENT_MISSING()
    if rules.document_of(command.document_number) != known.number:
        raise rules.DOCUMENT_DIFFERS()
    since = tx.now - FRESH
    said = [each for each in store.verifications(tx, known.id) if each.checked_at >= since]
    if not said or said[-1].level_given < rules.DOCUMENT_LEVEL:
        raise rules.NOT_CONFIRMED_LATELY()
    return Attended("waits", attendance.record(tx, known.id, "document", awaits=True))


def _other(tx: Tx, party_id: str) -> Party:
    """The customer, who is somebody else than the actor: nobody serves herself from a drawer that she answers for.

    Refuses ``parties.unknown``, ``parties.own_counter``.
    """
    known = party(tx, party_id)
    if identities.is_oneself(tx, known.number):
        raise rules.ONESELF(actor=tx.actor.id)
    return known


def _asked(tx: Tx, known: Party) -> tuple[str, ...]:
    """Who is asked about, by whom, and the phone that the code goes to: once another is on file it proves nothing."""
    return known.id, tx.actor.id, known.phone


def _check_person(tx: Tx) -> None:
    if tx.actor.is_program:
        raise NO_PERSON(actor=tx.actor.id)


def _witnessed(tx: Tx, asked: Asked) -> Attended:
    """The attendance that is in force now, once the phone on file was told."""
    return Attended("there", attendance.find(tx, asked.subject))


@operation(
    "parties.witness_presence", title=Words("Witness that a customer is there", "见证客户在场"),
    permission="parties:attend", whose=STAFF, conclude=_witnessed,
)  # fmt: skip
def witness_presence(tx: Tx, command: WitnessPresence) -> Asked:
    """A second member of staff saw the customer with the document: there from now on, before who serves.

    The phone on file is told who says so. Refuses ``attendance.unknown``, ``attendance.same_person``,
    ``parties.own_counter``, ``parties.statement_missing``, ``approvals.no_person``.
    """
    _check_person(tx)
    if not command.statement.strip():
        raise rules.STATEMENT_MISSING()
    seen = attendance.witness(tx, command.attendance_id)
    at = f"{local_time(tx):%Y-%m-%d %H:%M}"
    said = Words(
        f"at {at} {seen.actor_id} and {tx.actor.id} noted that you came to the counter with your identity document. Was it "
        "not you? Say so on your page under Account, or call us at once.",
        f"{at}，{seen.actor_id} 与 {tx.actor.id} 登记您本人持证件到柜台。如非本人，请立即在“账户”页声明，或致电本行。",
    )
    known = _other(tx, seen.party_id)
    return Asked(seen.id, noticing.tell(tx, known.id, known.phone, said, waits=True))


@question("parties.awaiting_witness", permission="parties:attend", whose=STAFF)
def awaiting_witness(tx: Tx) -> list[Awaiting]:
    """Customers who showed a document to one member of staff and wait for a second, the actor's own too."""
    return [Awaiting(each, party(tx, each.party_id).name) for each in attendance.awaiting(tx)]


@question("parties.attendances", permission="parties:read", whose=of("party_id"))
def attendances(tx: Tx, party_id: Id) -> list[Attendance]:
    """When a customer was said to be at a counter, before whom, how it was proved and who saw it; the newest first."""
    return attendance.of_party(tx, party_id)


@operation(
    "parties.disown", title=Words("Say that it was somebody else", "声明到场者并非本人"),
    permission="parties:disown", whose=of("attendance_id", attendance.owner),
)  # fmt: skip
def disown(tx: Tx, command: Disown) -> Incident:
    """It was not the customer: the attendance ends, what was drafted under it is void, a phone that waits to
    come on file does not, and security has an incident.

    Said by the customer, or by staff of operations or security whom the customer called. What was done stays done until
    it was looked into. Refuses ``attendance.unknown``, ``attendance.disowned``.
    """
    seen = attendance.disown(tx, command.attendance_id)
    approvals.void_under(tx, seen.id)
    phones.stop(tx, seen.party_id)
    incident_id = tx.new_id("incident")
    incidents_store.insert(tx, incident_id, seen.id, seen.party_id)
    return _incident(tx, incident_id)


@question("parties.incidents", permission="parties:incidents", whose=STAFF)
def incidents(tx: Tx, limit: PageSize = 100) -> list[Incident]:
    """What customers disowned, the newest first, with how it ended."""
    return [_told(tx, row) for row in incidents_store.incidents(tx, limit)]


@operation(
    "parties.close_incident", title=Words("Close an incident", "了结事件"),
    permission="parties:incidents", whose=STAFF,
)  # fmt: skip
def close_incident(tx: Tx, command: CloseIncident) -> Incident:
    """Security has looked into it. Refuses ``parties.unknown_incident`` where there is none that is open."""
    if not incidents_store.close(tx, command.incident_id, command.note):
        raise rules.UNKNOWN_INCIDENT(incident_id=command.incident_id)
    return _incident(tx, command.incident_id)


def _incident(tx: Tx, incident_id: str) -> Incident:
    row = incidents_store.find(tx, incident_id)
    if row is None:
        raise rules.UNKNOWN_INCIDENT(incident_id=incident_id)
    return _told(tx, row)


def _told(tx: Tx, row: Row) -> Incident:
    seen = attendance.find(tx, row.pop("attendance_id"))
    return Incident(attendance=seen, **row)


@operation("parties.leave", title=Words("The customer leaves", "客户离开"), permission="parties:attend", whose=STAFF)
def leave(tx: Tx, command: LeaveCounter) -> Left:
    """The customer goes; refuses ``attendance.unknown``."""
    attendance.end(tx, command.attendance_id)
    return Left(command.attendance_id)


@question("parties.there", permission="parties:attend", whose=STAFF)
def there(tx: Tx, party_id: Id) -> Attendance | None:
    """The attendance of a customer before the actor, while it lasts."""
    return attendance.in_force(tx, tx.actor.id, party_id)


def require_there(result: Attended) -> Attendance:
    """The attendance, or refuse ``identity.code_wrong`` (for the doors)."""
    if result.attendance is None:
        raise CODE_WRONG()
    return result.attendance
