"""Read the queue of jobs, and put one back that was given up. The tables are procrastinate's, local to one server."""

from __future__ import annotations

from farthing.db.tx import Row, Tx

JOB_WAITS = """
UPDATE procrastinate_jobs SET priority = priority
WHERE status = 'todo' AND id = (
    SELECT min(id) FROM procrastinate_jobs
    WHERE status = 'todo' AND task_name = %(task)s AND args ->> 'operation' = %(operation)s)
RETURNING id
"""


def job_waits(tx: Tx, task: str, operation: str) -> bool:
    """Whether a job of an operation waits; it is held until this transaction ends, so that it will see what is written."""
    return tx.maybe(JOB_WAITS, {"task": task, "operation": operation}) is not None


FAILED_JOBS = """
SELECT j.id, coalesce(j.args ->> 'operation', j.task_name) AS operation, j.attempts, j.scheduled_at,
    (SELECT max(e.at) FROM procrastinate_events AS e WHERE e.job_id = j.id AND e.type = 'failed') AS failed_at
FROM procrastinate_jobs AS j WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT %(limit)s
"""
PUT_JOB_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL
WHERE id = %(id)s AND status = 'failed'
"""


def failed_jobs(tx: Tx, limit: int) -> list[Row]:
    """Jobs that were given up after every attempt, the latest first."""
    return tx.rows(FAILED_JOBS, {"limit": limit})


def put_job_back(tx: Tx, job_id: int) -> bool:
    """Let a job that was given up wait again; false where it was not."""
    return tx.execute(PUT_JOB_BACK, {"id": job_id}) == 1
