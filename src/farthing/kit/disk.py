"""Own how a small process keeps its files: whole or not at all, made when first needed, and one process to a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def write(path: Path, content: bytes, mode: int) -> None:
    """Put a file on the disk, whole or not at all, before this returns."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        number = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def kept(path: Path, made: Callable[[], bytes]) -> bytes:
    """What a secret file holds; made when it is first needed, with its folder."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, made(), 0o600)
    return path.read_bytes()


def locked(path: Path) -> int | None:
    """A lock that this process has until it closes the descriptor or ends; none where another has it."""
    number = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number
