"""Own how answers are printed: tables on a terminal, lines with tabs where they are piped, JSON where it is asked for.

What of a table has no room beside the rest stands below its line, named: never is a letter, a figure or a column lost.
Never decides anything.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, zip_longest
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from farthing.commands.language import colon, pick, say, spoken
from farthing.commands.wrapping import lines as broken
from farthing.kit.canonical import plain
from farthing.kit.chinese import told
from farthing.kit.words import Words

Json = Annotated[bool, typer.Option("--json", help="JSON, as the API answers.")]
Cell = object
BETWEEN = 2
"""Blanks between two columns."""
NARROW = 24
"""A column of text may become this narrow; its lines then break at words."""
BELOW = 2
"""By how much what stands below a line is set in."""
HIGH = 2
"""A text that would take more lines than this beside others stands below, where it has the whole width."""


def as_text(answer: Any) -> str:
    """An answer as JSON."""
    return json.dumps(told(plain(answer)), ensure_ascii=False, indent=2)


def tell(answer: Any, as_json: bool, show: Callable[[Any], None]) -> None:
    """Print an answer: as JSON, or by ``show``."""
    if as_json:
        typer.echo(as_text(answer))
    else:
        show(answer)


def _cell(value: Cell) -> str:
    return pick(value) if isinstance(value, Words) else "" if value is None else spoken(str(value))


def rows(
    title: Words | str, headings: Sequence[Words | str], lines: Iterable[Sequence[Cell]], right: Sequence[int] = ()
) -> None:
    """Print one table with its title; ``right`` names the columns of figures. Of an empty one that there is nothing; where it
    is piped, a line that begins with ``#`` is the title, and the headings stand in any case."""
    heads = [pick(each) for each in headings]
    cells = [[_cell(each) for each in line] for line in lines]
    above = pick(title) if cells else colon(title, say("none", "无"))
    if not sys.stdout.isatty():
        typer.echo(f"# {above}")
        for line in (heads, *cells):
            typer.echo("\t".join(" ".join(each.split()) for each in line))
        return
    typer.echo(above)
    for text in laid_out(heads, cells, right, shutil.get_terminal_size().columns) if cells else ():
        typer.echo(text)


def laid_out(heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[int], width: int) -> Iterator[str]:
    """The lines of a table on a terminal so wide. A column that is empty in every line is left out; those that have no room
    stand below their line. Pure."""
    used = [number for number, _ in enumerate(heads) if number == 0 or any(line[number] for line in cells)]
    kept = fitting(heads, cells, right, width, used)
    widths = _widths(heads, cells, right, width, kept)
    if high := [
        number for number, wide in zip(kept[1:], widths[1:], strict=True) if _height(cells, number, wide) > HIGH
    ]:
        kept = [number for number in kept if number != high[-1]]
        widths = _widths(heads, cells, right, width, kept)
    yield from _beside(heads, kept, widths, right)
    for line in cells:
        yield from _beside(line, kept, widths, right)
        below = [
            colon(heads[each], ", ".join(line[each].splitlines())) for each in used if each not in kept and line[each]
        ]
        for text in broken(say("; ", "；").join(below), max(width - BELOW, NARROW)):
            yield " " * BELOW + text


def _height(cells: Sequence[Sequence[str]], number: int, wide: int) -> int:
    """How many lines the longest text of a column takes where it is so wide, beyond the lines that it has itself."""
    return max(
        sum(len(broken(text, wide)) for text in line[number].splitlines()) - line[number].count("\n") for line in cells
    )


def _beside(line: Sequence[str], kept: Sequence[int], widths: Sequence[int], right: Sequence[int]) -> Iterator[str]:
    """A row of a table: what stands in each column, broken where it is wider."""
    columns = [
        [
            part
            for text in line[number].splitlines()
            for part in (broken(text, wide) if cell_len(text) > wide else [text])
        ]
        for number, wide in zip(kept, widths, strict=True)
    ]
    for parts in zip_longest(*columns, fillvalue=""):
        told = ""
        for number, wide, text in zip(kept, widths, parts, strict=True):
            blank = " " * (wide - cell_len(text))
            told += (blank + text if number in right else text + blank) + " " * BETWEEN
        yield told.rstrip()


def _widths(
    heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[int], width: int, kept: Sequence[int]
) -> list[int]:
    """How wide each column is that is kept: what it needs, and of the room that is left what it has use for."""
    texts = [[head, *(line[number] for line in cells)] for number, head in enumerate(heads)]
    found = [_least(texts[number], whole=_whole(number, right)) for number in kept]
    spare = max(width - sum(found) - BETWEEN * (len(kept) - 1), 0)
    for place, number in enumerate(kept):
        more = min(
            max(cell_len(part) for text in texts[number] for part in text.splitlines() or [""]) - found[place], spare
        )
        found[place] += max(more, 0)
        spare -= max(more, 0)
    return found


def _whole(number: int, right: Sequence[int]) -> bool:
    """Whether a column is never broken: the first, and those of figures."""
    return number in right or number == 0


def fitting(
    heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[int], width: int, used: Sequence[int]
) -> list[int]:
    """Which columns stand side by side: the first always; of the others as few as can be go below, texts before figures, the
    last before the first."""
    least = {
        number: _least([heads[number], *(line[number] for line in cells)], whole=_whole(number, right)) + BETWEEN
        for number in used
    }
    over = sum(least.values()) - BETWEEN - width
    others = sorted(used[1:], key=lambda number: (number in right, -number))
    for count in range(len(others) + 1):
        for gone in combinations(others, count):
            if sum(least[number] for number in gone) >= over:
                return [number for number in used if number not in gone]
    return [*used[:1]]


def _least(texts: Sequence[str], *, whole: bool) -> int:
    """The room that a column needs: all of its longest line, or of a text its longest word."""
    lines = [line for text in texts for line in text.splitlines() or [""]]
    natural = max(map(cell_len, lines))
    if whole or natural <= NARROW:
        return natural
    words = [cell_len(word) for line in lines for word in line.split() if word.isascii()]
    return max(NARROW, *words) if words else NARROW
