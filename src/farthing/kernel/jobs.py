"""Own jobs: operations that run later, enqueued in the transaction that needs them (procrastinate underneath).

A job is an operation's name and its command as JSON. It runs through ``Kernel.run`` as ``system`` under the key
``job:<id>``, so that a job delivered twice acts once. Stalled jobs are put back by a periodic task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.job_context import JobContext

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel import jobs_store as store
from farthing.kernel.later import TASK, enqueue, enqueue_many, enqueue_once
from farthing.kernel.operation import operation, operation_of
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import conflict
from farthing.kit.inputs import PageSize, Size
from farthing.kit.words import Words

__all__ = [
    "FailedJob",
    "JobPutBack",
    "RetryJob",
    "drain",
    "enqueue",
    "enqueue_many",
    "enqueue_once",
    "work",
    "worker_app",
]


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up after every attempt: which operation it was to run, when it was planned (none: at once), and
    when the last attempt failed."""

    id: int
    operation: str
    attempts: int
    planned_at: datetime | None
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetryJob:
    """Let a job that was given up be tried again."""

    job_id: Size


@dataclass(frozen=True, slots=True)
class JobPutBack:
    """A job that waits for the worker again."""

    job_id: int


NOT_GIVEN_UP = conflict(
    "jobs.not_given_up",
    "Job {job_id} was not given up, or was put back before; look at the list again.",
    "任务 {job_id} 未被放弃，或已重新排队；请重新查看列表。",
)


@question("jobs.failed", permission="kernel:close_day", whose=STAFF)
def failed(tx: Tx, limit: PageSize = 50) -> list[FailedJob]:
    """Jobs that were given up, the latest first: somebody must look after them."""
    return [
        FailedJob(row["id"], row["operation"], row["attempts"], row["scheduled_at"], row["failed_at"])
        for row in store.failed_jobs(tx, limit)
    ]


@operation(
    "jobs.retry", title=Words("Try a job again", "重试任务"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def retry(tx: Tx, command: RetryJob) -> JobPutBack:
    """Let a job that was given up be tried again, with all its attempts. It runs under the key of its number, so that one
    that was done after all is not done twice. Refuses ``jobs.not_given_up``."""
    if not store.put_job_back(tx, command.job_id):
        raise NOT_GIVEN_UP(job_id=command.job_id)
    return JobPutBack(command.job_id)


EVERY_FIVE_SECONDS = "* * * * * */5"


def worker_app(kernel: Kernel, *, by_the_minute: bool = True) -> procrastinate.App:
    """A procrastinate app whose task runs operations through ``kernel``; ``by_the_minute`` it looks after what stalled
    and what waits outside as well."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=kernel.database.conninfo, min_size=1))

    @app.task(name=TASK, pass_context=True, retry=procrastinate.RetryStrategy(max_attempts=20, exponential_wait=2))
    def run_operation(context: JobContext, operation: str, command: Any) -> None:
        found = operation_of(operation)
        key = f"job:{context.job.id}"
        # Another attempt of a job is to try, not to be told the first one's refusal again.
        kernel.execute(found, found.decode(command), actor=SYSTEM, key=key, keep_refusal=False)

    @app.task(name="farthing.retry_stalled", queueing_lock="retry_stalled", pass_context=True)
    async def retry_stalled(context: JobContext, timestamp: int) -> None:
        await _retry_stalled(app)

    @app.task(name="farthing.carry_errands", queueing_lock="carry_errands")
    def carry_errands(timestamp: int) -> None:
        errands.sweep(kernel)

    @app.task(name="farthing.watch", queueing_lock="watch")
    def watch(timestamp: int) -> None:
        look(kernel)

    if by_the_minute:
        app.periodic(cron=EVERY_FIVE_SECONDS)(watch)
        app.periodic(cron="*/1 * * * *")(retry_stalled)
        app.periodic(cron="*/1 * * * *")(carry_errands)
    return app


def look(kernel: Kernel) -> None:
    """Look after everything once that the bank was opened to watch."""
    for each in kernel.watches:
        each(kernel)


async def _retry_stalled(app: procrastinate.App) -> None:
    """Let jobs run again whose worker has been silent for half a minute: it was killed in the middle of them."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)


async def _once(app: procrastinate.App) -> None:
    async with app.open_async():
        await _retry_stalled(app)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def drain(kernel: Kernel) -> None:
    """Carry every errand and run every job that waits now, then return (stories, tests, the worker's ``--once``).

    Nothing is begun by the minute: the task that does so hears of its end a second late.
    """
    errands.sweep(kernel, everything=True)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    asyncio.run(_once(worker_app(kernel, by_the_minute=False)))
    look(kernel)


def work(kernel: Kernel, concurrency: int = 2) -> None:
    """Run jobs until told to stop."""
    app = worker_app(kernel)
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        app.run_worker(concurrency=concurrency)
