"""The law of a bulk form: a row that runs by it comes to what its commands come to one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel import row
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from tests.conftest import Bank

Look = Callable[[Tx], Any]


class Seen(Exception):
    """Carries out of a transaction what it came to, and undoes it."""

    def __init__(self, seen: object) -> None:
        self.seen = seen


def told(answers: Sequence[Outcome | Refusal]) -> list[str]:
    """What each command was told: a code with its facts, or the kind of the result."""
    return [str(each) if isinstance(each, Refusal) else type(each.result).__name__ for each in answers]


def came_to(bank: Bank, function: Any, commands: Sequence[Call], look: Look, *, together: bool) -> Any:
    """What commands are told and what ``look`` sees then, run by the bulk form or one after the other; it is undone."""
    operation = operation_of(function)
    assert operation.bulk is not None
    used = operation if together else replace(operation, bulk=None)

    def work(tx: Tx) -> None:
        raise Seen((told(row.run(tx, [(used, call) for call in commands])), look(tx)))

    try:
        bank.kernel.tidy(work)
    except Seen as done:
        return done.seen
    raise AssertionError("a row ended without an answer")


def same_as_one_by_one(bank: Bank, function: Any, commands: Sequence[Any], look: Look) -> list[str]:
    """Assert the law; answers what each command was told."""
    calls = [each if isinstance(each, Call) else Call(each, SYSTEM) for each in commands]
    calls = [replace(call, key=f"key {number}") for number, call in enumerate(calls)]
    one_by_one = came_to(bank, function, calls, look, together=False)
    assert came_to(bank, function, calls, look, together=True) == one_by_one
    answers: list[str] = one_by_one[0]
    return answers
