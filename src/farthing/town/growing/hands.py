"""Own how a town's commands reach the bank: payments as a lane runs them, all else in rows, each under its own key.

Never another way in: the same permission, whose, keys, leaves and answers as everybody's. What is refused is counted,
for a town too has wishes that the bank does not fulfil.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from farthing.identity.rules import actor_of
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal

IN_A_ROW = 200
"""Commands of one transaction: beyond it little is saved, and a row that collides runs again as a whole."""
IN_A_BATCH = 1_000
MORNING = timedelta(hours=9)


class TownWall:
    """The wall that a town's bank looks at: it stands still, and goes on by nine hours each morning.

    So a day's business is stamped nine in the morning, and a seed gives the same instants whenever it is told.
    """

    def __init__(self, start: datetime) -> None:
        self._at = start

    def __call__(self) -> datetime:
        """The time on it."""
        return self._at

    def morning(self) -> None:
        """Nine hours later."""
        self._at += MORNING


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asks of an operation."""

    function: Any
    command: Any
    actor: Actor = SYSTEM


@dataclass
class Hands:
    """Runs commands on a bank under keys of one town, and remembers what was refused and what took how long. ``stem``: what
    the keys begin with, beside those of other towns and stories."""

    kernel: Kernel
    seed: int
    stem: str = "town"
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _keys: int = 0

    def alone(self, each: Command, prepared: Callable[[], tuple[Any, ...]] | None = None) -> Any | None:
        """Run one command by itself; answers its result, or none where it is refused."""
        operation = operation_of(each.function)
        with self.timed(operation.name):
            try:
                outcome = self.kernel.execute(
                    operation, each.command, actor=each.actor, key=self._key(), prepared=prepared
                )
            except Refusal as refusal:
                self.refused[refusal.code] += 1
                return None
        self.done[operation.name] += 1
        return outcome.result

    def row(self, commands: Sequence[Command]) -> list[Any | None]:
        """Run commands in rows; answers the result of each, or none where it is refused."""
        answers: list[Any | None] = []
        for start in range(0, len(commands), IN_A_ROW):
            part = commands[start : start + IN_A_ROW]
            calls = [(operation_of(each.function), Call(each.command, each.actor, self._key())) for each in part]
            with self.timed(calls[0][0].name):
                told = self.kernel.execute_row(calls)
            answers += [self._taken(operation.name, one) for (operation, _), one in zip(calls, told, strict=True)]
        return answers

    def batch(self, commands: Sequence[Command]) -> list[Any | None]:
        """Run commands of one hot operation as a lane does; answers the result of each, or none where it is refused."""
        answers: list[Any | None] = []
        for start in range(0, len(commands), IN_A_BATCH):
            part = commands[start : start + IN_A_BATCH]
            operation = operation_of(part[0].function)
            calls = [Call(each.command, each.actor, self._key()) for each in part]
            with self.timed(operation.name):
                told = self.kernel.execute_batch(operation, calls)
            answers += [self._taken(operation.name, one) for one in told]
        return answers

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Count the seconds of something."""
        began = time.perf_counter()
        yield
        self.seconds[what] += time.perf_counter() - began

    def _key(self) -> str:
        self._keys += 1
        return f"{self.stem}:{self.seed}:{self._keys}"

    def _taken(self, name: str, told: Outcome | Exception) -> Any | None:
        if isinstance(told, Outcome):
            self.done[name] += 1
            return told.result
        if not isinstance(told, Refusal):
            raise told
        self.refused[told.code] += 1
        return None


def customer(party_id: str) -> Actor:
    """A customer as the door would let it in."""
    return actor_of(f"customer:{party_id.partition('_')[2]}", "customer", party_id)
