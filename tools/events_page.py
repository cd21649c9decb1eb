"""Write ``docs/events.md`` from the list of public events."""

from __future__ import annotations

from pathlib import Path

from farthing.events.catalogue import KINDS
from farthing.events.page import render

PAGE = Path(__file__).resolve().parents[1] / "docs" / "events.md"

if __name__ == "__main__":
    PAGE.write_text(render(KINDS), encoding="utf-8")
    print(f"{PAGE}: {len(KINDS)} kinds")
