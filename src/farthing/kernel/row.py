"""Own a row: commands of several operations that run one after the other in one transaction, each as if it came alone.

A lane runs many callers' commands of one hot operation as a set. A row is for everything else that comes in numbers: the
steps of a quiet day's close, a town's people who register. Each command has its own permission, key, whose, four eyes,
leaf and answer. What is saved is what each would pay again: begin and commit, one statement for all keys, one for all
leaves, one for all answers. Neighbours of an operation that has a bulk form run by it, as if one after the other.

A row is tried in good faith first: nothing is made ready to be undone. Where a command that ran is refused,
:class:`Refused` undoes the whole, and the row runs once more ``in_parts``: each command in a part of the transaction,
which is undone alone. Never commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import batch, store
from farthing.kernel.answers import Form, Outcome, kept
from farthing.kernel.batch import Answer, Claim
from farthing.kernel.operation import Call, Operation
from farthing.kernel.whose import not_allowed
from farthing.kit.errors import Declined, InvariantBroken, Refusal

Named = tuple[Operation, Call]
"""A command and the operation that it is one of."""


class Refused(Exception):
    """A command of a row that was tried in good faith was refused: the row is to run again, in parts."""


class _Row:
    """A row that is under way: what was answered, and what is to be kept of it at its end."""

    def __init__(self, tx: Tx, calls: Sequence[Named], keep_refusals: bool, in_parts: bool) -> None:
        self._tx = tx
        self._keep_refusals = keep_refusals
        self._in_parts = in_parts
        self._claims = [Claim(operation, call) if call.key is not None else None for operation, call in calls]
        ids = [claim.id for claim in self._claims if claim is not None]
        self._stored = store.answers(tx, ids) if ids else {}
        self._first: dict[UUID, tuple[Claim, Answer]] = {}
        self._leaves: list[tuple[str, object]] = []
        self._kept: list[tuple[UUID, str, bytes, Any]] = []

    def answer(self, index: int, operation: Operation, call: Call) -> Answer:
        """Answer one command: refused, replayed, told as its twin in this row was, or run now."""
        if not call.actor.may(operation.permission):
            return not_allowed(call.actor, operation.permission)
        claim = self._claims[index]
        if claim is None:
            return _answer(self._run(operation, call, None))
        if claim.id in self._stored:
            return claim.earlier(operation, self._stored[claim.id])
        if claim.id in self._first:
            first, answered = self._first[claim.id]
            return batch.told_again(claim, first, answered)
        return self._taken(operation, claim, self._run(operation, call, claim))

    def answer_together(self, first: int, operation: Operation, calls: Sequence[Call]) -> list[Answer]:
        """Answer neighbours of one operation: by its bulk form those that run now, unless they must run one by one."""
        fresh = self._fresh(first, operation, calls)
        done = self._run_together(operation, [(calls[at], self._claims[first + at]) for at in fresh])
        answers: dict[int, Answer] = {}
        for at, form in zip(fresh, done or (), strict=False):
            claim = self._claims[first + at]
            answers[at] = _answer(form) if claim is None else self._taken(operation, claim, form)
        return [
            answers[at] if at in answers else self.answer(first + at, operation, call) for at, call in enumerate(calls)
        ]

    def _fresh(self, first: int, operation: Operation, calls: Sequence[Call]) -> list[int]:
        """Places of the commands that run now: their actor may, and their key was used neither before nor beside them."""
        found, seen = [], set(self._stored) | set(self._first)
        for at, call in enumerate(calls):
            claim = self._claims[first + at]
            if call.actor.may(operation.permission) and (claim is None or claim.id not in seen):
                found.append(at)
                seen |= set() if claim is None else {claim.id}
        return found

    def _run_together(self, operation: Operation, calls: Sequence[tuple[Call, Claim | None]]) -> list[Form] | None:
        """Run commands by their bulk form; none where it does not take them, and nothing of it stands."""
        if len(calls) < 2:
            return None
        own = replace(self._tx, posted=[])
        try:
            with self._part(own):
                done = batch.together(own, operation, calls)
        except Refusal:
            return None
        if done is None:
            return None
        forms = [Form(result) for _, result in done]
        self._leaves += batch.leaves(
            own,
            operation,
            [
                (admitted, form)
                for (admitted, result), form in zip(done, forms, strict=True)
                if admitted is not None and not isinstance(result, Refusal)
            ],
        )
        return forms

    def _taken(self, operation: Operation, claim: Claim, form: Form) -> Answer:
        """What one that ran came to, to be kept under its key."""
        if not isinstance(form.value, Refusal) or (self._keep_refusals and isinstance(form.value, Declined)):
            self._kept.append((claim.id, operation.name, claim.digest, kept(form)))
        found = _answer(form)
        self._first[claim.id] = claim, found
        return found

    def _run(self, operation: Operation, call: Call, claim: Claim | None) -> Form:
        """Run one command as if it were alone, so that what it posted is named in its own leaf."""
        own = replace(self._tx, posted=[])
        try:
            with self._part(own):
                admitted, result = batch.one(own, operation, call, claim)
        except Refusal as refusal:
            return Form(refusal)
        form = Form(result)
        self._leaves.append(batch.leaf(own, operation, admitted, form))
        return form

    def _part(self, own: Tx) -> AbstractContextManager[None]:
        return own.part() if self._in_parts else _in_good_faith()

    def end(self) -> None:
        """Keep the leaves and the answers of all; a key that somebody else used meanwhile has the row run again."""
        evidence.append_many(self._tx, self._leaves)
        if self._kept and store.store_answers(self._tx, self._kept) != len(self._kept):
            raise Collision("a key of this row was used by another transaction meanwhile")


@contextmanager
def _in_good_faith() -> Iterator[None]:
    """Around what is not made ready to be undone."""
    try:
        yield
    except Refusal as refusal:
        raise Refused from refusal


def _answer(form: Form) -> Answer:
    return form.value if isinstance(form.value, Refusal) else Outcome(form.value, False)


def run(
    tx: Tx,
    calls: Sequence[Named],
    keep_refusals: bool = True,
    until: Callable[[Sequence[Any]], bool] | None = None,
    in_parts: bool = True,
) -> list[Answer]:
    """Answer the commands in their order, up to the first answer, or refusal, of which ``until`` says that it is the last.

    ``until`` is told all answers so far. Not ``in_parts`` it raises :class:`Refused` where a command that ran is refused.
    """
    for operation, call in calls:
        if operation.prepare is not None or call.seen is not None:
            raise InvariantBroken(
                f"operation {operation.name} is prepared or confirmed as it was seen, hence runs alone"
            )
    row = _Row(tx, calls, keep_refusals, in_parts)
    answers: list[Answer] = []
    for operation, group in groupby(calls, key=lambda named: named[0]):
        neighbours = [call for _, call in group]
        if operation.bulk is not None and until is None:
            answers += row.answer_together(len(answers), operation, neighbours)
            continue
        for call in neighbours:
            answers.append(row.answer(len(answers), operation, call))
            if until is not None and until(answers):
                row.end()
                return answers
    row.end()
    return answers
