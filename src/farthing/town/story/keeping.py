"""Own what a story at a node keeps in its folder: keys and texts that are made once, and are found when it is told again."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from farthing.kit.keys.files import InFile, fresh, loaded, read_private, write_key


def key(path: Path, suite: str) -> InFile:
    """A key that is made once."""
    if not path.exists():
        write_key(path, fresh(suite))
    lines = [line for line in read_private(path).decode().splitlines() if not line.startswith("-")]
    return loaded(base64.b64decode("".join(lines)))


def kept(path: Path, make: Callable[[], str]) -> str:
    """A text that is made once: the day on which the story began, what somebody signed."""
    if not path.exists():
        path.write_text(make(), encoding="ascii")
    return path.read_text(encoding="ascii")
