"""Own the running of a part of the program on a stranger's file: in a process of its own, with little memory, little time and
nothing of the bank in it. Whatever the file does, it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = str(Path(__file__).resolve().parents[2])
_PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
resource.setrlimit(resource.RLIMIT_FSIZE, ({memory}, {memory}))
sys.path.insert(0, {here!r})
from {module} import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Room:
    """What a process may use: bytes of memory, seconds of its own and of the clock, bytes of an answer."""

    memory: int
    seconds: int
    most_said: int


def said(module: str, arguments: Sequence[str], folder: Path, room: Room) -> bytes:
    """What ``main`` of a module says, or as much of it as an answer may be long: then, or when its time is over, it ends."""
    program = _PROGRAM.format(memory=room.memory, seconds=room.seconds, here=_HERE, module=module)
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", program, *arguments], cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        env={"PATH": os.environ.get("PATH", ""), "TMPDIR": str(folder)},
    )  # fmt: skip
    assert child.stdout is not None
    clock = threading.Timer(room.seconds, os.killpg, (child.pid, signal.SIGKILL))
    clock.start()
    try:
        return child.stdout.read(room.most_said + 1)[: room.most_said]
    finally:
        clock.cancel()
        clock.join()
        with child, contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
