"""Own how a case is taken from a file or from standard input, by whoever quotes without a database."""

from __future__ import annotations

import sys
from pathlib import Path

from farthing.commands.problems import chinese
from farthing.kit.errors import Code

MOST_BYTES = 4 * 2**20
"""More than any case needs; a device that never ends is not read to the end of the memory."""


def content(
    case: Path, unreadable: Code, says: str = "cannot be opened: {}", at_most: int = MOST_BYTES
) -> tuple[bytes, str]:
    """What a file, or standard input for ``-``, holds and its name; refuses ``unreadable`` where it cannot be opened, which
    ``says`` what the system said, and where it is larger than ``at_most`` bytes."""
    typed = str(case) == "-"
    name = "standard input" if typed else str(case)
    try:
        if typed:
            found = sys.stdin.buffer.read(at_most + 1)
        else:
            with case.open("rb") as file:
                found = file.read(at_most + 1)
    except OSError as error:
        problem = says.format(error.strerror or type(error).__name__)
        raise unreadable(name=name, problem=problem, problem_zh=chinese(error)) from None
    if len(found) > at_most:
        en, zh = f"is larger than {at_most // 2**20} MB", f"超过 {at_most // 2**20} MB"
        raise unreadable(name=name, problem=en, problem_zh=zh)
    return found, name
