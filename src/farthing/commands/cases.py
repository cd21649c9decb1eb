"""Own how a case is taken from a file or from standard input, by whoever quotes without a database."""

from __future__ import annotations

import sys
from pathlib import Path

from farthing.commands.problems import chinese
from farthing.kit.errors import Code


def content(case: Path, unreadable: Code, says: str = "cannot be opened: {}", at_most: int = -1) -> tuple[bytes, str]:
    """What a file, or standard input for ``-``, holds (no more than so many bytes) and its name; refuses ``unreadable``,
    which ``says`` what the system said."""
    typed = str(case) == "-"
    name = "standard input" if typed else str(case)
    try:
        if typed:
            return sys.stdin.buffer.read(at_most), name
        with case.open("rb") as file:
            return file.read(at_most), name
    except OSError as error:
        problem = says.format(error.strerror or type(error).__name__)
        raise unreadable(name=name, problem=problem, problem_zh=chinese(error)) from None
