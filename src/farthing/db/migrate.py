"""Own the schema: Alembic running plain SQL files in the order of their numbers.

``migrations/NNNN_name.sql`` holds the statements; ``migrations/versions/NNNN_name.py`` is Alembic's two-line
handle on it. Migrations run as the database's owner and only ever go forward.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command, op
from alembic.config import Config
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, pool

from farthing.db.server import answering

FOLDER = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Names of all migrations, oldest first."""
    return sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))


def sql_revision(handle: str) -> tuple[str, str | None, Callable[[], None]]:
    """What Alembic asks of a version file: its name, the one before it, and how to run it."""
    name = Path(handle).stem
    known = revisions()
    before = known[known.index(name) - 1] if known.index(name) else None

    def upgrade() -> None:
        raw = op.get_bind().connection.driver_connection
        if raw is None:
            raise RuntimeError("migrations need a live connection")
        raw.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))

    return name, before, upgrade


@answering()
def current(url: str) -> str | None:
    """The newest migration a database has, or none."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


@answering()
def migrate(url: str) -> list[str]:
    """Bring a database to the newest schema; answers the migrations that were run. Idempotent."""
    before = current(url)
    known = revisions()
    waiting = known[known.index(before) + 1 :] if before else known
    if not waiting:
        return []
    _job_queue(url)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return waiting


def _job_queue(url: str) -> None:
    """Create procrastinate's tables from the library's own schema, for the application's role to use."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,):
            return
        connection.execute(SchemaManager.get_schema())
        connection.execute(APP_ROLE_EXISTS)
        connection.execute(JOB_QUEUE_GRANTS)


APP_ROLE_EXISTS: LiteralString = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'farthing_app') THEN
        CREATE ROLE farthing_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""
"""The role belongs to the server, not to the database: a migration and a restore make it alike."""

JOB_QUEUE_GRANTS: LiteralString = """
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
    procrastinate_periodic_defers TO farthing_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO farthing_app;
"""
