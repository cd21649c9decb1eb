"""Run attendances: by a code to the phone on file, or by the identity document that a proofing provider confirmed.

An attendance is of one customer before one member of staff, for half an hour at most (:mod:`farthing.kernel.attendance`).
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.identity.proof import service as proof
from farthing.identity.proof.rules import CODE_WRONG
from farthing.identity.proof.service import Wanted
from farthing.kernel import attendance
from farthing.kernel.attendance import Attendance
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.parties import rules, store
from farthing.parties.attending.model import (
    AskPresence,
    AttendByCode,
    AttendByDocument,
    Attended,
    Awaited,
    LeaveCounter,
    Left,
)
from farthing.parties.service import party

PURPOSE = "attend"
WHY = ("柜台确认本人在场", "show at the counter that you are there")
FRESH = timedelta(hours=1)
"""How old the answer of a proofing provider may be that an attendance rests on."""


@operation(
    "parties.ask_presence", title=Words("Ask a customer for a code", "向客户索取验证码"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def ask_presence(tx: Tx, command: AskPresence) -> Awaited:
    """Send a code to the customer's phone on file. Refuses ``parties.unknown``, ``identity.too_many_codes``."""
    known = party(tx, command.party_id)
    wanted = Wanted(PURPOSE, (known.id, tx.actor.id), known.phone, known.phone, known.id, WHY, "")
    made, messages = proof.ask(tx, wanted)
    return Awaited(made.id, known.id, made.expires_at, messages)


@operation(
    "parties.attend_by_code", title=Words("Prove presence by a code", "凭验证码确认在场"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def attend_by_code(tx: Tx, command: AttendByCode) -> Attended:
    """The customer is there who reads out the code that was sent for this member of staff."""
    proved = proof.take(tx, command.proof_id, PURPOSE, (command.party_id, tx.actor.id), command.code)
    if proved.outcome != "proved":
        return Attended("code_wrong")
    return Attended("there", attendance.record(tx, command.party_id, "code"))


@operation(
    "parties.attend_by_document", title=Words("Prove presence by a document", "凭证件确认在场"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def attend_by_document(tx: Tx, command: AttendByDocument) -> Attended:
    """The customer is there whose document the actor holds and states to have compared with the face.

    Refuses ``parties.unknown``, ``parties.statement_missing``, ``parties.document_differs``, and
    ``parties.not_confirmed_lately`` where no proofing provider confirmed the number within the hour.
    """
    known = party(tx, command.party_id)
    if not command.statement.strip():
        raise rules.STATEMENT_MISSING()
    if rules.document_of(command.document_number) != known.number:
        raise rules.DOCUMENT_DIFFERS()
    since = tx.now - FRESH
    said = [each for each in store.verifications(tx, known.id) if each.checked_at >= since]
    if not said or said[-1].level_given < rules.DOCUMENT_LEVEL:
        raise rules.NOT_CONFIRMED_LATELY()
    return Attended("there", attendance.record(tx, known.id, "document"))


@operation("parties.leave", title=Words("The customer leaves", "客户离开"), permission="parties:attend", whose=STAFF)
def leave(tx: Tx, command: LeaveCounter) -> Left:
    """The customer goes; refuses ``attendance.unknown``."""
    attendance.end(tx, command.attendance_id)
    return Left(command.attendance_id)


@question("parties.there", permission="parties:attend", whose=STAFF)
def there(tx: Tx, party_id: str) -> Attendance | None:
    """The attendance of a customer before the actor, while it lasts."""
    return attendance.in_force(tx, tx.actor.id, party_id)


def require_there(result: Attended) -> Attendance:
    """The attendance, or refuse ``identity.code_wrong`` (for the doors)."""
    if result.attendance is None:
        raise CODE_WRONG()
    return result.attendance
