"""Own the making of documents: terms in as data, PDF/A-3 out, the same bytes on every machine and at every run.

Typst compiles a template of ``templates/`` with one pinned font (Noto Sans CJK 1.004, SIL Open Font License 1.1) and no
other; the terms travel as JSON text in ``sys.inputs`` and are never part of the source, so a name such as
``#evil[$x$]`` prints literally. The same canonical JSON is attached to the file. Never signs and never stores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import cvttf_NotoSansCJK_Bold as bold_font
import cvttf_NotoSansCJK_Regular as regular_font
import typst

from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, malformed
from farthing.kit.money import EXPONENTS
from farthing.signing.capitals import capitals
from farthing.signing.model import Box
from farthing.signing.terms import LoanTerms, check

UNKNOWN_TEMPLATE = malformed(
    "signing.unknown_template",
    "There is no contract template {template}; choose one of {known}.",
    "没有名为 {template} 的合同模板;可选:{known}。",
)

_FOLDER = Path(__file__).parent / "templates"
TEMPLATES: Mapping[str, type[LoanTerms]] = {"loan": LoanTerms}
"""The templates and the terms each is made from."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document before any signature: its bytes, its terms as attached, and where signatures will stand."""

    pdf: bytes
    terms: bytes
    boxes: tuple[Box, ...]


def render(template: str, terms: LoanTerms) -> Rendered:
    """Print ``terms`` by a template; 20-40 ms once warm.

    Refuses ``signing.unknown_template`` and, through the terms' own check, ``signing.terms_inconsistent``.
    """
    known = TEMPLATES.get(template)
    if known is None or not isinstance(terms, known):
        raise UNKNOWN_TEMPLATE(template=template, known=", ".join(TEMPLATES))
    check(terms)
    attached = canonical(terms)
    shown = {
        "exponents": dict(EXPONENTS),
        "terms_digest": hashlib.sha256(attached).hexdigest(),
        "principal_capitals": capitals(terms.principal),
    }
    inputs = {"terms": attached.decode(), "shown": json.dumps(shown)}
    pdf, found = _compiler(template).make(inputs, terms.made_at, query="<signature-box>")
    boxes = tuple(_box(item) for item in found)
    return Rendered(pdf, attached, boxes)


def render_stamp(values: Mapping[str, Any], made_at: datetime) -> bytes:
    """Draw what is seen in a signature box, as a page of exactly the box's size."""
    pdf, _ = _compiler("stamp").make({"stamp": json.dumps(values)}, made_at)
    return pdf


def template_digest(template: str) -> str:
    """SHA-256 (hexadecimal) over a template's source and what it shares with others: which wording was used."""
    sources = b"\0".join((_FOLDER / f"{name}.typ").read_bytes() for name in (template, "common"))
    return hashlib.sha256(sources).hexdigest()


class _Compiler:
    """A Typst compiler kept warm for one template; it is not re-entrant, hence the lock."""

    def __init__(self, template: str) -> None:
        self._path = str(_FOLDER / f"{template}.typ")
        self._lock = Lock()
        self._compiler: Any = None

    def make(
        self, inputs: Mapping[str, str], made_at: datetime, query: str | None = None
    ) -> tuple[bytes, list[Mapping[str, Any]]]:
        """Compile with these inputs; answers the PDF and the values of a queried label."""
        with self._lock:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    self._path,
                    root=str(_FOLDER),
                    font_paths=_fonts(),
                    ignore_system_fonts=True,
                    sys_inputs=dict(inputs),
                )
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs=dict(inputs),
                pdf_standards=["a-3b"],
                timestamp=int(made_at.timestamp()),
            )
            found = json.loads(self._compiler.query(query, field="value")) if query else []
        if not isinstance(pdf, bytes):
            raise InvariantBroken("a document did not come out as one PDF")
        return pdf, found


@cache
def _compiler(template: str) -> _Compiler:
    return _Compiler(template)


@cache
def _fonts() -> Any:
    folders = [str(Path(font.get_TTF_path()).parent) for font in (regular_font, bold_font)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _box(item: Mapping[str, Any]) -> Box:
    """A place on a page, in PDF points from the lower left corner, from Typst's from the upper left."""
    left, top = float(item["x"]), float(item["page_height"]) - float(item["y"])
    return Box(
        role=str(item["role"]),
        page=int(item["page"]),
        left=left,
        bottom=top - float(item["height"]),
        right=left + float(item["width"]),
        top=top,
    )
