"""Own how a customer proves, to the member of staff who serves, that it is there and wants what is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.identity.proof.model import Message
from farthing.kernel.attendance import Attendance
from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Code, Id, Note


@dataclass(frozen=True, slots=True)
class AskPresence:
    """Send a code to the phone on file of a customer who stands before the actor, or speaks with it."""

    party_id: Id


@dataclass(frozen=True, slots=True)
class Awaited:
    """The proof that waits for the code which the customer reads out."""

    proof_id: str
    party_id: str
    expires_at: datetime
    messages: tuple[Message, ...] = secret(())


@dataclass(frozen=True, slots=True)
class AttendByCode:
    """The customer reads out the code."""

    party_id: Id
    proof_id: Id
    code: Code = secret()


@dataclass(frozen=True, slots=True)
class AttendByDocument:
    """The customer shows the identity document: its number as the actor reads it, and what the actor saw."""

    party_id: Id
    document_number: Code = personal()
    statement: Note = ""


@dataclass(frozen=True, slots=True)
class WitnessPresence:
    """Somebody else of the staff saw the customer and the document too, and states what."""

    attendance_id: Id
    statement: Note = ""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A customer who showed a document to one member of staff, and waits for a second to look."""

    attendance: Attendance
    name: str = personal()


@dataclass(frozen=True, slots=True)
class Disown:
    """It was not the customer: said by her, or for her by whoever she called."""

    attendance_id: Id


@dataclass(frozen=True, slots=True)
class Incident:
    """An attendance that its customer disowned: for security to look into, until it is closed with a note."""

    id: str
    attendance: Attendance
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CloseIncident:
    """Security has looked into it; ``note`` says what was found."""

    incident_id: Id
    note: Note


@dataclass(frozen=True, slots=True)
class Attended:
    """How it ended. A wrong code is an outcome, not a refusal, because the try must be kept; ``waits``: somebody else must
    see the customer too."""

    outcome: Literal["there", "waits", "code_wrong"]
    attendance: Attendance | None = None


@dataclass(frozen=True, slots=True)
class LeaveCounter:
    """The customer goes."""

    attendance_id: Id


@dataclass(frozen=True, slots=True)
class Left:
    """The attendance that was ended."""

    attendance_id: str
