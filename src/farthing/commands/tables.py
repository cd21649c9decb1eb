"""Own how answers are printed: tables on a terminal, lines with tabs where they are piped, JSON where it is asked for.

A table that is wider than the terminal loses columns, the last first, and says which: never letters, and never a figure.
Never decides anything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farthing.commands.language import pick, say
from farthing.kit.canonical import plain
from farthing.kit.words import Words

Json = Annotated[bool, typer.Option("--json", help="JSON, as the API answers.")]
Cell = object
BETWEEN = 2
"""Blanks between two columns."""
NARROW = 24
"""A column of text may become this narrow; its lines then break at words."""


def as_text(answer: Any) -> str:
    """An answer as JSON."""
    return json.dumps(plain(answer), ensure_ascii=False, indent=2)


def tell(answer: Any, as_json: bool, show: Callable[[Any], None]) -> None:
    """Print an answer: as JSON, or by ``show``."""
    if as_json:
        typer.echo(as_text(answer))
    else:
        show(answer)


def _cell(value: Cell) -> str:
    return pick(value) if isinstance(value, Words) else "" if value is None else str(value)


def rows(
    title: Words | str, headings: Sequence[Words | str], lines: Iterable[Sequence[Cell]], right: Sequence[int] = ()
) -> None:
    """Print one table; ``right`` names the columns of figures."""
    heads = [pick(each) for each in headings]
    cells = [[_cell(each) for each in line] for line in lines]
    if not sys.stdout.isatty():
        for line in (heads, *cells):
            typer.echo("\t".join(" ".join(each.split()) for each in line))
        return
    console = Console(highlight=False)
    kept = fitting(heads, cells, right, console.width)
    table = Table(box=None, pad_edge=False, padding=(0, BETWEEN, 0, 0))
    for number in kept:
        figure = number in right
        table.add_column(escape(heads[number]), justify="right" if figure else "left", no_wrap=figure or not number)
    for line in cells:
        table.add_row(*(escape(line[number]) for number in kept))
    typer.echo(pick(title))
    console.print(table)
    if len(kept) < len(heads):
        left_out = ", ".join(head for number, head in enumerate(heads) if number not in kept)
        typer.echo(say(f"(left out for want of room: {left_out}; --json has all)",
                       f"（宽度不足，未显示：{left_out}；--json 可查看全部）"))  # fmt: skip


def fitting(heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[int], width: int) -> list[int]:
    """Which columns have room: the first always; of the others the last text goes first, then the last figure."""
    least = [
        _least([head, *(line[number] for line in cells)], whole=number in right or number == 0)
        for number, head in enumerate(heads)
    ]
    kept = list(range(len(heads)))
    while len(kept) > 1 and sum(least[each] for each in kept) + BETWEEN * (len(kept) - 1) > width:
        texts = [each for each in kept[1:] if each not in right]
        kept.remove(texts[-1] if texts else kept[-1])
    return kept


def _least(texts: Sequence[str], *, whole: bool) -> int:
    """The room that a column needs: all of its longest line, or of a text its longest word."""
    lines = [line for text in texts for line in text.splitlines() or [""]]
    natural = max(map(cell_len, lines))
    if whole or natural <= NARROW:
        return natural
    words = [cell_len(word) for line in lines for word in line.split() if word.isascii()]
    return max(NARROW, *words) if words else NARROW
