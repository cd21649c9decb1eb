"""A throw-away database server for a benchmark: made in a folder of its own, migrated, and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from farthing.db.migrate import migrate
from farthing.db.server import Embedded


@contextmanager
def thrown_away() -> Iterator[tuple[Path, Embedded]]:
    """The folder and the server, until the benchmark is over."""
    home = Path(tempfile.mkdtemp(prefix="farthing-bench-"))
    embedded = Embedded(home)
    try:
        migrate(embedded.url())
        yield home, embedded
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)
