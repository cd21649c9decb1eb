"""Own how a step's figures stand in columns. Pure; a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def columns(headings: Sequence[str], lines: Sequence[Sequence[object]], right: Sequence[int] = ()) -> list[str]:
    """A heading and its lines, each column as wide as its widest cell; ``right`` names the columns of figures."""
    cells = [list(headings), *[[str(each) for each in line] for line in lines]]
    widths = [max(width(line[number]) for line in cells) for number in range(len(headings))]
    return [
        "  ".join(_padded(cell, widths[number], number in right) for number, cell in enumerate(line)).rstrip()
        for line in cells
    ]


def _padded(cell: str, wide: int, figure: bool) -> str:
    space = " " * (wide - width(cell))
    return space + cell if figure else cell + space
