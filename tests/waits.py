"""How long a test waits for another process: longer where the machine has more to do than it has processors."""

from __future__ import annotations

import os

MOST = 6.0
"""A wait has an end all the same."""


def patience(seconds: float) -> float:
    """So many seconds of a machine that has nothing else to do, as this one is now."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * min(max(busy, 1.0), MOST)
