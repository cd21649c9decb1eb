"""Own what a cell of a table for people may hold: whatever anybody wrote is no formula in it."""

from __future__ import annotations

import re

_FIGURE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[^\S;\t\r\n]*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin to reckon: at the head of a cell, and, where it is told that semicolons or tabs part them,
after one of these; also at full-width marks, which some read as their narrow ones."""


def cell(value: object) -> object:
    """A text as a cell that no spreadsheet takes for a formula; a figure keeps its sign."""
    return value if not isinstance(value, str) or _FIGURE.fullmatch(value) else _FORMULA.sub("'", value)
