"""Own the step from bytes to lines and from a line to cells: encodings, separators, quotation marks. Pure.

Memory stays in proportion to the file: lines are counted before they are split, and rows are made one by one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

from farthing.credit.bills.model import (
    FOREIGN,
    MAXIMUM_CELL,
    MAXIMUM_LINE,
    MAXIMUM_LINES,
    TOO_LARGE,
)
from farthing.kit.words import Words

SEPARATORS = (",", "\t", ";", "，", "|")
BROKEN = "\ufffd"
_MOST_JOINED = 12
"""A note with line breaks inside quotation marks may span so many lines."""


def decodings(content: bytes) -> Iterator[str]:
    """The texts that bytes may stand for, the likeliest first; damaged characters become U+FFFD.

    Which one is right is told by whether a known header row is found in it.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield content.decode("utf-16", "replace")
        return
    if content[:3] == b"\xef\xbb\xbf":
        yield content[3:].decode("utf-8", "replace")
        return
    head = content[:4096]
    if b"\x00" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) < len(head) // 16:
            raise FOREIGN(recognised=Words("a binary file", "二进制文件"))
        yield content.decode("utf-16-le" if odd >= even else "utf-16-be", "replace")
        return
    strict = []
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strict.append(encoding)
        yield text
    for encoding in ("utf-8", "gb18030"):
        if encoding not in strict:
            yield content.decode(encoding, "replace")


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever ends them; refuses ``credit.bill_too_large`` before it builds them."""
    if text.count("\n") + text.count("\r") > MAXIMUM_LINES:
        raise TOO_LARGE(limit=Words(f"{MAXIMUM_LINES:,} lines", f"{MAXIMUM_LINES:,} 行"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if max(map(len, lines)) > MAXIMUM_LINE:
        raise TOO_LARGE(limit=Words(f"{MAXIMUM_LINE:,} characters a line", f"每行 {MAXIMUM_LINE:,} 个字符"))
    return lines


def strict_cells(line: str, separator: str) -> list[str] | None:
    """The cells of a line whose quotation marks are as RFC 4180 wants them, spaces and tabs around them aside.

    None where a quotation mark is left open or stands inside a word: then the marks are part of the text.
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        # Nearly every line is as it should be, and this reader is quick; it stumbles over what stands around marks.
        (row,) = csv.reader((line,), delimiter=separator, skipinitialspace=separator != "\t", strict=True)
        return [cell.strip() for cell in row]
    except (csv.Error, ValueError):
        pass
    cells: list[str] = []
    at, end = 0, len(line)
    while at <= end:
        start = at
        while start < end and line[start] in " \t" and line[start] != separator:
            start += 1
        if start < end and line[start] == '"':
            close = line.find('"', start + 1)
            while 0 <= close < end - 1 and line[close + 1] == '"':
                close = line.find('"', close + 2)
            if close < 0:
                return None
            stop = line.find(separator, close + 1)
            stop = end if stop < 0 else stop
            if line[close + 1 : stop].strip():
                return None
            cells.append(line[start + 1 : close].replace('""', '"').strip())
        else:
            stop = line.find(separator, start)
            stop = end if stop < 0 else stop
            cells.append(line[start:stop].strip())
        at = stop + 1
    return cells


def literal_cells(line: str, separator: str) -> list[str]:
    """The cells of a line in which quotation marks mean nothing; a pair around a whole cell is taken off."""
    cells = [cell.strip() for cell in line.split(separator)]
    return [cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


def records(
    lines: Sequence[str], start: int, separator: str, fits: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[int, list[str]]]:
    """The rows below a header, each with the number of its (first) line, counted from one.

    A quotation mark that opens a cell may hold separators and line breaks; half a pair is part of a name. Which of
    the two it is, the row tells by ``fits``: the right number of cells, a time and an amount in their places.
    """
    at = start
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if '"' not in line:
            yield number, [cell.strip() for cell in line.split(separator)]
            continue
        cells = strict_cells(line, separator)
        if cells is not None and fits(cells):
            yield number, cells
            continue
        plain = literal_cells(line, separator)
        if fits(plain):
            yield number, plain
            continue
        if cells is None:
            taken, joined = _joined(lines, at - 1, separator, fits)
            if joined is not None:
                at += taken - 1
                yield number, joined
                continue
        yield number, plain if cells is None else cells


def _joined(
    lines: Sequence[str], at: int, separator: str, fits: Callable[[Sequence[str]], bool]
) -> tuple[int, list[str] | None]:
    """The row that begins at a line and goes on in the next ones, inside quotation marks; how many lines it takes."""
    marks, length = 0, 0
    for taken in range(1, min(_MOST_JOINED, len(lines) - at) + 1):
        line = lines[at + taken - 1]
        marks += line.count('"')
        length += len(line)
        if length > 2 * MAXIMUM_CELL:
            break
        if taken > 1 and marks % 2 == 0:
            cells = strict_cells("\n".join(lines[at : at + taken]), separator)
            if cells is not None and fits(cells):
                return taken, cells
    return 1, None
