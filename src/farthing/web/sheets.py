"""Own how a file leaves a page: the headers of one that is kept, and a sheet for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from fastapi.responses import Response

from farthing.web.ground import HEADERS

MARK = "\ufeff"
"""By it a spreadsheet knows that the text is UTF-8."""


def attached(name: str) -> dict[str, str]:
    """Headers of a file that is kept under a name."""
    return {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}


def sheet(name: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """Rows under their heads as a CSV file."""
    file = io.StringIO()
    written = csv.writer(file)
    written.writerow(heads)
    written.writerows(rows)
    return Response(MARK + file.getvalue(), media_type="text/csv; charset=utf-8", headers=attached(name))
