"""A database whose transactions fail once each, before their COMMIT or after it, and then succeed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from farthing.db.server import Collision, Unavailable
from tests.conftest import Bank


def collisions(bank: Bank, patch: pytest.MonkeyPatch) -> None:
    """Let every transaction that writes collide at its end, once, with nothing kept."""
    _disturb(bank, patch, before_commit=True)


def lost_commits(bank: Bank, patch: pytest.MonkeyPatch) -> None:
    """Let the word of every COMMIT be lost, once: what was written is kept, and nobody is told."""
    _disturb(bank, patch, before_commit=False)


def _disturb(bank: Bank, patch: pytest.MonkeyPatch, *, before_commit: bool) -> None:
    real = bank.kernel.database.transaction
    begun = 0

    @contextmanager
    def transaction(**options: Any) -> Iterator[Any]:
        nonlocal begun
        if options.get("read_only"):
            with real(**options) as connection:
                yield connection
            return
        begun += 1
        first = begun % 2 == 1
        with real(**options) as connection:
            yield connection
            if first and before_commit:
                raise Collision("planted")
        if first:
            raise Unavailable("planted", unknown_outcome=True)

    patch.setattr("time.sleep", lambda seconds: None)
    patch.setattr(bank.kernel.database, "transaction", transaction)
