"""Own the schema: Alembic running plain SQL files in the order of their numbers.

``migrations/NNNN_name.sql`` holds the statements; ``migrations/versions/NNNN_name.py`` is Alembic's two-line
handle on it. Migrations run as the database's owner and only ever go forward.

A running bank survives them (decision 0022). What a release adds, its serving processes may add when they start, while
those of the release before still work: nothing is taken from them. What only the release before needed is taken away by
a migration named ``NNNN_name_after.sql``, which waits for ``farthing migrate``, once no old process serves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from farthing.db.server import APP_ROLE, Unavailable, answering, app_conninfo
from farthing.kit.later import load

FOLDER = Path(__file__).parent / "migrations"
AFTER = "_after"
"""How a migration's name ends that takes away what the release before needed."""


def revisions() -> list[str]:
    """Names of all migrations, oldest first."""
    return sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))


def target(before: str | None, *, everything: bool) -> str:
    """How far to migrate: to the newest; or, beside a running bank, not as far as what is taken away at the end."""
    known = revisions()
    if not everything and before is not None:
        while known[-1].endswith(AFTER) and known[-1] > before:
            known.pop()
    return known[-1]


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
def migrate(url: str, app_url: str | None = None, *, everything: bool = False) -> list[str]:
    """Bring a database to the newest schema; answers the migrations that were run. Idempotent.

    ``everything``: also take away what only the release before needed; a new database has nothing of that.
    ``app_url`` names a login of the application's that somebody else made; else it is made here, as the owner.
    """
    before = current(url)
    known = revisions()
    last = target(before, everything=everything)
    waiting = known[known.index(before) + 1 if before else 0 : known.index(last) + 1]
    if waiting:
        load("farthing.db.upgrade:job_queue")(url, APP_ROLE_EXISTS, JOB_QUEUE_GRANTS)
        load("farthing.db.upgrade:to")(url, FOLDER, last)
    if app_url is None:
        admit(url)
    return waiting


@answering()
def admit(url: str) -> None:
    """Let the application's role log in, with the password that :func:`app_conninfo` says; changes nothing if it can.

    The owner needs the right to alter the role; where it has not, who keeps the server makes the login, and
    ``FARTHING_APP_DATABASE_URL`` names it.
    """
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(app_conninfo(url), connect_timeout=15):
        return
    with psycopg.connect(url, autocommit=True) as connection, _allowed():
        password = conninfo_to_dict(app_conninfo(url)).get("password")
        if password is None:
            connection.execute("ALTER ROLE farthing_app LOGIN")
            return
        hashed = connection.pgconn.encrypt_password(str(password).encode(), APP_ROLE.encode(), b"scram-sha-256")
        connection.execute(sql.SQL("ALTER ROLE farthing_app LOGIN PASSWORD {}").format(hashed.decode()))


@contextlib.contextmanager
def _allowed() -> Iterator[None]:
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise Unavailable(
            f"{APP_ROLE} cannot log in and this owner may not change that ({error.diag.message_primary}): make the "
            "login on the server and name it by FARTHING_APP_DATABASE_URL"
        ) from None


APP_ROLE_EXISTS: LiteralString = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'farthing_app') THEN
        CREATE ROLE farthing_app LOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""
"""The role belongs to the server, not to the database: a migration and a restore make it alike. It logs in itself: a
session that begins as the owner and takes on a role can put it off again."""

JOB_QUEUE_GRANTS: LiteralString = """
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
    procrastinate_periodic_defers TO farthing_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO farthing_app;
"""
