"""Helpers of the evidence tests: work in a committed transaction of a bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM, Actor
from tests.evidence.authority import Authority


@pytest.fixture
def commit(bank: Any) -> Callable[..., Any]:
    """Run a function of ``tx`` in one transaction of the application's role, and commit."""

    return committing(bank)


def committing(bank: Any) -> Callable[..., Any]:
    """Runs a function of ``tx`` in one transaction of a bank, and commits."""

    def work(function: Callable[[Tx], Any], actor: Actor = SYSTEM) -> Any:
        with bank.kernel.database.transaction() as connection:
            return function(bank.kernel._tx(connection, actor))

    return work


@pytest.fixture(scope="session")
def authority() -> Authority:
    """One root, TSA and signers for the session (an RSA key takes a moment)."""
    return Authority()
