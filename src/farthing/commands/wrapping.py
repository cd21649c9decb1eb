"""Own where a line of a terminal breaks: at blanks or between Han characters, by the cells that each letter takes. Pure."""

from __future__ import annotations

import re

from rich.cells import cell_len

_PIECE = re.compile(
    r"\s+|[（「“]*[^\s\u3000-\u9fff\uff00-\uffef（「“]+[，。；：、）？！」”]*|[（「“]*.[，。；：、）？！」”]*"
)


def lines(text: str, width: int) -> list[str]:
    """A text in lines of at most so many cells, broken at blanks or between Han characters, never before a closing mark."""
    found, line = [], ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if line and cell_len(line + piece.rstrip()) > width:
            found.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*found, line.rstrip()] if line.strip() else found
