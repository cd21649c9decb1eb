"""Own four eyes: a command drafted by one person is run when another, who may do it too, approves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from farthing.db.tx import Row, Tx
from farthing.evidence import service as evidence
from farthing.kernel import store
from farthing.kernel.kept import bare_form, leaf_form
from farthing.kernel.operation import OPERATIONS, Asked, Operation, operation, operation_of, secret
from farthing.kernel.question import question
from farthing.kernel.run import NOT_ALLOWED
from farthing.kernel.whose import STAFF
from farthing.kit.actor import EVERYBODY, Actor
from farthing.kit.canonical import plain, readable
from farthing.kit.errors import conflict, forbidden, not_found
from farthing.kit.ids import parse_prefixed, prefixed
from farthing.kit.inputs import Flag, Id, Note
from farthing.kit.words import Words

UNKNOWN = not_found("approvals.unknown", "There is no draft {approval_id}.", "没有待复核事项 {approval_id}。")
SAME_PERSON = forbidden(
    "approvals.same_person",
    "{actor} made this draft; another person must decide it.",
    "{actor} 是经办人,必须由另一人复核。",
)
SETTLED = conflict(
    "approvals.settled", "Draft {approval_id} was already {state}.", "事项 {approval_id} 已处理:{state}。"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A command that waits, or waited, for a second person."""

    approval_id: str
    operation: str
    command_json: str
    maker: str
    made_at: datetime
    state: str
    checker: str | None
    decided_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Decide:
    """Approve or reject a draft, with a note that is kept."""

    approval_id: Id
    approve: Flag
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """How a draft ended; ``result_json`` is what the operation answered, told to the second person once.

    It may hold what is personal or secret, so it is kept nowhere: the operation has a leaf of its own name.
    """

    approval_id: str
    state: str
    operation: str
    result_json: str = secret("")


def _decided(tx: Tx, asked: Asked) -> Decided:
    """How a draft ended whose operation asked somebody outside: with what it came to, or its refusal."""
    approval_id, _, subject = asked.subject.partition(" ")
    drafted = operation_of(str(_row(tx, approval_id)["operation"]))
    result = None if drafted.conclude is None else drafted.conclude(tx, Asked(subject, asked.errands))
    return Decided(approval_id, "approved", drafted.name, readable(plain(result)))


@operation(
    "approvals.decide", title=Words("Decide what waits for a second person", "复核"),
    permission="approvals:decide", whose=STAFF, conclude=_decided,
)  # fmt: skip
def decide(tx: Tx, command: Decide) -> Decided | Asked:
    """Settle a draft as its second person. Approving runs the command in this same transaction."""
    row = _row(tx, command.approval_id)
    if row["state"] != "waiting":
        raise SETTLED(approval_id=command.approval_id, state=row["state"])
    if tx.actor.is_same_person(row["maker"], row["maker_person"]):
        raise SAME_PERSON(actor=tx.actor.id)
    drafted = operation_of(str(row["operation"]))
    if not tx.actor.may(drafted.permission):
        raise NOT_ALLOWED(actor=tx.actor.id, permission=drafted.permission)
    state = "approved" if command.approve else "rejected"
    wanted = drafted.decode(row["command"])
    if not store.decide(tx, row["id"], state, command.note, bare_form(wanted)):
        raise SETTLED(approval_id=command.approval_id, state="decided by somebody else")
    if not command.approve:
        return Decided(command.approval_id, state, drafted.name, readable(None))
    result: Any = drafted.function(replace(tx, actor=_standing(tx, drafted, wanted)), wanted)
    done = {
        "approval_id": command.approval_id, "maker": row["maker"],
        "command": leaf_form(wanted), "result": leaf_form(result),
    }  # fmt: skip
    evidence.append(tx, drafted.name, done)
    if isinstance(result, Asked):
        return Asked(f"{command.approval_id} {result.subject}", result.errands)
    return Decided(command.approval_id, state, drafted.name, readable(plain(result)))


def _standing(tx: Tx, drafted: Operation, wanted: Any) -> Actor:
    """The second person, standing for whom the first stood for when the draft was made."""
    whose = drafted.whose
    if whose.kind not in ("party", "staff"):
        return tx.actor
    stands_for = {EVERYBODY} if whose.kind == "staff" else whose.parties(tx, wanted)
    return replace(tx.actor, stands_for=frozenset(stands_for))


@question("approvals.waiting", permission="approvals:decide", whose=STAFF)
def waiting(tx: Tx, limit: int = 100) -> list[Draft]:
    """Drafts that nobody has decided yet and that the actor may decide, oldest first; what it drafted itself too."""
    found = [row for row in store.waiting(tx, limit) if row["operation"] in OPERATIONS]
    return [_draft(row) for row in found if tx.actor.may(OPERATIONS[row["operation"]].permission)]


def draft(tx: Tx, approval_id: str) -> Draft:
    """One draft; refuses ``approvals.unknown``."""
    return _draft(_row(tx, approval_id))


def _row(tx: Tx, approval_id: str) -> Row:
    row = store.approval(tx, parse_prefixed("appr", approval_id))
    if row is None or row["operation"] not in OPERATIONS:
        raise UNKNOWN(approval_id=approval_id)
    return row


def _draft(row: Row) -> Draft:
    return Draft(
        approval_id=prefixed("appr", row["id"]), operation=row["operation"], command_json=readable(row["command"]),
        maker=row["maker"], made_at=row["made_at"], state=row["state"], checker=row["checker"],
        decided_at=row["decided_at"], note=row["note"],
    )  # fmt: skip
