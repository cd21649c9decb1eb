"""Processor time of a benchmark: of its program and of the server that it started."""

from __future__ import annotations

import os
import time
from pathlib import Path

from farthing.db.server import Embedded


def processor_seconds(embedded: Embedded) -> float:
    """Processor time of this program and of all the server's processes that live."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            if entry.name.isdigit() and int(fields[1]) == embedded.pid:
                ticks += int(fields[11]) + int(fields[12])
        except (OSError, IndexError, ValueError):
            continue
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")
