"""Own how a file leaves a page: the headers of one that is kept, and a sheet for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from fastapi.responses import Response

from farthing.web.ground import HEADERS

MARK = "\ufeff"
"""By it a spreadsheet knows that the text is UTF-8."""
_FIGURE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[^\S;\t\r\n]*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin to reckon: at the head of a cell, and, where it is told that semicolons or tabs part them,
after one of these; also at full-width marks, which some read as their narrow ones."""


def attached(name: str) -> dict[str, str]:
    """Headers of a file that is kept under a name."""
    return {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}


def sheet(name: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """Rows under their heads as a CSV file; what anybody wrote is no formula in it."""
    file = io.StringIO()
    written = csv.writer(file)
    written.writerow(heads)
    written.writerows([cell(each) for each in row] for row in rows)
    return Response(MARK + file.getvalue(), media_type="text/csv; charset=utf-8", headers=attached(name))


def cell(value: object) -> object:
    """A text as a cell that no spreadsheet takes for a formula; a figure keeps its sign."""
    return value if not isinstance(value, str) or _FIGURE.fullmatch(value) else _FORMULA.sub("'", value)
