"""Own the setting of documents by Typst: JSON in, PDF/A-3 out, the same bytes on every machine and at every run.

The pinned fonts of :mod:`farthing.signing.fonts` and no others; what is printed travels as JSON text in ``sys.inputs``
and is never part of the source, so a name such as ``#evil[$x$]`` prints literally.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from farthing.kit.errors import InvariantBroken
from farthing.kit.later import Later
from farthing.signing.fonts import FAMILIES, folders

typst: Any = Later("typst")  # who sets nothing does without it, and most processes set nothing

_ROOT = Path(__file__).parent.parent
"""What templates may import from: ``/signing/templates/common.typ`` is this package's."""


class Typesetter:
    """A Typst compiler kept warm for one template; it is not re-entrant, hence the lock."""

    def __init__(self, template: Path, root: Path = _ROOT) -> None:
        self._path, self._root = str(template), str(root)
        self._lock = Lock()
        self._compiler: Any = None

    def set(
        self, inputs: Mapping[str, str], made_at: datetime, query: str | None = None
    ) -> tuple[bytes, list[Mapping[str, Any]]]:
        """Compile with these inputs; answers the PDF and the values of a queried label."""
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
def typesetter(template: Path) -> Typesetter:
    """The warm typesetter of a template."""
    return Typesetter(template)


@cache
def _fonts() -> Any:
    paths = [str(folder) for folder in folders()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
