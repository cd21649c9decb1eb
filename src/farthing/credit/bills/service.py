"""Run the reading of an upload in a process of its own, a few at once, with limits of time and memory.

An upload is made by anybody. Outside any transaction, and in a process that may be killed, the worst that a file can
do is to be refused.
"""

from __future__ import annotations

import json
import signal
import threading

from farthing.credit.bills import readers_service as readers
from farthing.credit.bills import wire
from farthing.credit.bills.model import MAXIMUM_BYTES, TOO_HARD, TOO_LARGE, Bill
from farthing.db.server import Unavailable
from farthing.kit.errors import InvariantBroken

MEMORY_MIB = 640
CPU_SECONDS = 20
WALL_SECONDS = 60
WAIT_SECONDS = 30
AT_ONCE = 2
_PLACES = threading.BoundedSemaphore(AT_ONCE)
_KILLED = frozenset({-signal.SIGKILL, -signal.SIGXCPU})


def read_upload(content: bytes, password: str = "") -> Bill:
    """The bill in an upload, read elsewhere; refuses as :func:`farthing.credit.bills.read.read_bill` does.

    Refuses ``credit.bill_too_hard`` when the limits are reached; raises ``Unavailable`` when too many are being read.
    """
    if len(content) > MAXIMUM_BYTES:
        raise TOO_LARGE(limit=f"{MAXIMUM_BYTES // 1024**2} MiB")
    if not _PLACES.acquire(timeout=WAIT_SECONDS):
        raise Unavailable("too many bills are being read at once; try again in a minute")
    try:
        return wire.read(_answer(content, password))
    finally:
        _PLACES.release()


def _answer(content: bytes, password: str) -> bytes:
    """What the reading process says."""
    try:
        code, said, problem = readers.read(
            json.dumps(password).encode() + b"\n" + content, f"{MEMORY_MIB} {CPU_SECONDS}", WALL_SECONDS
        )
    except TimeoutError:
        raise TOO_HARD(limit=f"{WALL_SECONDS} s") from None
    if code in _KILLED:
        raise TOO_HARD(limit=f"{CPU_SECONDS} s")
    if code != 0 or not said:
        # Only the kind of the problem: a traceback could quote the file.
        kind = problem.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0][:80]
        raise InvariantBroken(f"the reader of bills ended with {code}: {kind or 'no word'}")
    return said
