"""Own the database connection: embedded PostgreSQL by default, any server (16 or newer) by URL.

``Database`` keeps a pool whose sessions log in as the role ``farthing_app``, which may execute the posting door and
read the ledger but never write its tables, and which no session can leave. Only :mod:`farthing.db.migrate` and what
it is told by connect as the owner. Driver errors leave this file as ``Collision`` (try again) or ``Unavailable``.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from farthing.db.embedded import Embedded, surroundings
from farthing.db.problems import APP_ROLE, Collision, Unavailable
from farthing.kit.errors import malformed

__all__ = ["APP_ROLE", "Collision", "Database", "Embedded", "Unavailable"]

OLDEST_SERVER = 160000
PATIENCE = 10
"""Seconds that a caller waits for a session, and a session for its server."""
RECONNECTS_WITHIN = 2.0
"""Seconds after which the pool begins anew with a server that is away. Its own pauses double each time: after a minute
without a server they last another minute, although it is back."""

NOT_KEPT = malformed(
    "db.text_cannot_be_kept",
    "A text of the request holds a character that cannot be kept (NUL, or half of a character); leave it out.",
    "请求中的文字含有无法保存的字符（空字符或不完整的字符）；请删除后重试。",
)


def owner_url(database_url: str | None, home: Path) -> tuple[str, Embedded | None]:
    """The owner's connection string: the URL given, or that of the embedded server, started if need be."""
    if database_url:
        return database_url, None
    embedded = Embedded(home)
    return embedded.url(), embedded


def app_conninfo(url: str) -> str:
    """The same database with the application's own login, and UTC times.

    Where the owner logs in by a password, the application's is derived from it (HMAC-SHA-256), so that every machine with
    the owner's URL knows both, and whoever learns the application's cannot reckon back. Where the owner needs none (peer,
    trust, a certificate), neither does the application.
    """
    given = conninfo_to_dict(url)
    options = str(given.get("options") or "")
    password = app_password(str(given["password"])) if given.get("password") else None
    changed = {"user": APP_ROLE, "password": password, "options": f"{options} -c timezone=UTC".strip()}
    return make_conninfo("", **{**given, **changed})


def app_password(owner_password: str) -> str:
    """The application's password, made of the owner's and telling nothing of it."""
    return hmac.new(owner_password.encode(), APP_ROLE.encode(), hashlib.sha256).hexdigest()


def run_program(embedded: Embedded, program: str, *arguments: str) -> str:
    """Run a program of the embedded server's folder (``pg_dump``); answers what it printed."""
    done = subprocess.run(
        [str(embedded.bin_path / program), *arguments], check=True, capture_output=True, text=True, env=surroundings()
    )
    return done.stdout


WHO_AM_I: LiteralString = (
    "SELECT session_user::text, rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
)
BEGINNINGS: dict[tuple[bool, bool], LiteralString] = {
    (False, False): "BEGIN",
    (False, True): "BEGIN ISOLATION LEVEL REPEATABLE READ",
    (True, False): "BEGIN READ ONLY",
    (True, True): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
BEGIN_UNHURRIED: LiteralString = "BEGIN; SET LOCAL synchronous_commit TO off"


class Database:
    """A pool of sessions of ``farthing_app`` over one database; ``app_url`` where it has a login of its own."""

    def __init__(
        self, url: str, *, embedded: Embedded | None = None, size: int = 8, app_url: str | None = None
    ) -> None:
        self.url = url
        self.embedded = embedded
        self._given = make_conninfo(app_url, options="-c timezone=UTC") if app_url else None
        self._unhurried = False
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            lambda: self.conninfo, min_size=1, max_size=size, open=False, timeout=PATIENCE,
            kwargs={"autocommit": True, "connect_timeout": PATIENCE}, reconnect_timeout=RECONNECTS_WITHIN,
            reconnect_failed=lambda pool: pool.check(),
        )  # fmt: skip

    @property
    def conninfo(self) -> str:
        """How the application logs in now: an embedded server that was started again may listen in another folder."""
        return self._given or app_conninfo(self.embedded.url() if self.embedded is not None else self.url)

    def open(self) -> Database:
        """Open the pool; refuses with ``Unavailable`` when the server does not answer, is too old, or lets in another.

        An embedded server is watched from here on: it is started again when it dies.
        """
        with answering(), psycopg.connect(self.conninfo, connect_timeout=15, autocommit=True) as connection:
            version = connection.info.server_version
            whom = connection.execute(WHO_AM_I).fetchone()
        if version < OLDEST_SERVER:
            raise Unavailable(f"PostgreSQL {version // 10000} is too old; Farthing needs 16 or newer")
        if whom != (APP_ROLE, False):
            raise Unavailable(
                f"sessions log in as {whom[0] if whom else '?'}, not as {APP_ROLE}, the role without rights of its own"
            )
        try:
            self._pool.open(wait=True, timeout=15)
        except PoolTimeout as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        if self.embedded is not None:
            self.embedded.watch(self.heal)
        return self

    def answers(self, within: int = 1) -> bool:
        """Whether the database answers at this moment, asked by a session of its own: the pool's may all be at work."""
        try:
            with self.aside(within) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except Unavailable:
            return False

    @contextlib.contextmanager
    def aside(self, within: int = 1) -> Iterator[psycopg.Connection[Any]]:
        """An autocommit session of its own, for those who must be answered although the pool's are all at work."""
        try:
            with psycopg.connect(self.conninfo, connect_timeout=within, autocommit=True) as connection:
                yield connection
        except psycopg.OperationalError as error:
            raise translate(error) from error

    def heal(self) -> None:
        """Replace pooled sessions that died, as all do when the server restarts."""
        with contextlib.suppress(psycopg.Error, PoolTimeout):
            self._pool.check()

    def close(self) -> None:
        """Close the pool and, where this process is its last user, the embedded server."""
        self._pool.close(timeout=2)
        if self.embedded is not None:
            self.embedded.stop()

    @contextlib.contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let no commit of this program wait for the disk meanwhile: only where what is lost is begun again anyway.

        Should the machine lose its power, the last commits of less than a second may be gone, the latest first; never a part
        of one, nor one before another. The first commit afterwards waits for all of them.
        """
        self._unhurried = True
        try:
            yield
        finally:
            self._unhurried = False

    @contextlib.contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        """A pooled autocommit session, driver errors translated."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.DataError, PoolTimeout, UnicodeEncodeError) as error:
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
                hurried = read_only or snapshot or not self._unhurried
                connection.execute(BEGINNINGS[read_only, snapshot] if hurried else BEGIN_UNHURRIED)
                try:
                    yield connection
                except BaseException:
                    with contextlib.suppress(psycopg.Error):
                        connection.execute("ROLLBACK")
                    raise
                committing = True
                connection.execute("COMMIT")
                committing = False
        except (psycopg.Error, PoolTimeout, UnicodeEncodeError) as error:
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
DUPLICATE = re.compile(r'"\w+_pkey(_\d+)?"')
"""On a cluster a row that another node refuses comes back without its code; the key's name is in it in every language."""
UNKEEPABLE = (UnicodeEncodeError, errors.CharacterNotInRepertoire, errors.UntranslatableCharacter)
"""A text that PostgreSQL cannot keep. The bounds of commands let none through; this is the last net."""
GONE = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""``OperationalError`` holds lost connections (08*), shutdown (57P*), too many connections and disk full (53*)."""


def translate(error: Exception, *, committing: bool = False) -> Exception:
    """The application's word for a driver error; errors of programming (syntax, type) pass unchanged."""
    if isinstance(error, RETRY) or (isinstance(error, errors.InternalError_) and DUPLICATE.search(str(error))):
        return Collision(str(error))
    if isinstance(error, GONE):
        return Unavailable(str(error), unknown_outcome=committing, waited=isinstance(error, PoolTimeout))
    if isinstance(error, UNKEEPABLE) or (isinstance(error, psycopg.DataError) and error.sqlstate is None):
        return NOT_KEPT()
    return error
