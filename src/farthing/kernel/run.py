"""Own ``Kernel.run``: the one door through which anything changes. Nobody else commits.

In one transaction: permission; the answer that is kept under the key, if any; whose it is; four eyes; the operation
itself; the evidence leaf; the stored answer, which is also the claim of the key; COMMIT. A collision with another
transaction (a twin under the same key too) runs the whole again. The protocol is :mod:`farthing.kernel.batch`'s.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from farthing.db.server import Collision, Database, Unavailable
from farthing.db.tx import Tx
from farthing.kernel import batch, errands, row, store
from farthing.kernel import clock as clocks
from farthing.kernel.answers import (
    KEY_REUSED,
    NOT_ALLOWED,
    Form,
    Outcome,
    Pending,
    kept,
    replay,
)
from farthing.kernel.clock import ClockState, Wall
from farthing.kernel.operation import Asked, Call, Operation, operation_of
from farthing.kernel.ports import Ports
from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kernel.question import question_of
from farthing.kernel.row import Named
from farthing.kernel.seen import Looked
from farthing.kernel.whose import not_allowed, stand
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Declined, Refusal
from farthing.kit.ids import IdSource

__all__ = ["KEY_REUSED", "NOT_ALLOWED", "Kernel", "Outcome", "Pending", "open_clock", "purge_keys"]

LOG = logging.getLogger("farthing.kernel")
Answer = TypeVar("Answer")

ATTEMPTS = 10
MOST_LOST = 3
"""How many lost connections in a row a request survives before its caller is told to come back."""


Ask = Callable[..., Any]
"""Asks one question: the function that is marked as one, and what it takes after its transaction."""


class _Tried(Exception):
    """Carries what a preview came to out of the transaction that is undone."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked


class Kernel:
    """The bank's core over one database: clock, id source, ports, the steps of a day's close, and ``run``.

    ``watches``: what its worker looks after every few seconds besides the jobs, with no transaction open.
    """

    def __init__(
        self,
        database: Database,
        *,
        ids: IdSource | None = None,
        wall: Wall = clocks.wall_clock,
        ports: Ports | None = None,
        steps: Sequence[Callable[..., Any]] = (),
        watches: Sequence[Callable[[Kernel], object]] = (),
    ) -> None:
        self.database = database
        self.ids = ids or IdSource()
        self.wall = wall
        self.ports = ports or Ports()
        self.steps = tuple(operation_of(step) for step in steps)
        self.watches = tuple(watches)
        self._named = tuple(step.name for step in self.steps)

    def open_bank(self, mode: str, time_zone: str, home: str, business_date: date | None = None) -> ClockState:
        """Start the bank's clock and settle its home currency if it has none; answers the clock as it stands."""
        with self.database.transaction() as connection:
            store.start_clock(connection, clocks.start(mode, time_zone, self.wall(), home, business_date))
        return self.clock()

    def clock(self) -> ClockState:
        """The bank's clock now."""
        with self.database.session() as connection:
            return open_clock(store.clock(connection))

    @cached_property
    def home(self) -> str:
        """The bank's home currency, settled when it was opened and for ever."""
        return self.clock().home

    def ready(self) -> ClockState:
        """The bank's clock, asked aside: a probe is answered also while every session and thread is at work."""
        with self.database.aside() as connection:
            return open_clock(store.clock(connection))

    def run(
        self,
        function: Callable[..., Any] | str,
        command: Any,
        *,
        actor: Actor = SYSTEM,
        key: str | None = None,
        keep_refusal: bool = True,
        seen: str | None = None,
        proof: str | None = None,
    ) -> Any:
        """Run one operation; answers its result (or ``Pending``), or raises ``Refusal``.

        With a ``key``, the same request answers the same for ever and another request under it is refused. Work that
        must be done in the end (the close of a day) does not ``keep_refusal``: it is tried again under its key. What was
        ``seen`` (:meth:`look`) is what is done, or ``kernel.not_as_seen``; the key is free for whoever looks again. ``proof`` is
        the answered challenge by which a key of one's own confirms it (:mod:`farthing.kernel.proving`).
        """
        operation = operation_of(function)
        outcome = self.execute(
            operation, command, actor=actor, key=key, keep_refusal=keep_refusal, seen=seen, proof=proof
        )
        return outcome.result

    def execute(
        self, operation: Operation, command: Any, *, actor: Actor, key: str | None = None, keep_refusal: bool = True,
        seen: str | None = None, proof: str | None = None, prepared: Callable[[], tuple[Any, ...]] | None = None,
    ) -> Outcome:  # fmt: skip
        """As :meth:`run`, and says whether the answer is a replay. ``prepared`` gives what was begun to be prepared before."""
        if not actor.may(operation.permission):
            raise not_allowed(actor, operation.permission)
        command = operation.checked(command)
        if operation.prepare is not None:
            self._admitted(operation, command, actor)
            earlier = None if key is None else self.earlier(operation, command, actor, key)
            if earlier is not None:
                return self._concluded(operation, earlier)
        try:
            made = prepared() if prepared else operation.prepared(command, self.ports)
            call = Call(command, actor, key, made, seen, proof)
            (answer,) = self._transact(lambda tx: batch.run(tx, operation, [call], alone=True), actor, key is not None)
        except Declined as refusal:
            if key is not None and keep_refusal:
                self._remember_refusal(operation, Call(command, actor, key), refusal)
            raise
        if isinstance(answer, Exception):
            raise answer
        return self._concluded(operation, answer)

    def _concluded(self, operation: Operation, outcome: Outcome) -> Outcome:
        """Carry what an operation asked of the outside, with no transaction open, then read what came of it.

        It is read as the program: whoever may be told the operation's answer may be told how it ended.
        """
        if isinstance(outcome.result, Asked):
            errands.carry_all(self, outcome.result.errands)
        return self._read_back(operation, outcome)

    def _read_back(self, operation: Operation, outcome: Outcome) -> Outcome:
        if not isinstance(outcome.result, Asked):
            return outcome
        return self.read(lambda tx: _concluded(tx, operation, outcome))

    def tidy(self, work: Callable[[Tx], Answer]) -> Answer:
        """Note something that is nobody's request, such as how far an errand is; it must be harmless to repeat."""
        return self._transact(work, SYSTEM, True)

    def run_batch(self, operation: Operation, calls: Sequence[Call]) -> list[Any | Refusal]:
        """Run many callers' commands of one hot operation; each gets its own result or refusal."""
        results: list[Any | Refusal] = []
        for answer in self.execute_batch(operation, calls):
            if isinstance(answer, Exception) and not isinstance(answer, Refusal):
                raise answer
            results.append(answer.result if isinstance(answer, Outcome) else answer)
        return results

    def execute_batch(self, operation: Operation, calls: Sequence[Call]) -> list[Outcome | Exception]:
        """Run many callers' commands of one hot operation in one transaction; each gets its own answer.

        A call with a key is answered as :meth:`execute` would: replayed, refused, or run once. A call that confirms
        what was seen runs alone after the others, for a difference undoes its transaction. A call that breaks
        the whole batch (our bug) is found by running the calls one by one, so that its neighbours stand.
        Raises ``Unavailable`` where nobody can be answered.
        """
        unseen = [call for call in calls if not call.alone]
        answers = iter(self._together(operation, unseen) if unseen else [])
        return [next(answers) if not call.alone else self._alone(operation, call) for call in calls]

    def execute_row(
        self,
        calls: Sequence[Named],
        *,
        keep_refusals: bool = True,
        until: Callable[[Sequence[Any]], bool] | None = None,
    ) -> list[Outcome | Refusal]:
        """Run commands of several operations in one transaction, one after the other, each answered for itself.

        As if each had come alone (:mod:`farthing.kernel.row`): what is refused changes nothing and leaves the others. The
        row ends after an answer of which ``until``, told all of them so far, says so. What they asked of the outside is
        carried together afterwards. A fault of ours undoes the whole row. For work that comes in numbers and for which
        nobody waits.
        """
        checked = [(operation, replace(call, command=operation.checked(call.command))) for operation, call in calls]
        repeatable = all(call.key is not None for _, call in calls)
        try:
            answers = self._transact(lambda tx: row.run(tx, checked, keep_refusals, until, False), SYSTEM, repeatable)
        except row.Refused:
            answers = self._transact(lambda tx: row.run(tx, checked, keep_refusals, until), SYSTEM, repeatable)
        asked = [
            errand for answer in answers if isinstance(answer, Outcome) and isinstance(answer.result, Asked)
            for errand in answer.result.errands
        ]  # fmt: skip
        if asked:
            errands.carry_row(self, asked)
        told = [(operation, answer) for (operation, _), answer in zip(calls, answers, strict=False)]
        return self.read(lambda tx: [_told(tx, *each) for each in told]) if asked else answers

    def _together(self, operation: Operation, calls: Sequence[Call]) -> list[Outcome | Exception]:
        repeatable = all(call.key is not None for call in calls)
        try:
            return list(self._transact(lambda tx: batch.run(tx, operation, calls), SYSTEM, repeatable))
        except Unavailable:
            raise
        except Exception as problem:
            LOG.warning("a batch of %s failed as a whole and is run one by one: %r", operation.name, problem)
            return [self._alone(operation, call) for call in calls]

    def _alone(self, operation: Operation, call: Call) -> Outcome | Exception:
        try:
            return self.execute(
                operation, call.command, actor=call.actor, key=call.key, seen=call.seen, proof=call.proof
            )
        except Exception as problem:
            return problem

    def read(self, query: Callable[[Tx], Answer], *, actor: Actor = SYSTEM, snapshot: bool = False) -> Answer:
        """Answer a question in a read-only transaction; with ``snapshot`` all of it sees one state of the books."""
        for attempt in range(ATTEMPTS):
            try:
                with self.database.transaction(read_only=True, snapshot=snapshot) as connection:
                    return query(self._tx(connection, actor, {} if snapshot else None))
            except Unavailable as error:
                if error.waited or attempt >= MOST_LOST:
                    raise
                self.database.heal()
        raise AssertionError("unreachable")

    def ask(
        self, function: Callable[..., Answer], /, *arguments: Any, actor: Actor = SYSTEM, snapshot: bool = False,
        **named: Any,
    ) -> Answer:  # fmt: skip
        """Answer one question as an actor; refuses what its declaration refuses, before it is answered."""
        asked = question_of(function)
        answer: Answer = self.read(lambda tx: asked.answer(tx, *arguments, **named), actor=actor, snapshot=snapshot)
        return answer

    def view(self, build: Callable[[Ask], Answer], *, actor: Actor = SYSTEM) -> Answer:
        """Answer several questions of one state of the books: ``build`` asks them, each under its own declaration."""

        def look(tx: Tx) -> Answer:
            return build(lambda function, *arguments, **named: question_of(function).answer(tx, *arguments, **named))

        return self.read(look, actor=actor, snapshot=True)

    def preview(
        self,
        function: Callable[..., Any] | str | Operation,
        command: Any,
        *,
        actor: Actor = SYSTEM,
        shown: Callable[[Tx, Any], Answer] | None = None,
    ) -> Any:
        """What an operation would answer now, with the same refusals: it is run and undone, and nothing is kept.

        ``shown`` looks at what would then be there. What needs two persons is tried as if the second had agreed.
        """
        return self.look(function, command, actor=actor, shown=shown).answer

    def look(
        self,
        function: Callable[..., Any] | str | Operation,
        command: Any,
        *,
        actor: Actor = SYSTEM,
        shown: Callable[[Tx, Any], Any] | None = None,
    ) -> Looked:
        """As :meth:`preview`, with the facts that whoever confirms must see, and the digest that confirms them.

        What a key must confirm is shown as it would be once it is (``key_needed``)."""
        operation = function if isinstance(function, Operation) else operation_of(function)
        if not actor.may(operation.permission):
            raise not_allowed(actor, operation.permission)
        command = operation.checked(command)
        if operation.prepare is not None:
            self._admitted(operation, command, actor)
        call = Call(command, actor, None, operation.prepared(command, self.ports))
        try:
            return self._tried(operation, call, shown)
        except Refusal as refusal:
            if operation.by_key is None or refusal.code != KEY_NEEDED.name:
                raise
        by_key = replace(call, actor=replace(actor, by_key=True))
        return replace(self._tried(operation, by_key, shown), key_needed=True)

    def _tried(self, operation: Operation, call: Call, shown: Callable[[Tx, Any], Any] | None) -> Looked:
        """Run one call and undo it; what it would come to."""

        def tried(tx: Tx) -> Looked:
            raise _Tried(batch.tried(tx, operation, call, shown))

        try:
            return self._transact(tried, call.actor, True)
        except _Tried as done:
            return done.looked

    def _tx(self, connection: Any, actor: Actor, read_once: dict[tuple[str, str], Any] | None = None) -> Tx:
        state = open_clock(store.clock(connection))
        wall = self.wall()
        return Tx(
            connection, clocks.instant(state, wall), state.business_date, actor, self.ids, wall, state.home, self.ports,
            self._named, read_once=read_once,
        )  # fmt: skip

    def _transact(self, work: Callable[[Tx], Answer], actor: Actor, repeatable: bool) -> Answer:
        """Run ``work`` and commit; again after a collision, and after a lost COMMIT only if it is idempotent."""
        for attempt in range(ATTEMPTS):
            try:
                with self.database.transaction() as connection:
                    return work(self._tx(connection, actor))
            except Collision:
                if attempt == ATTEMPTS - 1:
                    raise Unavailable("too many transactions collided; try again") from None
            except Unavailable as error:
                if error.waited or attempt >= MOST_LOST or (error.unknown_outcome and not repeatable):
                    raise
                self.database.heal()
            time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def _admitted(self, asked: Operation, command: Any, actor: Actor) -> None:
        """Refuse whoever may not before something slow is prepared for them; the transaction asks once more."""
        self.read(lambda tx: stand(tx, actor, asked.permission, asked.whose, command, asked.name), actor=actor)

    def earlier(self, operation: Operation, command: Any, actor: Actor, key: str) -> Outcome | None:
        """The answer that is kept under a key, if any: asked before something slow is done for nothing.

        Refuses ``idempotency.key_reused`` where it is another request's.
        """
        claim = batch.Claim(operation, Call(command, actor, key))
        earlier = self.read(lambda tx: store.answers(tx, [claim.id]), actor=actor).get(claim.id)
        return None if earlier is None else replay(operation, earlier, claim.command, key)

    def _remember_refusal(self, operation: Operation, call: Call, refusal: Refusal) -> None:
        """Store a rule's "no" under the key, so that a repeated request is told the same, unless it was answered."""
        claim = batch.Claim(operation, call)

        def work(tx: Tx) -> None:
            store.store_answers(tx, [(claim.id, operation.name, claim.digest, kept(Form(refusal)))])

        self._transact(work, call.actor, True)


def _concluded(tx: Tx, operation: Operation, outcome: Outcome) -> Outcome:
    """What came of an operation that asked the outside, now that it was carried; raises the refusal that it came to."""
    asked, conclude = outcome.result, operation.conclude
    if not isinstance(asked, Asked) or conclude is None:
        return outcome
    return Outcome(conclude(tx, asked), outcome.replayed)


def _told(tx: Tx, operation: Operation, answer: Outcome | Refusal) -> Outcome | Refusal:
    """As :func:`_concluded`, for one of a row: a refusal is its answer."""
    if isinstance(answer, Refusal):
        return answer
    try:
        return _concluded(tx, operation, answer)
    except Refusal as refusal:
        return refusal


def purge_keys(tx: Tx, keep_days: int = 7) -> int:
    """Forget idempotency keys older than the promise; answers how many."""
    return store.purge(tx, tx.now - timedelta(days=keep_days))


def open_clock(state: ClockState | None) -> ClockState:
    """The clock, or ``Unavailable`` before the bank is opened."""
    if state is None:
        raise Unavailable("the bank is not open: run `farthing migrate` first")
    return state
