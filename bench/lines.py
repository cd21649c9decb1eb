"""The line that every benchmark prints: what was measured, against what, on which machine."""

from __future__ import annotations

import json
import os
import platform
from typing import Any


def machine() -> str:
    """What the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def show(name: str, value: float, unit: str, against: str, against_value: float, **more: Any) -> None:
    """Print one JSON line. ``against`` names the limit or the peer measured in the same run; ``ratio`` is value to it."""
    line = {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "against": against,
        "against_value": round(against_value, 3),
        "ratio": round(value / against_value, 3),
        "machine": machine(),
        **more,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
