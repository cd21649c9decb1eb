"""Own ``undone``: what a piece of work would come to inside a transaction, of which nothing stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from farthing.db.tx import Tx

Answer = TypeVar("Answer")


class _Undone(Exception):
    """Carries an answer out of a part of the transaction that is to leave nothing."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer


def undone(tx: Tx, work: Callable[[], Answer]) -> Answer:
    """Do the work and undo it; answers what it came to, or raises what it refused. The transaction goes on."""
    try:
        with tx.part():
            raise _Undone(work())
    except _Undone as done:
        return done.answer  # type: ignore[return-value]
