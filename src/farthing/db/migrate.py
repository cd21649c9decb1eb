"""Own the schema: Alembic running plain SQL files in the order of their numbers.

``migrations/NNNN_name.sql`` holds the statements; ``migrations/versions/NNNN_name.py`` is Alembic's two-line
handle on it. Migrations run as the database's owner and only ever go forward.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg

from farthing.db.server import answering
from farthing.kit.later import load

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
        load("farthing.db.upgrade:run_here")((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))

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
    if waiting:
        load("farthing.db.upgrade:job_queue")(url, APP_ROLE_EXISTS, JOB_QUEUE_GRANTS)
        load("farthing.db.upgrade:to_head")(url, FOLDER)
    return waiting


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
