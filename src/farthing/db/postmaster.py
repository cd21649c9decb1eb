"""Own telling whether a PostgreSQL is alive over a data folder, and clearing what a dead one left.

A process is known by what it is, never by its number alone: numbers come back after a power cut or in a new container.
Never signals a process that is not a ``postgres`` working in the very folder, and never removes the file of one that is.
"""

from __future__ import annotations

import contextlib
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from psycopg import pq
from psycopg.conninfo import make_conninfo

PROGRAM = "postgres"
RUNTIME = "farthing-pg-"
"""How a folder for a socket begins, where the data folder's own path cannot hold one."""


class StillUsed(Exception):
    """Somebody works in the data folder whom this process may neither use nor end."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What ``postmaster.pid`` says: number, folder of the socket, port, and whether the server is ready."""

    pid: int
    sockets: str
    port: int
    ready: bool


def read_lock(data: Path) -> Lock | None:
    """The lock file of a data folder; none where there is none, or where it is cut off."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return Lock(int(lines[0]), lines[4].strip(), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready")
    except (OSError, ValueError, IndexError):
        return None


def is_ours(pid: int, data: Path) -> bool:
    """Whether a living process is a PostgreSQL that works in this folder: its program and its working folder say so."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != PROGRAM:
            return False
        return Path(process.cwd()) == data
    except (psutil.Error, OSError):
        return False


def living(data: Path) -> Lock | None:
    """The lock file of a PostgreSQL that is alive over this folder, or none."""
    lock = read_lock(data)
    return lock if lock is not None and is_ours(lock.pid, data) else None


def workers(data: Path) -> list[int]:
    """Numbers of all processes of PostgreSQL that work in this folder: also children whose postmaster was killed."""
    return [process.pid for process in psutil.process_iter() if is_ours(process.pid, data)]


def answered(lock: Lock) -> bool:
    """Whether somebody listens at the socket that the file names: perhaps in another container, where we see no process."""
    place = make_conninfo(host=lock.sockets, port=lock.port, connect_timeout=2)
    return pq.PGconn.ping(place.encode()) in (pq.Ping.OK, pq.Ping.REJECT)


def clear(data: Path, patience: float = 10) -> None:
    """Make way for a new postmaster over a folder whose own is gone; raises ``StillUsed`` where that is not sure.

    Children of a killed postmaster leave by themselves; those that do not are told to, by what they are. Then the lock
    files of folder and socket are taken away, also where their number belongs to another process by now, which would
    make PostgreSQL refuse. A socket's folder of its own stays for the next, whose address it is to others who use it.
    """
    until = time.monotonic() + patience
    while left := workers(data):
        if time.monotonic() > until - patience / 2:
            for pid in left:
                end(pid, data, signal.SIGQUIT)
        if time.monotonic() > until:
            raise StillUsed(f"processes of an earlier PostgreSQL do not end: {', '.join(map(str, left))}")
        time.sleep(0.05)
    lock = read_lock(data)
    if lock is not None and answered(lock):
        raise StillUsed(f"a PostgreSQL of another machine or container works in {data}")
    (data / "postmaster.pid").unlink(missing_ok=True)
    for folder in {data, Path(lock.sockets) if lock is not None and has_folder(lock) else data}:
        for left_over in folder.glob(".s.PGSQL.*"):
            left_over.unlink(missing_ok=True)


def has_folder(lock: Lock) -> bool:
    """Whether the socket has a folder of its own."""
    return Path(lock.sockets).name.startswith(RUNTIME)


def end(pid: int, data: Path, number: signal.Signals) -> None:
    """Send a signal to a process, if it is a PostgreSQL of this folder at this moment."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)  # remembers when it began, so that a number given anew is not signalled
        if is_ours(pid, data):
            process.send_signal(number)
