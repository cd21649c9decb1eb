"""Own the setting of documents by Typst: JSON in, PDF/A-3 out, the same bytes on every machine and at every run.

The pinned fonts of :mod:`farthing.signing.fonts` and no others; what is printed travels as JSON text in ``sys.inputs``
and is never part of the source, so a name such as ``#evil[$x$]`` prints literally.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

from farthing.kit.errors import InvariantBroken, declined
from farthing.kit.later import Later
from farthing.signing.fonts import FAMILIES, folders

typst: Any = Later("typst")  # who sets nothing does without it, and most processes set nothing

_ROOT = Path(__file__).parent.parent
"""What templates may import from: ``/signing/templates/common.typ`` is this package's."""
AT_ONCE = 3
"""Papers of one kind that are set or wait to be at a time."""
PAPERS_BUSY = declined(
    "signing.papers_busy",
    "Others have papers printed at this moment; try again in a minute.",
    "此刻正在打印他人的单据；请一分钟后重试。",
)


class Typesetter:
    """A Typst compiler kept warm for one template; it is not re-entrant, hence the lock.

    ``most``: how many may want it at a time, for papers that anybody may ask for again and again: who waits for one holds
    a session of the database, and a hundred of them would stop the bank. The next is told to come back.
    """

    def __init__(self, template: Path, root: Path = _ROOT, most: int | None = None) -> None:
        self._path, self._root = str(template), str(root)
        self._lock = Lock()
        self._seats = None if most is None else BoundedSemaphore(most)
        self._compiler: Any = None

    def set(
        self, inputs: Mapping[str, str], made_at: datetime, query: str | None = None
    ) -> tuple[bytes, list[Mapping[str, Any]]]:
        """Compile with these inputs; answers the PDF and the values of a queried label."""
        with self._seat():
            return self._set(inputs, made_at, query)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        if self._seats is None:
            yield
            return
        if not self._seats.acquire(blocking=False):
            raise PAPERS_BUSY()
        try:
            yield
        finally:
            self._seats.release()

    def _set(
        self, inputs: Mapping[str, str], made_at: datetime, query: str | None
    ) -> tuple[bytes, list[Mapping[str, Any]]]:
        given = {**inputs, "fonts": json.dumps(FAMILIES)}
        with self._lock:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    self._path,
                    root=self._root,
                    font_paths=_fonts(),
                    ignore_system_fonts=True,
                    sys_inputs=given,
                )
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs=given,
                pdf_standards=["a-3b"],
                timestamp=int(made_at.timestamp()),
            )
            found = json.loads(self._compiler.query(query, field="value")) if query else []
        if not isinstance(pdf, bytes):
            raise InvariantBroken("a document did not come out as one PDF")
        return pdf, found


@cache
def typesetter(template: Path, most: int | None = None) -> Typesetter:
    """The warm typesetter of a template."""
    return Typesetter(template, most=most)


@cache
def _fonts() -> Any:
    paths = [str(folder) for folder in folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
