"""The code blocks of a document, each with its language and the line where it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from farthing.cli import app

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """What stands between two fences; ``line`` is that of its first line."""

    language: str
    text: str
    line: int


def blocks(document: Path) -> list[Block]:
    """Every fenced block of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start()) + 2) for found in FENCE.finditer(text)]


def program(found: list[Block], language: str = "python") -> str:
    """All blocks of a language as one text in which each stands on its own lines, so that a failure names the document's."""
    lines: list[str] = []
    for block in found:
        if block.language == language:
            lines += [""] * (block.line - 1 - len(lines)) + block.text.splitlines()
    return "\n".join(lines) + "\n"


def answered(*words: str) -> str:
    """What the command line prints for words that it takes."""
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"{done.output} {done.exception!r}"
    return done.stdout
