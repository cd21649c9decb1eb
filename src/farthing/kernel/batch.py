"""Own the protocol of a request, which is a batch of one: each call with its own key, checks, leaf and answer.

Many callers' commands of one hot operation run in one transaction; a lone call is a batch of one, which runs the
operation's own function. The keys of a batch cost two statements, whatever its size: one reads earlier answers, one
stores the new ones. The second is also the claim: a key that another transaction stored meanwhile is a ``Collision``,
upon which the whole batch runs again and finds that answer. Never commits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import later, seen, store
from farthing.kernel.acting import service as acting
from farthing.kernel.acting import store as powers
from farthing.kernel.acting.model import Power
from farthing.kernel.acting.scopes import listed
from farthing.kernel.answers import (
    KEY_REUSED,
    Form,
    Outcome,
    Pending,
    kept,
    key_id,
    leaf_form,
    replay,
    request_digest,
)
from farthing.kernel.operation import Call, Operation, draft_form
from farthing.kernel.presence import store as presence
from farthing.kernel.proving import rules as proving_rules
from farthing.kernel.proving import service as proving
from farthing.kernel.undone import undone
from farthing.kernel.whose import NOT_THERE, Standing, Whose, not_allowed, stand
from farthing.kit.canonical import Verbatim
from farthing.kit.errors import Declined, InvariantBroken, Refusal, forbidden
from farthing.kit.ids import prefixed

Answer = Outcome | Refusal

POSTED = "kernel.posted"
"""The kind of the leaf that names what a batch of several calls posted."""


def run(tx: Tx, operation: Operation, calls: Sequence[Call], *, alone: bool = False) -> list[Outcome | Exception]:
    """Answer each call: permission, key, whose it is, four eyes, then one run for all the others.

    A call that runs ``alone`` runs the operation's function; its refusal is raised, so that the transaction is undone.
    """
    claims = {index: Claim(operation, call) for index, call in enumerate(calls) if call.key is not None}
    answers: dict[int, Answer] = {}
    twins: dict[int, int] = {}
    _permissions(operation, calls, answers)
    _earlier(tx, operation, claims, answers, twins)
    asked: dict[int, Admitted] = {}
    new = [index for index in range(len(calls)) if index not in answers and index not in twins]
    for index, standing in zip(new, _standings(tx, operation, [calls[index] for index in new]), strict=True):
        if isinstance(standing, Refusal):
            answers[index] = standing
        else:
            asked[index] = _taken(tx, operation, _admitted(calls[index], standing, claims.get(index)))
    results = _results(tx, operation, list(asked.values()), alone)
    fresh = [(index, Form(result)) for index, result in zip(asked, results, strict=True)]
    for index, form in fresh:
        answers[index] = form.value if isinstance(form.value, Refusal) else Outcome(form.value, False)
    done = [(asked[index], form) for index, form in fresh if not isinstance(form.value, Refusal)]
    for each, form in done:
        _acted(tx, operation, each, form)
    evidence.append_many(tx, leaves(tx, operation, done))
    _store(tx, operation, [(claims[index], form) for index, form in fresh if index in claims])
    for index, first in twins.items():
        answers[index] = told_again(claims[index], claims[first], answers[first])
    return [answers[index] for index in range(len(calls))]


def one(tx: Tx, operation: Operation, call: Call, claim: Claim | None) -> tuple[Admitted, Any]:
    """Run one command by its operation's own function; answers what it came to, or a draft. Raises its refusal."""
    standing = stand(tx, call.actor, operation.permission, operation.whose, call.command, operation.name)
    if call.actor.under is not None:
        raise InvariantBroken(f"operation {operation.name} is done for another, hence in a transaction of its own")
    admitted = _admitted(call, standing, claim)
    (result,) = _results(tx, operation, [admitted], alone=True)
    return admitted, result


def together(
    tx: Tx, operation: Operation, calls: Sequence[tuple[Call, Claim | None]]
) -> list[tuple[Admitted | None, Any]] | None:
    """Run commands by their operation's bulk form: what each came to, a result or a refusal, and as whose it was admitted.

    None where one of them waits for a second person: then nothing was done, and each is run by itself.
    """
    assert operation.bulk is not None
    standing = _standings(tx, operation, [call for call, _ in calls])
    admitted = [
        None if isinstance(stood, Refusal) else _admitted(call, stood, claim)
        for (call, claim), stood in zip(calls, standing, strict=True)
    ]
    if any(each is not None and _needs_two(tx, operation, each) for each in admitted):
        return None
    asked = [each.call for each in admitted if each is not None]
    done = iter(operation.bulk(tx, asked) if asked else ())
    return [
        (each, stood if isinstance(stood, Refusal) else next(done))
        for each, stood in zip(admitted, standing, strict=True)
    ]


def leaf(tx: Tx, operation: Operation, admitted: Admitted, result: Form) -> tuple[str, object]:
    """The leaf of one command that ran in a transaction of its own, or as if it had: it names what it posted."""
    return operation.name, {**_leaf(admitted, result, operation.by_key is not None), **_posted(tx)}


def tried(tx: Tx, operation: Operation, call: Call, shown: Callable[[Tx, Any], Any] | None) -> seen.Looked:
    """Run one call as far as its result (or what ``shown`` makes of it), for a preview that is then undone."""
    standing = stand(tx, call.actor, operation.permission, operation.whose, call.command, operation.name)
    actor = standing.actor
    if actor.under is not None:
        actor = acting.carried(tx, actor, acting.take(tx, actor, operation.name, call.command), operation.name)
    as_actor = replace(tx, actor=actor)
    if operation.by_key is not None:
        operation.by_key(as_actor, call.command)
    result = operation.function(as_actor, call.command, *call.prepared)
    if operation.confirm is not None or not call.actor.by_key:  # else its command says all that a key confirms
        result = seen.told(tx, operation, result)
    return seen.look(operation, call, result, result if shown is None else shown(as_actor, result))


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that is to be run, its command's form, for whom its actor stands, and under which power, if under one."""

    call: Call
    command: Form
    standing: Standing
    power: Power | None = None


def _admitted(call: Call, standing: Standing, claim: Claim | None) -> Admitted:
    command = Form(call.command) if claim is None else claim.command
    return Admitted(call if standing.actor is call.actor else replace(call, actor=standing.actor), command, standing)


def _taken(tx: Tx, operation: Operation, admitted: Admitted) -> Admitted:
    """The same with the power that it is done under, counted, and the confirmation that it names, used; refuses ``acting.*``,
    ``kernel.confirmation_not_good``."""
    call = admitted.call
    if call.actor.under is not None:
        power = acting.take(tx, call.actor, operation.name, call.command)
        call = replace(call, actor=acting.carried(tx, call.actor, power, operation.name))
        admitted = replace(admitted, power=power, call=call)
    if call.proof is None:
        return admitted
    bound = proving.take(tx, call.actor, call.proof)
    return replace(admitted, call=replace(call, actor=replace(call.actor, by_key=True), bound=bound))


class Claim:
    """A call's key: the row it stands in, the digest of its request, and the command's form, which the leaf takes over."""

    __slots__ = ("command", "digest", "id", "key")

    def __init__(self, operation: Operation, call: Call) -> None:
        self.key = call.key or ""
        self.id: UUID = key_id(call.actor, self.key)
        self.command = Form(call.command)
        self.digest = request_digest(operation.name, self.command, self.key)

    def earlier(self, operation: Operation, row: dict[str, Any]) -> Answer:
        """The answer that is stored under this key."""
        try:
            return replay(operation, row, self.command, self.key)
        except Refusal as refusal:
            return refusal


def _permissions(operation: Operation, calls: Sequence[Call], answers: dict[int, Answer]) -> None:
    for index, call in enumerate(calls):
        if not call.actor.may(operation.permission):
            answers[index] = not_allowed(call.actor, operation.permission)


def _earlier(
    tx: Tx, operation: Operation, claims: dict[int, Claim], answers: dict[int, Answer], twins: dict[int, int]
) -> None:
    """Answer calls whose key was used before; a key that occurs twice in the batch is run once, for the first."""
    open_claims = {index: claim for index, claim in claims.items() if index not in answers}
    stored = store.answers(tx, [claim.id for claim in open_claims.values()]) if open_claims else {}
    first: dict[UUID, int] = {}
    for index, claim in open_claims.items():
        if claim.id in stored:
            answers[index] = claim.earlier(operation, stored[claim.id])
        elif claim.id in first:
            twins[index] = first[claim.id]
        else:
            first[claim.id] = index


def _standings(tx: Tx, operation: Operation, calls: Sequence[Call]) -> list[Standing | Refusal]:
    whose = operation.whose.known(tx, [call.command for call in calls])
    return [_standing(tx, operation, whose, call) for call in calls]


def _standing(tx: Tx, operation: Operation, whose: Whose, call: Call) -> Standing | Refusal:
    try:
        return stand(tx, call.actor, operation.permission, whose, call.command, operation.name)
    except Refusal as refusal:
        return refusal


def _results(tx: Tx, operation: Operation, asked: Sequence[Admitted], alone: bool) -> list[Any]:
    """What each call came to: a result, a refusal, or a draft where a second person must agree. One that runs ``alone`` raises
    its refusal, a draft's too."""
    drafted = [_needs_two(tx, operation, each) for each in asked]
    ready = [each.call for each, draft in zip(asked, drafted, strict=True) if not draft]
    done = iter(_alone(tx, operation, ready) if alone else _together(tx, operation, ready))
    found = [_draft(tx, operation, each) if draft else next(done) for each, draft in zip(asked, drafted, strict=True)]
    for each in found if alone else ():
        if isinstance(each, Refusal):  # raised, so that it uses up neither a day's limit nor a confirmation
            raise each
    return found


def _needs_two(tx: Tx, operation: Operation, asked: Admitted) -> bool:
    command = asked.call.command
    if operation.needs_two(command) or _jointly(operation, asked):
        return True
    rule, attendance_id = operation.two_for_another, asked.standing.attendance_id
    if rule is None or attendance_id is None:
        return False
    if not presence.hold_attendance(tx, attendance_id):  # ten at once must not each be the first of the day
        raise NOT_THERE(actor=asked.call.actor.id)
    return rule(replace(tx, actor=asked.call.actor), command)


def _jointly(operation: Operation, asked: Admitted) -> bool:
    """Whether another signatory must want it too."""
    return asked.power is not None and asked.power.jointly and operation.name not in listed().always | listed().alone


def _acted(tx: Tx, operation: Operation, asked: Admitted, form: Form) -> None:
    """Keep what was done for another, and have the one for whom told."""
    waits = isinstance(form.value, Pending)
    if asked.power is not None and not waits and operation.name not in listed().quiet:
        told = acting.record(tx, asked.power, operation.name, asked.call.command, tx.names())
        later.enqueue(tx, "parties.tell_act", told)


def _alone(tx: Tx, operation: Operation, calls: Sequence[Call]) -> list[Any]:
    return [_as_seen(replace(tx, actor=call.actor), operation, call) for call in calls]


def _as_seen(tx: Tx, operation: Operation, call: Call) -> Any:
    """Run one call; refuses ``kernel.not_as_seen`` and ``kernel.confirmation_differs`` where it is confirmed and came to
    something else."""
    if operation.by_key is not None:
        operation.by_key(tx, call.command)
    result = operation.function(tx, call.command, *call.prepared)
    seen.check(tx, operation, call, result)
    return result


def _together(tx: Tx, operation: Operation, calls: Sequence[Call]) -> Sequence[Any]:
    if operation.batch is None:
        raise InvariantBroken(f"operation {operation.name} has no batch form")
    if any(call.alone for call in calls):
        raise InvariantBroken(f"operation {operation.name} is confirmed as it was seen, hence runs alone")
    return operation.batch(tx, calls) if calls else []


NO_PERSON = forbidden(
    "approvals.no_person",
    "{actor} is a program; what two persons must want, a person asks for.",
    "{actor} 是程序；须双人复核的事项，应由本人提出。",
)


def _draft(tx: Tx, operation: Operation, asked: Admitted) -> Pending | Refusal:
    """Keep a command for a second person; what would be refused now is refused before it waits for anybody.

    What its maker has seen is compared here and not kept: the second person reads what it comes to then.
    """
    maker = replace(tx, actor=asked.call.actor)
    if maker.actor.is_program:
        return NO_PERSON(actor=maker.actor.id)
    try:
        undone(tx, lambda: _as_seen(maker, operation, asked.call))
    except Refusal as refusal:
        return refusal
    standing = asked.standing
    if asked.power is not None:
        joint_id = tx.new_id("joint")
        powers.insert_joint(maker, asked.power, joint_id, operation.name, draft_form(asked.call.command))
        return Pending(joint_id, operation.name)
    parties = sorted(standing.actor.stands_for) if standing.for_another else ()
    draft = store.draft(maker, operation.name, draft_form(asked.call.command), standing.attendance_id, parties)
    return Pending(prefixed("appr", draft), operation.name)


def leaves(tx: Tx, operation: Operation, done: Sequence[tuple[Admitted, Form]]) -> list[tuple[str, object]]:
    """A leaf for each call. What a batch posts is posted as one, and named in one: the only leaf, or one more.

    So books and log say the same twice, and ``verify`` compares them in both directions.
    """
    posted = _posted(tx)
    alone, by_key = posted if len(done) == 1 else {}, operation.by_key is not None
    found: list[tuple[str, object]] = [
        (operation.name, {**_leaf(each, result, by_key), **alone}) for each, result in done
    ]
    if posted and not alone:
        found.append((POSTED, {"operation": operation.name, **posted}))
    return found


def _posted(tx: Tx) -> dict[str, Verbatim]:
    names = tx.names()
    return {"posted": Verbatim(f'{{"journal_entries":[{",".join(names)}]}}')} if names else {}


def _leaf(asked: Admitted, result: Form, by_key: bool) -> dict[str, Any]:
    """Who asked for what, and what came of it; under which attendance, where it was done for somebody else; and of what a key
    may confirm, how its person was proved, and the confirmation; under which power, by whom and for whom, if under one."""
    call, attendance = asked.call, asked.standing.attendance_id
    leaf = {"actor": call.actor.id, "command": leaf_form(asked.command), "result": leaf_form(result)}
    proved = proving_rules.how(call.actor, attendance) if by_key else None
    if proved is not None:
        leaf["proved"] = proved
    if call.bound is not None:
        leaf["confirmed"] = proving.evidence(call.bound, call.actor.party_id)
    if asked.power is not None:
        leaf["under"] = acting.told(asked.power)
    return leaf if attendance is None else {**leaf, "attendance": attendance}


def _store(tx: Tx, operation: Operation, answered: Sequence[tuple[Claim, Form]]) -> None:
    """Keep what was answered under a key; a rule's "no" too, but not a request that could not be read."""
    rows = [
        (claim.id, operation.name, claim.digest, kept(form))
        for claim, form in answered
        if not isinstance(form.value, Refusal) or isinstance(form.value, Declined)
    ]
    if rows and store.store_answers(tx, rows) != len(rows):
        raise Collision("a key of this batch was used by another transaction meanwhile")


def told_again(claim: Claim, first: Claim, answer: Answer) -> Answer:
    """What a command is told whose key stood in the same batch before: the first one's answer, if it is the same request."""
    if claim.digest != first.digest:
        return KEY_REUSED(key=claim.key)
    return Outcome(answer.result, True) if isinstance(answer, Outcome) else answer
