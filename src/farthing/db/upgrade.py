"""Own the running of migrations by Alembic, and the job queue's own schema; loaded only where a migration waits.

Alembic and SQLAlchemy cost half a second of every start, and a bank that is up to date needs neither.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command, op
from alembic.config import Config
from procrastinate.schema import SchemaManager
from psycopg.errors import LockNotAvailable
from sqlalchemy import create_engine, pool

from farthing.db.problems import Unavailable

LOCK_WITHIN: LiteralString = "SET LOCAL lock_timeout = '2s'"
"""What a migration may wait for a lock. Whoever comes after it waits behind it: a table that is at work for long is not to
stop the bank, so the migration steps back and comes again."""
PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between its tries."""


def to(url: str, folder: Path, target: str) -> None:
    """Run every migration that waits, up to ``target``, as the database's owner; each in a transaction of its own, so
    that what one locks is free before the next begins.

    Raises ``Unavailable`` where a lock is not to be had; what was run before stands, and the next try goes on there.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for pause in (*PAUSES, None):
        try:
            _upgrade(url, folder, target)
        except LockNotAvailable as error:
            if pause is None:
                raise Unavailable(
                    "the bank is at work on a table that a migration changes, and did not let go of it: try again at a "
                    f"quieter moment ({error.diag.message_primary})"
                ) from None
            time.sleep(pause)
        else:
            return


def _upgrade(url: str, folder: Path, target: str) -> None:
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, target)
    finally:
        engine.dispose()


def run_here(sql: str) -> None:
    """Run a migration's text on the connection that Alembic works on."""
    raw = op.get_bind().connection.driver_connection
    if raw is None:
        raise RuntimeError("migrations need a live connection")
    raw.execute(LOCK_WITHIN)
    raw.execute(sql)


def job_queue(url: str, role: LiteralString, grants: LiteralString) -> None:
    """Create procrastinate's tables from the library's own schema, for the application's role to use."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,):
            return
        connection.execute(SchemaManager.get_schema())
        connection.execute(role)
        connection.execute(grants)
