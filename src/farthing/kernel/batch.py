"""Own the batch: many callers' commands of one hot operation in one transaction, each with its own key and answer.

The keys of a batch cost two statements, whatever its size: one reads earlier answers, one stores the new ones.
The second is also the claim: a key that another transaction stored meanwhile is a ``Collision``, upon which the
whole batch runs again and finds that answer. Never commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import store
from farthing.kernel.answers import (
    KEY_REUSED,
    NOT_ALLOWED,
    Outcome,
    Pending,
    kept,
    key_id,
    leaf_form,
    replay,
    request_digest,
)
from farthing.kernel.operation import Call, Operation, draft_form
from farthing.kit.errors import Declined, InvariantBroken, Refusal
from farthing.kit.ids import prefixed

Answer = Outcome | Refusal


def run(tx: Tx, operation: Operation, calls: Sequence[Call]) -> list[Outcome | Exception]:
    """Answer each call: permission, key, four eyes, then one run of the operation's batch form for all the others."""
    if operation.batch is None:
        raise InvariantBroken(f"operation {operation.name} has no batch form")
    claims = {index: Claim(operation, call) for index, call in enumerate(calls) if call.key is not None}
    answers: dict[int, Answer] = {}
    twins: dict[int, int] = {}
    _permissions(operation, calls, answers)
    _earlier(tx, operation, claims, answers, twins)
    waiting = [index for index in range(len(calls)) if index not in answers and index not in twins]
    results = _results(tx, operation, [calls[index] for index in waiting])
    for index, result in zip(waiting, results, strict=True):
        answers[index] = result if isinstance(result, Refusal) else Outcome(result, False)
    fresh = list(zip(waiting, results, strict=True))
    _leaves(tx, operation, [(calls[index], result) for index, result in fresh if not isinstance(result, Refusal)])
    _store(tx, operation, [(claims[index], result) for index, result in fresh if index in claims])
    for index, first in twins.items():
        answers[index] = _told_again(claims[index], claims[first], answers[first])
    return [answers[index] for index in range(len(calls))]


class Claim:
    """A call's key: the row it stands in and the digest of its request."""

    __slots__ = ("digest", "id", "key")

    def __init__(self, operation: Operation, call: Call) -> None:
        self.key = call.key or ""
        self.id: UUID = key_id(call.actor, self.key)
        self.digest = request_digest(operation, call.command)

    def earlier(self, operation: Operation, row: dict[str, Any]) -> Answer:
        """The answer that is stored under this key."""
        try:
            return replay(operation, row, self.digest, self.key)
        except Refusal as refusal:
            return refusal


def _permissions(operation: Operation, calls: Sequence[Call], answers: dict[int, Answer]) -> None:
    for index, call in enumerate(calls):
        if not call.actor.may(operation.permission):
            answers[index] = NOT_ALLOWED(actor=call.actor.id, permission=operation.permission)


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


def _results(tx: Tx, operation: Operation, calls: Sequence[Call]) -> list[Any]:
    """What each call came to: a result, a refusal, or a draft where a second person must agree."""
    drafted = [operation.needs_two(call.command) for call in calls]
    alone = [call for call, draft in zip(calls, drafted, strict=True) if not draft]
    assert operation.batch is not None
    done = iter(operation.batch(tx, alone) if alone else ())
    return [_draft(tx, operation, call) if draft else next(done) for call, draft in zip(calls, drafted, strict=True)]


def _draft(tx: Tx, operation: Operation, call: Call) -> Pending:
    draft = store.draft(replace(tx, actor=call.actor), operation.name, draft_form(call.command))
    return Pending(prefixed("appr", draft), operation.name)


def _leaves(tx: Tx, operation: Operation, done: Sequence[tuple[Call, Any]]) -> None:
    evidence.append_many(
        tx,
        [
            (
                operation.name,
                {"actor": call.actor.id, "command": leaf_form(call.command), "result": leaf_form(result)},
            )
            for call, result in done
        ],
    )


def _store(tx: Tx, operation: Operation, answered: Sequence[tuple[Claim, Any]]) -> None:
    """Keep what was answered under a key; a rule's "no" too, but not a request that could not be read."""
    rows = [
        (claim.id, claim.digest, kept(result))
        for claim, result in answered
        if not isinstance(result, Refusal) or isinstance(result, Declined)
    ]
    if rows and store.store_answers(tx, operation.name, rows) != len(rows):
        raise Collision("a key of this batch was used by another transaction meanwhile")


def _told_again(claim: Claim, first: Claim, answer: Answer) -> Answer:
    if claim.digest != first.digest:
        return KEY_REUSED(key=claim.key)
    return Outcome(answer.result, True) if isinstance(answer, Outcome) else answer
