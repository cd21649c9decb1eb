"""Own a tagger's keys: a random seed for each purpose and quarter, in a file readable by its owner alone.

A seed whose quarter is over, and the one after it too, is destroyed: rows under it can then be tied to nobody any more.
Never derives one key from another.
"""

from __future__ import annotations

import os
from pathlib import Path

from farthing.exchange.blinded.group import SEED_BYTES, Group, Keyed
from farthing.kit import disk

SEEDS = "seeds"


class Keys:
    """Keys by purpose and period, made when they are first needed."""

    def __init__(self, folder: Path, group: Group) -> None:
        self._folder, self._group = folder / SEEDS, group
        self._folder.mkdir(exist_ok=True, mode=0o700)
        self._made: dict[tuple[str, str], Keyed] = {}

    def of(self, purpose: str, period: str) -> Keyed:
        """The key of a purpose and period, which the caller has checked."""
        known = self._made.get((purpose, period))
        if known is None:
            path = self._folder / f"{purpose}-{period}.seed"
            if not path.exists():
                disk.write(path, os.urandom(SEED_BYTES), 0o600)
            known = self._group.keyed(path.read_bytes(), f"{purpose} {period}".encode())
            self._made[purpose, period] = known
        return known

    def destroy_before(self, period: str) -> None:
        """Destroy every seed of quarters before one; those of later ones stay, whatever the clock says now."""
        for path in self._folder.glob("*.seed"):
            if path.stem.rpartition("-")[2] < period:
                path.unlink()
        self._made = {key: made for key, made in self._made.items() if key[1] >= period}
