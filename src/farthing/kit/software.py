"""Own the bill of materials: this program and every library that it runs with, by name and version."""

from __future__ import annotations

import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@cache
def bill_of_materials() -> dict[str, str]:
    """Name and version of Python, this program, and all that it asks for and that is installed, in turn; sorted by name."""
    found: dict[str, str] = {}
    waiting = ["farthing"]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            held = distribution(name)
        except PackageNotFoundError:  # not for this system, or not for this Python
            continue
        found[name] = held.version
        waiting += [match[0] for each in held.requires or () if "extra ==" not in each and (match := _NAME.match(each))]
    return {"python": platform.python_version(), **dict(sorted(found.items()))}
