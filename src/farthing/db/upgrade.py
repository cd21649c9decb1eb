"""Own the running of migrations by Alembic, and the job queue's own schema; loaded only where a migration waits.

Alembic and SQLAlchemy cost half a second of every start, and a bank that is up to date needs neither.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command, op
from alembic.config import Config
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, pool


def to_head(url: str, folder: Path) -> None:
    """Run every migration that waits, in one transaction, as the database's owner."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def run_here(sql: str) -> None:
    """Run a migration's text on the connection that Alembic works on."""
    raw = op.get_bind().connection.driver_connection
    if raw is None:
        raise RuntimeError("migrations need a live connection")
    raw.execute(sql)


def job_queue(url: str, role: LiteralString, grants: LiteralString) -> None:
    """Create procrastinate's tables from the library's own schema, for the application's role to use."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,):
            return
        connection.execute(SchemaManager.get_schema())
        connection.execute(role)
        connection.execute(grants)
