"""Own a row: commands of several operations that run one after the other in one transaction, each as if it came alone.

A lane runs many callers' commands of one hot operation as a set. A row is for everything else that comes in numbers: the
steps of a quiet day's close, a town's people who register. Each command has its own permission, key, whose, four eyes,
leaf and answer; it runs its operation's own function in a part of the transaction, which is undone alone where it is
refused. What is saved is what each would pay again: begin and commit, one statement for all keys, one for all leaves,
one for all answers. Never commits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import batch, store
from farthing.kernel.answers import Form, Outcome, kept
from farthing.kernel.batch import Answer, Claim
from farthing.kernel.operation import Call, Operation
from farthing.kernel.whose import NOT_ALLOWED
from farthing.kit.errors import Declined, InvariantBroken, Refusal

Named = tuple[Operation, Call]
"""A command and the operation that it is one of."""


class _Row:
    """A row that is under way: what was answered, and what is to be kept of it at its end."""

    def __init__(self, tx: Tx, calls: Sequence[Named], keep_refusals: bool) -> None:
        self._tx = tx
        self._keep_refusals = keep_refusals
        self._claims = [Claim(operation, call) if call.key is not None else None for operation, call in calls]
        ids = [claim.id for claim in self._claims if claim is not None]
        self._stored = store.answers(tx, ids) if ids else {}
        self._first: dict[UUID, tuple[Claim, Answer]] = {}
        self._leaves: list[tuple[str, object]] = []
        self._kept: list[tuple[UUID, str, bytes, Any]] = []

    def answer(self, index: int, operation: Operation, call: Call) -> Answer:
        """Answer one command: refused, replayed, told as its twin in this row was, or run now."""
        if not call.actor.may(operation.permission):
            return NOT_ALLOWED(actor=call.actor.id, permission=operation.permission)
        claim = self._claims[index]
        if claim is None:
            return _answer(self._run(operation, call, None))
        if claim.id in self._stored:
            return claim.earlier(operation, self._stored[claim.id])
        if claim.id in self._first:
            first, answered = self._first[claim.id]
            return batch.told_again(claim, first, answered)
        form = self._run(operation, call, claim)
        if not isinstance(form.value, Refusal) or (self._keep_refusals and isinstance(form.value, Declined)):
            self._kept.append((claim.id, operation.name, claim.digest, kept(form)))
        found = _answer(form)
        self._first[claim.id] = claim, found
        return found

    def _run(self, operation: Operation, call: Call, claim: Claim | None) -> Form:
        """Run one command in a part of the transaction of its own, so that what it posted is named in its own leaf."""
        own = replace(self._tx, posted=[])
        try:
            with own.part():
                admitted, result = batch.one(own, operation, call, claim)
        except Refusal as refusal:
            return Form(refusal)
        form = Form(result)
        self._leaves.append(batch.leaf(own, operation, admitted, form))
        return form

    def end(self) -> None:
        """Keep the leaves and the answers of all; a key that somebody else used meanwhile has the row run again."""
        evidence.append_many(self._tx, self._leaves)
        if self._kept and store.store_answers(self._tx, self._kept) != len(self._kept):
            raise Collision("a key of this row was used by another transaction meanwhile")


def _answer(form: Form) -> Answer:
    return form.value if isinstance(form.value, Refusal) else Outcome(form.value, False)


def run(
    tx: Tx, calls: Sequence[Named], keep_refusals: bool = True, until: Callable[[Any], bool] | None = None
) -> list[Answer]:
    """Answer the commands in their order, up to the first answer, or refusal, of which ``until`` says that it is the last."""
    for operation, call in calls:
        if operation.prepare is not None or call.seen is not None:
            raise InvariantBroken(
                f"operation {operation.name} is prepared or confirmed as it was seen, hence runs alone"
            )
    row, answers = _Row(tx, calls, keep_refusals), []
    for index, (operation, call) in enumerate(calls):
        answers.append(row.answer(index, operation, call))
        if until is not None and until(answers[-1]):
            break
    row.end()
    return answers
