"""Own the step from pieces of text to the cells of a table: which column a piece stands in, and which row. Pure.

Each row has one amount, on one line, and rows are told apart by it. Cells may run over several lines, beginning level with
the amount or standing around it; where a row is broken by the end of a page, the rest of its cells is found on the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from farthing.credit.bills.certificates.pages import Piece

_AMOUNT = re.compile(r"[¥￥]?[+-]?\d[\d,]*\.\d\d")
_DAY = re.compile(r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}")
_LEVEL = 0.45
"""Pieces whose lines differ by less than so much of their height stand on one line."""
_NEXT_LINE = 1.9
"""The next line of a cell is at most so many heights below."""
FEWEST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, and where the name stands."""

    name: str
    left: float
    right: float

    def away(self, piece: Piece) -> float:
        """How far a piece is from standing under the name: by its left end, its middle or its right end."""
        middle = (self.left + self.right) / 2
        return min(abs(piece.left - self.left), abs(piece.middle - middle), abs(piece.right - self.right))


@dataclass(slots=True)
class Row:
    """The cells of a row under construction: pieces by column, the highest first."""

    anchor: Piece
    cells: dict[int, list[Piece]] = field(default_factory=dict)

    def text(self, at: int) -> str:
        """A cell's text: what was broken between two lines belongs together, but for a day and a time."""
        joined = ""
        for piece in self.cells.get(at, ()):
            part = piece.text.strip()
            joined += f" {part}" if _DAY.fullmatch(joined) else part
        return joined


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as read: the names of its columns, its rows, and the lines of text above it."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: tuple[str, ...]


def grid(pages: Sequence[Sequence[Piece]], known: frozenset[str], amount: frozenset[str], day: str) -> Grid | None:
    """The table whose columns have ``known`` names, one of them an ``amount``'s and one the ``day``'s; none where there is
    none."""
    columns: list[Column] = []
    above: list[str] = []
    rows: list[Row] = []
    for pieces in pages:
        lines = _lines(pieces)
        at = next((number for number, line in enumerate(lines) if _is_head(line, known)), None)
        if at is not None:
            if not columns:
                above = ["".join(piece.text for piece in line).strip() for line in lines[:at]]
            columns = _columns(lines, at, known)
            head = min(piece.up for piece in lines[at])
            pieces = [piece for piece in pieces if piece.up < head - _LEVEL * piece.high]
        if not columns:
            continue
        names = [column.name for column in columns]
        if day not in names or not amount.intersection(names):
            return None
        where = next(number for number, name in enumerate(names) if name in amount)
        _take(rows, pieces, columns, where, names.index(day))
    if not columns:
        return None
    cells = tuple(tuple(row.text(at) for at in range(len(columns))) for row in rows)
    return Grid(tuple(column.name for column in columns), cells, tuple(above))


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by line, the highest line first."""
    found: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: -each.up):
        if found and abs(found[-1][0].up - piece.up) < _LEVEL * piece.high:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [sorted(line, key=lambda each: each.left) for line in found]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_head(line: Sequence[Piece], known: frozenset[str]) -> bool:
    return sum(_plain(piece.text) in known for piece in line) >= FEWEST_COLUMNS - 1


def _columns(lines: Sequence[Sequence[Piece]], at: int, known: frozenset[str]) -> list[Column]:
    """The columns of a head, one of whose names may be broken over the line below it."""
    found = []
    below = [piece for line in lines[at + 1 : at + 2] for piece in line]
    for piece in lines[at]:
        name, right = _plain(piece.text), piece.right
        if name not in known:
            rest = next((each for each in below if abs(each.left - piece.left) < piece.high and
                         _plain(piece.text + each.text) in known), None)  # fmt: skip
            name = _plain(piece.text + rest.text) if rest else name
        found.append(Column(name, piece.left, right))
    return found


def _take(rows: list[Row], pieces: Sequence[Piece], columns: Sequence[Column], amount: int, day: int) -> None:
    """Read a page's rows below its head."""
    placed = [(min(range(len(columns)), key=lambda at: columns[at].away(piece)), piece) for piece in pieces]
    anchors = [piece for at, piece in placed if at == amount and _AMOUNT.fullmatch(_plain(piece.text))]
    fresh = [Row(anchor) for anchor in sorted(anchors, key=lambda each: -each.up)]
    days = [piece for at, piece in placed if at == day and _DAY.match(_plain(piece.text))]
    level = sum(any(abs(one.up - piece.up) < _LEVEL * piece.high for one in anchors) for piece in days)
    around = bool(days) and 2 * level < len(days)
    for at in range(len(columns)):
        cell = sorted((piece for place, piece in placed if place == at), key=lambda each: -each.up)
        if around:
            _around(fresh, cell, at)
        else:
            _below(rows, fresh, cell, at)
    rows += fresh


def _below(rows: Sequence[Row], fresh: Sequence[Row], cell: Sequence[Piece], at: int) -> None:
    """Cells that begin level with the amount; what stands above the first is the rest of a row of the page before."""
    last: Piece | None = None
    for piece in cell:
        row = next((each for each in reversed(fresh) if piece.up <= each.anchor.up + _LEVEL * piece.high), None)
        if row is None:
            if rows and (last is None or last.up - piece.up <= _NEXT_LINE * piece.high):
                rows[-1].cells.setdefault(at, []).append(piece)
                last = piece
            continue
        before = row.cells.get(at)
        reach = before[-1].up if before else row.anchor.up
        if reach - piece.up <= _NEXT_LINE * piece.high:
            row.cells.setdefault(at, []).append(piece)


def _around(fresh: Sequence[Row], cell: Sequence[Piece], at: int) -> None:
    """Cells that stand around the amount: as many lines of a cell lie above it as below."""
    left = list(cell)
    for number, row in enumerate(fresh):
        height = row.anchor.high
        until = fresh[number + 1].anchor.up if number + 1 < len(fresh) else None
        above = [piece for piece in left if piece.up > row.anchor.up + _LEVEL * height]
        level = [piece for piece in left if abs(piece.up - row.anchor.up) <= _LEVEL * height]
        below = [
            piece
            for piece in left
            if piece.up < row.anchor.up - _LEVEL * height and (until is None or piece.up > until)
        ]
        taken = [*_near(above, row.anchor), *level]
        taken += below[: len(taken) - len(level)]
        row.cells[at] = taken
        left = [piece for piece in left if piece not in taken and piece.up < row.anchor.up]


def _near(above: Sequence[Piece], anchor: Piece) -> list[Piece]:
    """Lines of a cell above its middle, without what stands further away, such as a page's head."""
    found: list[Piece] = []
    reach = anchor.up
    for piece in reversed(above):
        if piece.up - reach > _NEXT_LINE * piece.high:
            break
        found.append(piece)
        reach = piece.up
    return found[::-1]
