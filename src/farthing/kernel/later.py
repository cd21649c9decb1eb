"""Own the queue's entrance: an operation that runs after the transaction which needs it, and only if that commits.

Who works the queue off is :mod:`farthing.kernel.jobs`, which needs the kernel; whoever stands below that enters here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import procrastinate

from farthing.db.tx import Tx
from farthing.kernel import jobs_store as store
from farthing.kernel.operation import operation_of
from farthing.kit.canonical import plain

TASK = "farthing.run"
_DEFERRER = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def enqueue(tx: Tx, function: Callable[[Tx, Any], Any] | str, command: Any, *, run_at: datetime | None = None) -> None:
    """Run an operation after this transaction commits (never if it rolls back), at ``run_at`` or soon.

    A package that stands below the operation's names it: what it needs upwards goes by a job, not by an import.
    """
    name = operation_of(function).name
    deferrer = _DEFERRER.configure_task(TASK, connection=tx.connection, schedule_at=run_at)
    deferrer.defer(operation=name, command=plain(command))


def enqueue_many(tx: Tx, function: Callable[[Tx, Any], Any] | str, commands: Sequence[Any]) -> None:
    """As :func:`enqueue`, a job a command, in one statement."""
    name = operation_of(function).name
    deferrer = _DEFERRER.configure_task(TASK, connection=tx.connection)
    deferrer.batch_defer(*({"operation": name, "command": plain(command)} for command in commands))


def enqueue_once(tx: Tx, function: Callable[[Tx, Any], Any], command: Any) -> None:
    """As :func:`enqueue`, unless such a job waits already: for what does everything there is to do when it runs.

    Half a year that is closed with no worker at hand leaves one checkpoint to make, not a hundred and eighty.
    """
    if not store.job_waits(tx, TASK, operation_of(function).name):
        enqueue(tx, function, command)
