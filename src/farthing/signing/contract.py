"""Own the making of documents: terms in as data, PDF/A-3 out, the same bytes on every machine and at every run.

The templates of ``templates/`` are set by :mod:`farthing.signing.typesetting`; the canonical JSON of the terms is
attached to the file. Never signs and never stores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from farthing.kit.canonical import canonical
from farthing.kit.errors import malformed
from farthing.kit.money import EXPONENTS
from farthing.signing.agreements.terms import AgreementTerms
from farthing.signing.capitals import capitals
from farthing.signing.model import Box
from farthing.signing.terms import LoanTerms, check
from farthing.signing.typesetting import typesetter

UNKNOWN_TEMPLATE = malformed(
    "signing.unknown_template",
    "There is no contract template {template}; choose one of {known}.",
    "没有名为 {template} 的合同模板；可选：{known}。",
)

_FOLDER = Path(__file__).parent / "templates"
Terms = LoanTerms | AgreementTerms
TEMPLATES: Mapping[str, type[Terms]] = {"loan": LoanTerms, "agreement": AgreementTerms}
"""The templates and the terms each is made from."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document before any signature: its bytes, its terms as attached, and where signatures will stand."""

    pdf: bytes
    terms: bytes
    boxes: tuple[Box, ...]


def render(template: str, terms: Terms, *, plain_page: bool = False) -> Rendered:
    """Print ``terms`` by a template; 20-40 ms once warm. ``plain_page``: what a loan comes to, in plain words, comes first.

    Refuses ``signing.unknown_template`` and, through the terms' own check, ``signing.terms_inconsistent``.
    """
    known = TEMPLATES.get(template)
    if known is None or not isinstance(terms, known):
        raise UNKNOWN_TEMPLATE(template=template, known=", ".join(TEMPLATES))
    attached = canonical(terms)
    shown: dict[str, object] = {"exponents": dict(EXPONENTS), "terms_digest": hashlib.sha256(attached).hexdigest()}
    if isinstance(terms, LoanTerms):
        check(terms)
        shown |= {"principal_capitals": capitals(terms.principal), "plain_page": plain_page}
    inputs = {"terms": attached.decode(), "shown": json.dumps(shown)}
    pdf, found = typesetter(_FOLDER / f"{template}.typ").set(inputs, terms.made_at, query="<signature-box>")
    boxes = tuple(_box(item) for item in found)
    return Rendered(pdf, attached, boxes)


def render_stamp(values: Mapping[str, Any], made_at: datetime) -> bytes:
    """Draw what is seen in a signature box, as a page of exactly the box's size."""
    pdf, _ = typesetter(_FOLDER / "stamp.typ").set({"stamp": json.dumps(values)}, made_at)
    return pdf


def template_digest(template: str) -> str:
    """SHA-256 (hexadecimal) over a template's source and what it shares with others: which wording was used."""
    sources = b"\0".join((_FOLDER / f"{name}.typ").read_bytes() for name in (template, "common"))
    return hashlib.sha256(sources).hexdigest()


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
