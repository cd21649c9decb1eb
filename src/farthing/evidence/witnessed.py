"""Own what a witness keeps beside the last tree: the note that it cosigned last, and signed notes that it refused as forks.

A fork that nobody kept proves nothing: whoever signed two trees that disagree is shown by his own signature under the other one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from farthing.kit import disk

SHOWN, FORKS = "shown.txt", "forks.txt"
MOST_BYTES = 1 << 20
"""Of refused notes: whoever holds the log's key, or junk for a proof, could fill a disk."""


class Memory(Protocol):
    """What remembers notes."""

    shown: str
    """The note that was cosigned last, with the witness's line; empty before the first."""

    def show(self, text: str) -> None:
        """Keep what was cosigned."""

    def refuse(self, text: str) -> None:
        """Keep a note that the log's key signed and that did not grow out of the last tree."""


class Remembered:
    """Notes, in memory."""

    def __init__(self) -> None:
        self.shown = ""
        self.forks: list[str] = []

    def show(self, text: str) -> None:
        """Keep what was cosigned."""
        self.shown = text

    def refuse(self, text: str) -> None:
        """Keep a refused note."""
        if text not in self.forks:
            self.forks.append(text)


class Folder:
    """Notes, in the witness's folder; a note is on the disk before its line leaves."""

    def __init__(self, folder: Path) -> None:
        self._shown, self._forks = folder / SHOWN, folder / FORKS
        self.shown = self._shown.read_text(encoding="utf-8") if self._shown.exists() else ""

    def show(self, text: str) -> None:
        """Keep what was cosigned; raises ``OSError`` where it cannot."""
        disk.write(self._shown, text.encode(), 0o644)
        self.shown = text

    def refuse(self, text: str) -> None:
        """Add a refused note once, up to ``MOST_BYTES`` in all; raises ``OSError`` where it cannot."""
        kept = self._forks.read_text(encoding="utf-8") if self._forks.exists() else ""
        if text in kept or len(kept) + len(text) > MOST_BYTES:
            return
        with self._forks.open("a", encoding="utf-8") as opened:
            opened.write(f"{text}\n")
            opened.flush()
            os.fsync(opened.fileno())
