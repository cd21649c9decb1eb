"""Write ``docs/errors.md`` from every refusal code the program declares."""

from __future__ import annotations

from pathlib import Path

from farthing.commands.printing import load_everything
from farthing.kit.errors import CODES
from farthing.kit.errors_page import render

PAGE = Path(__file__).resolve().parents[1] / "docs" / "errors.md"

if __name__ == "__main__":
    load_everything()
    PAGE.write_text(render(CODES), encoding="utf-8")
    print(f"{PAGE}: {len(CODES)} codes")
