"""A program that is killed at a chosen place: before or after any COMMIT, before or after any call of the rail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from farthing.payments.sandbox_rail import SandboxRail
from tests.conftest import Bank


class Killed(BaseException):
    """The process ended here. No ``except Exception`` of the program sees it."""


@dataclass
class Stops:
    """Counts the places that were passed, and kills at the one of a number; none: never."""

    at: int | None = None
    passed: int = 0

    def place(self) -> None:
        """One place at which a process may be killed."""
        here, self.passed = self.passed, self.passed + 1
        if here == self.at:
            raise Killed(f"place {here}")


class Stopping:
    """A rail at whose door the program may be killed, before it is told and after it has done it."""

    def __init__(self, rail: SandboxRail, stops: Stops) -> None:
        self.name, self.behind, self._stops = rail.name, rail, stops

    def _call(self, what: str, *given: Any) -> Any:
        self._stops.place()
        answer = getattr(self.behind, what)(*given)
        self._stops.place()
        return answer

    def send(self, instruction: Any) -> Any:
        return self._call("send", instruction)

    def inquire(self, original: Any) -> Any:
        return self._call("inquire", original)

    def recall(self, original: Any, reason_code: str) -> Any:
        return self._call("recall", original, reason_code)

    def notices(self, after: str) -> Any:
        return self._call("notices", after)


@contextmanager
def stopping(bank: Bank, stops: Stops) -> Iterator[None]:
    """Let a bank be killed at one of its places; afterwards it is as a process that starts again would find it."""
    ports, real = bank.kernel.ports, bank.kernel.database.transaction

    @contextmanager
    def transaction(**options: Any) -> Iterator[Any]:
        with real(**options) as connection:
            yield connection
            if not options.get("read_only"):
                stops.place()
        if not options.get("read_only"):
            stops.place()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank.kernel.database, "transaction", transaction)
        bank.kernel.ports = ports.with_peer("rail", "sandbox", Stopping(ports.peer("rail"), stops))
        try:
            yield
        finally:
            bank.kernel.ports = ports
