"""Own ``Kernel.run``: the one door through which anything changes. Nobody else commits.

In one transaction: claim the idempotency key or replay its answer; permission; four eyes; the operation itself;
the evidence leaf; the stored answer; COMMIT. A collision with another transaction runs the whole again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from farthing.db.server import Collision, Database, Unavailable
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import clock as clocks
from farthing.kernel import store
from farthing.kernel.clock import ClockState, Wall
from farthing.kernel.operation import Call, Operation, operation_of
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import CODES, Code, Declined, Refusal, conflict, forbidden
from farthing.kit.ids import IdSource, derived, prefixed

Answer = TypeVar("Answer")

KEY_REUSED = conflict(
    "idempotency.key_reused",
    "Idempotency key {key} was used before for another request; use a new key for a new request.",
    "幂等键 {key} 已用于另一请求;新请求请使用新键。",
)
NOT_ALLOWED = forbidden(
    "kernel.forbidden", "{actor} lacks the permission {permission}.", "{actor} 没有权限 {permission}。"
)

ATTEMPTS = 10
MOST_LOST = 3
"""How many lost connections in a row a request survives before its caller is told to come back."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The answer of a command that waits for a second person."""

    approval_id: str
    operation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, and whether it is the stored answer of an earlier identical request."""

    result: Any
    replayed: bool


class Kernel:
    """The bank's core over one database: clock, id source and ``run``."""

    def __init__(self, database: Database, *, ids: IdSource | None = None, wall: Wall = clocks.wall_clock) -> None:
        self.database = database
        self.ids = ids or IdSource()
        self.wall = wall

    def open_bank(self, mode: str, time_zone: str, business_date: date | None = None) -> ClockState:
        """Start the bank's clock if it has none; answers the clock."""
        with self.database.transaction() as connection:
            store.start_clock(connection, clocks.start(mode, time_zone, self.wall(), business_date))
        return self.clock()

    def clock(self) -> ClockState:
        """The bank's clock now."""
        with self.database.session() as connection:
            return open_clock(store.clock(connection))

    def run(
        self,
        function: Callable[[Tx, Any], Any] | str,
        command: Any,
        *,
        actor: Actor = SYSTEM,
        key: str | None = None,
    ) -> Any:
        """Run one operation; answers its result (or ``Pending``), or raises ``Refusal``.

        With a ``key``, the same request answers the same for ever and another request under it is refused.
        """
        return self.execute(operation_of(function), command, actor=actor, key=key).result

    def execute(self, operation: Operation, command: Any, *, actor: Actor, key: str | None = None) -> Outcome:
        """As :meth:`run`, and says whether the answer is a replay."""
        if not actor.may(operation.permission):
            raise NOT_ALLOWED(actor=actor.id, permission=operation.permission)
        request = digest({"operation": operation.name, "command": command}) if key is not None else b""
        try:
            return self._transact(
                lambda tx: self._attempt(tx, operation, command, key, request), actor, key is not None
            )
        except Declined as refusal:
            if key is not None:
                self._remember_refusal(operation, key, request, actor, refusal)
            raise

    def run_batch(self, operation: Operation, calls: Sequence[Call]) -> list[Any | Refusal]:
        """Run many callers' commands of one hot operation in one transaction; each gets its own answer."""
        if operation.batch is None:
            raise TypeError(f"operation {operation.name} has no batch form")
        return self._transact(lambda tx: self._batch(tx, operation, calls), SYSTEM, False)

    def read(self, query: Callable[[Tx], Answer], *, actor: Actor = SYSTEM) -> Answer:
        """Answer a question in a read-only transaction."""
        for attempt in range(ATTEMPTS):
            try:
                with self.database.transaction(read_only=True) as connection:
                    return query(self._tx(connection, actor))
            except Unavailable:
                if attempt >= MOST_LOST:
                    raise
                self.database.heal()
        raise AssertionError("unreachable")

    def _tx(self, connection: Any, actor: Actor) -> Tx:
        state = open_clock(store.clock(connection))
        wall = self.wall()
        return Tx(connection, clocks.instant(state, wall), state.business_date, actor, self.ids, wall)

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
                if attempt >= MOST_LOST or (error.unknown_outcome and not repeatable):
                    raise
                self.database.heal()
            time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def _attempt(self, tx: Tx, operation: Operation, command: Any, key: str | None, request: bytes) -> Outcome:
        claimed = None
        if key is not None:
            claimed = _key_id(tx.actor, key)
            earlier = store.claim(tx, claimed, operation.name, request)
            if earlier is not None:
                return _replay(operation, earlier, request, key)
        if operation.needs_two(command):
            draft = store.draft(tx, operation.name, plain(command))
            result: Any = Pending(prefixed("appr", draft), operation.name)
        else:
            result = operation.function(tx, command)
        evidence.append_many(tx, [(operation.name, {"command": leaf_form(command), "result": leaf_form(result)})])
        if claimed is not None:
            store.answer(tx, claimed, {"pending" if isinstance(result, Pending) else "result": plain(result)})
        return Outcome(result, False)

    def _batch(self, tx: Tx, operation: Operation, calls: Sequence[Call]) -> list[Any | Refusal]:
        assert operation.batch is not None
        allowed = [call for call in calls if call.actor.may(operation.permission)]
        answers = iter(operation.batch(tx, allowed))
        results: list[Any | Refusal] = [
            next(answers)
            if call.actor.may(operation.permission)
            else NOT_ALLOWED(actor=call.actor.id, permission=operation.permission)
            for call in calls
        ]
        leaves = [
            (
                operation.name,
                {"actor": call.actor.id, "command": leaf_form(call.command), "result": leaf_form(result)},
            )
            for call, result in zip(calls, results, strict=True)
            if not isinstance(result, Refusal)
        ]
        if leaves:
            evidence.append_many(tx, leaves)
        return results

    def _remember_refusal(self, operation: Operation, key: str, request: bytes, actor: Actor, refusal: Refusal) -> None:
        """Store a rule's "no" under the key, so that a repeated request is told the same."""

        def work(tx: Tx) -> None:
            claimed = _key_id(tx.actor, key)
            if store.claim(tx, claimed, operation.name, request) is None:
                store.answer(tx, claimed, {"refusal": {"code": refusal.code, "facts": plain(refusal.facts)}})

        self._transact(work, actor, True)


def purge_keys(tx: Tx, keep_days: int = 7) -> int:
    """Forget idempotency keys older than the promise; answers how many."""
    return store.purge(tx, tx.now - timedelta(days=keep_days))


def leaf_form(value: Any) -> Any:
    """A command or result as the evidence log keeps it: personal fields salted and hashed, secret ones absent."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {}
        for item in fields(value):
            if item.metadata.get("secret"):
                continue
            inner = getattr(value, item.name)
            kept[item.name] = evidence.Personal(plain(inner)) if item.metadata.get("personal") else leaf_form(inner)
        return kept
    if isinstance(value, list | tuple):
        return [leaf_form(item) for item in value]
    return value


def _key_id(actor: Actor, key: str) -> UUID:
    return derived(f"{actor.id}\n{key}")


def open_clock(state: ClockState | None) -> ClockState:
    """The clock, or ``Unavailable`` before the bank is opened."""
    if state is None:
        raise Unavailable("the bank is not open: run `farthing migrate` first")
    return state


def _replay(operation: Operation, earlier: dict[str, Any], request: bytes, key: str) -> Outcome:
    if bytes(earlier["request_digest"]) != request or earlier["operation"] != operation.name:
        raise KEY_REUSED(key=key)
    answer = earlier["answer"]
    if "refusal" in answer:
        refusal = answer["refusal"]
        code = CODES.get(refusal["code"])
        if not isinstance(code, Code):
            raise KEY_REUSED(key=key)
        raise code(**refusal["facts"])
    if "pending" in answer:
        return Outcome(Pending(**answer["pending"]), True)
    return Outcome(operation.result_adapter.validate_python(answer["result"]), True)
