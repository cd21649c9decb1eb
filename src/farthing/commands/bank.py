"""Own the bank that a command works on: opened by the settings, closed when the command ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.opening import open_bank, standing_bank


@contextlib.contextmanager
def bank(*, standing: bool = False) -> Iterator[Kernel]:
    """The bank that the settings name, founded if it is new; ``standing``: only one that stands, left as it is."""
    kernel = standing_bank(Settings()) if standing else open_bank(Settings())
    try:
        yield kernel
    finally:
        kernel.database.close()
