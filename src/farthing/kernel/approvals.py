"""Own four eyes: a command drafted by one person is run when another, who may do it too, approves it.

A draft ends in one way: approved; rejected; refused, where its operation said no when it was approved; lapsed, when its time
is over; or void, when who made it may not any more, or the customer for whom it was made was never there.

    waiting -> approved | rejected | refused | lapsed | void
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from farthing.db.tx import Row, Tx
from farthing.evidence import service as evidence
from farthing.kernel import store
from farthing.kernel.effects import Effects, effects
from farthing.kernel.kept import Form, bare_form, leaf_form
from farthing.kernel.operation import OPERATIONS, Asked, Operation, beside, operation, operation_of, secret
from farthing.kernel.question import question
from farthing.kernel.run import NOT_ALLOWED
from farthing.kernel.sealed import GONE
from farthing.kernel.whose import ONESELF, STAFF
from farthing.kit.actor import EVERYBODY, Actor
from farthing.kit.canonical import plain, readable
from farthing.kit.errors import Forbidden, Refusal, conflict, forbidden, not_found
from farthing.kit.ids import parse_prefixed, prefixed
from farthing.kit.inputs import Flag, Id, Note, PageSize, Word
from farthing.kit.words import Words

UNKNOWN = not_found("approvals.unknown", "There is no draft {approval_id}.", "没有待复核事项 {approval_id}。")
SAME_PERSON = forbidden(
    "approvals.same_person",
    "{actor} made this draft; another person must decide it.",
    "{actor} 是经办人，必须由另一人复核。",
)
SETTLED = conflict(
    "approvals.settled", "Draft {approval_id} was already {state}.", "事项 {approval_id} 已处理：{state_zh}。"
)


STATES_ZH = {
    "waiting": "待复核", "approved": "已通过", "rejected": "已否决", "refused": "执行被拒", "lapsed": "已过期", "void": "已作废",
}  # fmt: skip
State = Literal["waiting", "approved", "rejected", "refused", "lapsed", "void"]
MakerStands = Callable[[Tx, str, str], bool]
"""Says whether who made a draft may still do it: its actor id, and the permission."""
_MAKER_STANDS: list[MakerStands] = []


def maker_check(function: MakerStands) -> MakerStands:
    """Mark the function that knows logins (:mod:`farthing.identity`): it is asked before a draft is run."""
    _MAKER_STANDS.append(function)
    return function


DeciderCheck = Callable[[Tx], None]
"""Refuses a second person who proved too long ago who that is."""
_DECIDES: list[DeciderCheck] = []


def decider_check(function: DeciderCheck) -> DeciderCheck:
    """Mark the function that knows sign-ins: it is asked before a draft is decided."""
    _DECIDES.append(function)
    return function


@dataclass(frozen=True, slots=True)
class Draft:
    """A command that waits, or waited, for a second person.

    ``party_ids``: the customers for whom it was made, under ``attendance_id``. ``maker_stands`` is false where who made it
    has no such login or permission any more: it cannot be approved. ``refusal_code``: why the operation said no.
    """

    approval_id: str
    operation: str
    command_json: str
    maker: str
    made_at: datetime
    state: str
    checker: str | None
    decided_at: datetime | None
    note: str | None
    made_on: date
    attendance_id: str | None = None
    party_ids: tuple[str, ...] = ()
    maker_stands: bool = True
    refusal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Decide:
    """Approve or reject a draft, with a note that is kept."""

    approval_id: Id
    approve: Flag
    note: Note = beside("")


@dataclass(frozen=True, slots=True)
class Decided:
    """How a draft ended; ``result_json`` is what the operation answered, told to the second person once.

    It may hold what is personal or secret, so it is kept nowhere: the operation has a leaf of its own name. A draft that
    was approved and whose operation said no is ``refused``: it is closed for good, ``refusal_code`` and the sentences say
    why, and nothing else was changed. One whose maker may not do it any more is ``void``. ``effects``: what it came to, which
    a dry run shows and the second person confirms; none where nothing was done, or an errand had to be carried first.
    """

    approval_id: str
    state: str
    operation: str
    result_json: str = secret("")
    refusal_code: str = ""
    refusal: str = secret("")
    refusal_zh: str = secret("")
    effects: Effects | None = secret(None)


def decided_seen(command: Decide, decided: Decided) -> dict[str, Any]:
    """What the second person must have seen: how the draft would end, and what it comes to."""
    return {"state": decided.state, "refusal_code": decided.refusal_code, "effects": decided.effects}


def _decided(tx: Tx, asked: Asked) -> Decided:
    """How a draft ended whose operation asked somebody outside: with what it came to, or its refusal."""
    approval_id, _, subject = asked.subject.partition(" ")
    drafted = operation_of(str(_row(tx, approval_id)["operation"]))
    result = None if drafted.conclude is None else drafted.conclude(tx, Asked(subject, asked.errands))
    came_to = (
        effects(tx, drafted, None, result) if tx.posted else None
    )  # nothing is posted once the errands were carried
    return Decided(approval_id, "approved", drafted.name, readable(plain(result)), effects=came_to)


@operation(
    "approvals.decide", title=Words("Decide what waits for a second person", "复核"),
    permission="approvals:decide", whose=STAFF, conclude=_decided, confirm=decided_seen,
)  # fmt: skip
def decide(tx: Tx, command: Decide) -> Decided | Asked:
    """Settle a draft as its second person. Approving runs the command in this same transaction; where it is refused, all
    but the refusal is undone and the draft is closed with it, unless it is the second person who may not. What was shown
    (:mod:`farthing.kernel.seen`) is what is done: what would come to something else is refused, and the draft waits on."""
    row = _row(tx, command.approval_id)
    if row["state"] != "waiting":
        raise SETTLED(approval_id=command.approval_id, state=row["state"], state_zh=STATES_ZH[row["state"]])
    if tx.actor.is_same_person(row["maker"], row["maker_person"]):
        raise SAME_PERSON(actor=tx.actor.id)
    drafted = operation_of(str(row["operation"]))
    if not tx.actor.may(drafted.permission):
        raise NOT_ALLOWED(actor=tx.actor.id, permission=drafted.permission)
    for check in _DECIDES:
        check(tx)
    if row["command"] == GONE:
        _close(tx, [row], "void", "what was asked cannot be read any more: somebody of whom it spoke was erased")
        return Decided(command.approval_id, "void", drafted.name, readable(None))
    if command.approve and not _stands(tx, row["maker"], drafted.permission):
        _close(tx, [row], "void", f"{row['maker']} may not do this any more")
        return Decided(command.approval_id, "void", drafted.name, readable(None))
    state = "approved" if command.approve else "rejected"
    wanted = drafted.decode(row["command"])
    if not store.decide(tx, row["id"], state, command.note, bare_form(wanted)):
        raise SETTLED(approval_id=command.approval_id, state="decided by somebody else", state_zh="他人已复核")
    if not command.approve:
        return Decided(command.approval_id, state, drafted.name, readable(None))
    try:
        with tx.part():
            return _approved(tx, command.approval_id, row, drafted, wanted)
    except Forbidden:
        raise
    except Refusal as refusal:
        store.refuse(tx, row["id"], refusal.code)
        said = refusal.code, refusal.detail, refusal.detail_zh
        return Decided(command.approval_id, "refused", drafted.name, readable(None), *said)


def _approved(tx: Tx, approval_id: str, row: Row, drafted: Operation, wanted: Any) -> Decided | Asked:
    """Run what was drafted; its leaf names both persons."""
    result: Any = drafted.function(replace(tx, actor=_standing(tx, drafted, wanted, row["maker"])), wanted)
    done = {
        "approval_id": approval_id, "maker": row["maker"],
        "command": leaf_form(Form(wanted)), "result": leaf_form(Form(result)),
    }  # fmt: skip
    evidence.append(tx, drafted.name, done)
    if isinstance(result, Asked):
        return Asked(f"{approval_id} {result.subject}", result.errands)
    came_to = effects(tx, drafted, wanted, result)
    return Decided(approval_id, "approved", drafted.name, readable(plain(result)), effects=came_to)


def _stands(tx: Tx, maker: str, permission: str) -> bool:
    return all(check(tx, maker, permission) for check in _MAKER_STANDS)


def _close(tx: Tx, drafts: Sequence[Row], state: State, note: str) -> int:
    """End drafts that nobody decides: what is personal in them goes, and a leaf names them; answers how many."""
    closed = []
    for row in drafts:
        known = OPERATIONS.get(row["operation"])
        bare = bare_form(known.decode(row["command"])) if known and row["command"] != GONE else {}
        if store.close_draft(tx, row["id"], state, note, bare):
            closed.append(prefixed("appr", row["id"]))
    if closed:
        evidence.append(tx, "approvals.closed", {"state": state, "note": note, "approval_ids": closed})
    return len(closed)


def lapse(tx: Tx, days: int | None, limit: int) -> int:
    """At the close of a day: end drafts that have waited so many of the bank's days, and, made under an attendance, the
    day itself; answers how many. Without ``days`` the first never lapse."""
    made_by = None if days is None else tx.business_date - timedelta(days=days - 1)
    return _close(tx, store.due_drafts(tx, made_by, limit), "lapsed", f"not decided by the close of {tx.business_date}")


def void_of(tx: Tx, maker: str) -> int:
    """Who made drafts may act no more: those that wait are void; answers how many."""
    return _close(tx, store.drafts_of_maker(tx, maker), "void", f"{maker} was closed by {tx.actor.id}")


def void_under(tx: Tx, attendance_id: str) -> int:
    """The customer was not there: what was drafted under that attendance is void; answers how many."""
    return _close(tx, store.drafts_under(tx, attendance_id), "void", f"{attendance_id} was disowned")


def _standing(tx: Tx, drafted: Operation, wanted: Any, maker: str) -> Actor:
    """The second person, standing for whom the first stood for when the draft was made, and for the first's hand."""
    whose = drafted.whose
    if whose.kind not in ("party", "staff"):
        return replace(tx.actor, asked_by=maker)
    stands_for = {EVERYBODY} if whose.kind == "staff" else whose.parties(tx, wanted)
    return replace(tx.actor, stands_for=frozenset(stands_for), asked_by=maker)


@question("approvals.waiting", permission="approvals:decide", whose=STAFF)
def waiting(tx: Tx, limit: PageSize = 100) -> list[Draft]:
    """Drafts that nobody has decided yet and that the actor may decide, oldest first; what it drafted itself too."""
    found = [row for row in store.waiting(tx, limit) if row["operation"] in OPERATIONS]
    return [_draft(tx, row) for row in found if tx.actor.may(OPERATIONS[row["operation"]].permission)]


@question("approvals.own", permission="identity:self", whose=ONESELF)
def own(tx: Tx, limit: PageSize = 100) -> list[Draft]:
    """The actor's own drafts that wait for somebody else, and those it made today, the newest first."""
    return [_draft(tx, row) for row in store.made_by(tx, limit) if row["operation"] in OPERATIONS]


@question("approvals.about", permission="identity:self", whose=ONESELF)
def about(tx: Tx, operation: Word, reference: Id) -> Draft | None:
    """The draft of an operation whose command names this ``reference`` and that nobody has decided yet, however many wait
    before it; none for whoever neither made it nor may decide it."""
    for row in store.waiting_about(tx, operation, reference) if operation in OPERATIONS else ():
        decides = tx.actor.may("approvals:decide") and tx.actor.may(OPERATIONS[operation].permission)
        if decides or tx.actor.is_same_person(row["maker"], row["maker_person"]):
            return _draft(tx, row)
    return None


@question("approvals.draft", permission="approvals:decide", whose=STAFF)
def draft(tx: Tx, approval_id: Id) -> Draft:
    """One draft of an operation that the actor may decide, as it stands; refuses ``approvals.unknown``."""
    row = _row(tx, approval_id)
    if not tx.actor.may(OPERATIONS[row["operation"]].permission):
        raise UNKNOWN(approval_id=approval_id)
    return _draft(tx, row)


def _row(tx: Tx, approval_id: str) -> Row:
    row = store.approval(tx, parse_prefixed("appr", approval_id))
    if row is None or row["operation"] not in OPERATIONS:
        raise UNKNOWN(approval_id=approval_id)
    return row


def _draft(tx: Tx, row: Row) -> Draft:
    waits = row["state"] == "waiting"
    return Draft(
        approval_id=prefixed("appr", row["id"]), operation=row["operation"], command_json=readable(row["command"]),
        maker=row["maker"], made_at=row["made_at"], state=row["state"], checker=row["checker"],
        decided_at=row["decided_at"], note=row["note"], made_on=row["made_on"], attendance_id=row["attendance_id"],
        party_ids=tuple(row["party_ids"] or ()), refusal_code=row["refusal_code"],
        maker_stands=not waits or _stands(tx, row["maker"], OPERATIONS[row["operation"]].permission),
    )  # fmt: skip
