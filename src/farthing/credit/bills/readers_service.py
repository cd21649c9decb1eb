"""Run the processes that read uploads: one that stands ready and never sees a file, and a fork of it for each, which ends.

Starting a program and everything that it needs costs four times what reading a year's bill costs. So a reader that is idle
stands ready (:mod:`farthing.credit.bills.ready_service`), started with where the code lies and nothing else of the
environment; each upload is read by a fork of it under limits of its own, and what a file makes of that fork dies with it.
A reader that did not answer in time is ended with all its forks, and the next upload gets a new one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

_READY: list[Reader] = []
_LOCK = threading.Lock()


def read(upload: bytes, limits: str, seconds: float) -> tuple[int, bytes, bytes]:
    """Have an upload read under limits (``<MiB> <processor seconds>``); answers how the process ended, what it said, and
    what it complained of. Raises ``TimeoutError``."""
    reader = _taken()
    try:
        answer = reader.read(upload, limits, seconds)
    except BaseException:
        reader.end()
        raise
    with _LOCK:
        _READY.append(reader)
    return answer


def _taken() -> Reader:
    """A reader that stands ready, of this very process; or a new one."""
    while True:
        with _LOCK:
            reader = _READY.pop() if _READY else None
        if reader is None:
            return Reader()
        if reader.stands:
            return reader
        reader.end()


class Reader:
    """A process that stands ready, and the socket over which it is handed uploads."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._control, theirs = socket.socketpair()
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "farthing.credit.bills.ready_service"],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd="/",
                start_new_session=True,
            )  # fmt: skip

    @property
    def stands(self) -> bool:
        """Whether it waits for uploads of this process, and not of one that this is a fork of."""
        return self._owner == os.getpid() and self._process.poll() is None

    def read(self, upload: bytes, limits: str, seconds: float) -> tuple[int, bytes, bytes]:
        """As :func:`read`."""
        until = time.monotonic() + seconds
        ours, theirs = socket.socketpair()
        heard, complained = os.pipe()
        with ours, os.fdopen(heard, "rb") as complaints:
            try:
                socket.send_fds(self._control, [limits.encode()], [theirs.fileno(), complained])
            finally:
                theirs.close()
                os.close(complained)
            # One that ends before it has read everything breaks the pipe: how it ended is told by its reader.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                _in_time(ours, until).sendall(upload)
                ours.shutdown(socket.SHUT_WR)
            said = b"".join(iter(lambda: _heard(ours, until), b""))
            code = int(_in_time(self._control, until).recv(16) or b"1")
            return code, said, complaints.read()

    def end(self) -> None:
        """End it, and a fork that is still at work; a process that is not its own only forgets it."""
        self._control.close()
        if self._owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _heard(ours: socket.socket, until: float) -> bytes:
    try:
        return _in_time(ours, until).recv(1 << 20)
    except ConnectionResetError:
        return b""


def _in_time(by: socket.socket, until: float) -> socket.socket:
    """The socket, which waits no longer than until then."""
    by.settimeout(max(until - time.monotonic(), 0.001))
    return by


@atexit.register
def _end_all() -> None:
    while _READY:
        _READY.pop().end()
