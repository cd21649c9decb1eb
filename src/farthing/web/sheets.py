"""Own how a file leaves a page: the headers of one that is kept, and a sheet for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from farthing.funding.settling.model import StatementFile
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.cells import cell
from farthing.web.ground import HEADERS, kernel_of, view
from farthing.web.speech import ngettext

T = TypeVar("T")

MARK = "\ufeff"
"""By it a spreadsheet knows that the text is UTF-8."""
CSV = "text/csv; charset=utf-8"
XML = "application/xml"
Rows = Iterable[Iterable[object]]


def attached(name: str) -> dict[str, str]:
    """Headers of a file that is kept under a name."""
    return {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}


def sent(file: StatementFile) -> Response:
    """A statement's file, byte for byte."""
    return Response(file.content, media_type=CSV if file.form == "csv" else XML, headers=attached(file.name))


def dated(request: Request, name: str, on: date | None = None) -> str:
    """The name of a file that changes with the bank's day, or tells of another."""
    return name.format((on or kernel_of(request).clock().business_date).isoformat())


def sheet(name: str, heads: Iterable[str], rows: Rows) -> Response:
    """Rows under their heads as a CSV file; what anybody wrote is no formula in it."""
    return Response(MARK + _written([heads]) + _written(rows), media_type=CSV, headers=attached(name))


def long_sheet(name: str, heads: Iterable[str], pages: Iterable[Rows]) -> Response:
    """The same of a list of any length: it is sent page by page, and only one page is in memory. Its last line counts the
    rows; a file without it was cut off on the way."""
    return StreamingResponse(
        chain([MARK + _written([heads])], _counted(pages)), media_type=CSV, headers=attached(name)
    )  # fmt: skip


def _counted(pages: Iterable[Rows]) -> Iterator[str]:
    count = 0
    for rows in pages:
        told = list(rows)
        count += len(told)
        yield _written(told)
    yield _written([[ngettext("The end: %(num)s row", "The end: %(num)s rows", count) % {"num": count}]])


def every(page: Callable[[str], tuple[T, str | None]]) -> Iterator[T]:
    """Each page of a list that goes on ``after`` its last; the first is asked for at once, so that what is refused is refused
    before a file begins."""
    first, after = page("")

    def told() -> Iterator[T]:
        rows, last = first, after
        yield rows
        while last is not None:
            rows, last = page(last)
            yield rows

    return told()


def rows_of(request: Request, who: Actor, build: Callable[[Ask, str], tuple[Rows, str | None]]) -> Iterator[Rows]:
    """As :func:`every`, of a list that is asked for as the person signed in: ``build`` makes the rows of a page from one state
    of the books, and says how to go on."""

    def page(after: str) -> tuple[Rows, str | None]:
        found: tuple[Rows, str | None] = view(request, who, lambda ask: build(ask, after))
        return found

    return every(page)


def _written(rows: Rows) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([cell(each) for each in row] for row in rows)
    return file.getvalue()
