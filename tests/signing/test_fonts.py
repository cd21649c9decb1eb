"""The characters that we say can be printed are those of the fonts we ship, and documents of them are PDF/A."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path

from farthing.kit.printable import DATA
from farthing.signing.typesetting import Typesetter
from tests.tidy.tree import ROOT

TEMPLATE = """#set page(width: 60cm, height: auto)
#set text(font: json(bytes(sys.inputs.at("fonts"))), fallback: false, size: 8pt, lang: "zh")
#sys.inputs.text #text(weight: "bold", sys.inputs.text)
"""


def test_the_list_of_characters_is_what_the_fonts_hold() -> None:
    spec = importlib.util.spec_from_file_location("printable_tool", ROOT / "tools" / "printable.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert json.loads(DATA.read_text(encoding="utf-8")) == tool.ranges(tool.covered())


def test_every_script_is_set_as_pdf_a(tmp_path: Path) -> None:
    """PDF/A refuses a missing glyph, so a document of every kind of character proves the list. Of long runs, the ends."""
    said = [
        chr(code)
        for first, last in json.loads(DATA.read_text(encoding="utf-8"))
        for code in (range(first, last + 1) if last - first < 200 else (*range(first, first + 60), last))
    ]
    template = tmp_path / "all.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    pdf, _ = Typesetter(template, tmp_path).set({"text": " ".join(said)}, datetime(2026, 1, 1, tzinfo=UTC))
    assert pdf.startswith(b"%PDF")
