"""Own who carries errands of a kind to their peer: ``Sender``, and what one may use and answer. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from farthing.db.tx import Tx
from farthing.kernel.operation import Call, Operation
from farthing.kernel.ports import Ports
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import InvariantBroken

Read = TypeVar("Read")

IN_LINE = timedelta(seconds=30)
"""How long whoever wrote an errand may carry it before the worker does."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
"""How long after an attempt without an answer the next one comes: doubled each time, up to the longest."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked: ``id`` is told to the peer, ``request`` is JSON and is forgotten once it is answered."""

    id: str
    kind: str
    peer: str
    subject: str
    request: Any
    answered_by: str
    state: str
    attempts: int
    problem: str
    due_at: datetime | None
    """When it is asked next, by the machine's time; none once it is answered."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """What a sender answers where its peer has heard and has nothing final to say: why, in a few words."""

    said: str


class Desk(Protocol):
    """What a sender may use: the ports and questions to the bank. The kernel is one."""

    ports: Ports

    def read(self, query: Callable[[Tx], Read], *, actor: Actor = SYSTEM, snapshot: bool = False) -> Read:
        """Answer a question in a transaction that is over when it is answered."""

    def tidy(self, work: Callable[[Tx], Read]) -> Read:
        """Note something about the errand itself, in a transaction of its own."""

    def execute(
        self, operation: Operation, command: Any, *, actor: Actor, key: str | None = None, keep_refusal: bool = True
    ) -> Any:
        """Run an operation."""

    def execute_row(self, calls: Sequence[tuple[Operation, Call]], *, keep_refusals: bool = True) -> Sequence[Any]:
        """Run commands of several operations in one transaction, each answered for itself."""


Send = Callable[[Desk, Errand], Any]
"""Asks the peer and answers the command of the operation that takes the answer; none where there was no answer, or
:class:`NotYet`. It may raise a refusal that says why not."""
Lost = Callable[[Tx, Errand], None]
"""Notes that an attempt brought no answer, in the transaction that notes it of the errand."""


@dataclass(frozen=True, slots=True)
class Sender:
    """How errands of a kind are carried: who asks, how long after each attempt the next one comes, who notes a lost one."""

    send: Send
    first: timedelta
    longest: timedelta
    lost: Lost | None

    def next_after(self, attempts: int) -> timedelta:
        """How long after so many attempts and one more the next comes: doubled each time, up to the longest."""
        wait: timedelta = min(self.first * 2 ** min(attempts, 20), self.longest)
        return max(wait, IN_LINE)


SENDERS: dict[str, Sender] = {}


def sender(
    kind: str, *, first: timedelta = FIRST_WAIT, longest: timedelta = LONGEST_WAIT, lost: Lost | None = None
) -> Callable[[Send], Send]:
    """Mark a function as what carries errands of a kind to its peer."""

    def mark(send: Send) -> Send:
        if kind in SENDERS:
            raise InvariantBroken(f"errands of kind {kind} have two senders")
        SENDERS[kind] = Sender(send, first, longest, lost)
        return send

    return mark
