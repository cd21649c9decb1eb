"""Write ``docs/errors.md`` from every refusal code the program declares."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import farthing
from farthing.kit.errors import CODES
from farthing.kit.errors_page import render

PAGE = Path(__file__).resolve().parents[1] / "docs" / "errors.md"


def load_everything() -> None:
    """Import every module of the program, so that each code has been declared."""
    for module in pkgutil.walk_packages(farthing.__path__, "farthing."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)


if __name__ == "__main__":
    load_everything()
    PAGE.write_text(render(CODES), encoding="utf-8")
    print(f"{PAGE}: {len(CODES)} codes")
