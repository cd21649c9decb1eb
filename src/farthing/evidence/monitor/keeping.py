"""Own the folder of a monitor: every checkpoint that it saw, and which were proved to lie on the log's line. It only grows."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from farthing.evidence.monitor.rules import Seen
from farthing.evidence.note import TreeHead

SEEN, LINE, KEYS = "seen.jsonl", "line.jsonl", "keys.txt"


class Folder:
    """What a monitor remembers."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.seen = [
            Seen(each["source"], each["note"], datetime.fromisoformat(each["at"])) for each in _lines(path / SEEN)
        ]
        self._line = {(int(each["size"]), each["root"]) for each in _lines(path / LINE)}

    def see(self, source: str, text: str, at: datetime) -> Seen:
        """Keep a checkpoint that a source shows; one that it showed before stays as it was."""
        for each in self.seen:
            if (each.source, each.text) == (source, text):
                return each
        _add(self._path / SEEN, {"at": at.isoformat(), "source": source, "note": text})
        self.seen.append(Seen(source, text, at))
        return self.seen[-1]

    def settled(self, head: TreeHead) -> bool:
        """Whether a tree was proved to be a beginning of the log's."""
        return (head.size, head.root.hex()) in self._line

    def settle(self, head: TreeHead) -> None:
        """Keep that a tree is a beginning of the log's."""
        if not self.settled(head):
            _add(self._path / LINE, {"size": head.size, "root": head.root.hex()})
            self._line.add((head.size, head.root.hex()))

    def last_settled(self) -> TreeHead | None:
        """The largest tree that was proved to be the log's."""
        size, root = max(self._line, default=(0, ""))
        return TreeHead("", size, bytes.fromhex(root)) if size else None

    def keys(self) -> str:
        """The verifier keys that were believed first, a line each; empty where none were."""
        file = self._path / KEYS
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def keep_keys(self, text: str) -> None:
        """Keep the verifier keys that are believed."""
        (self._path / KEYS).write_text(text, encoding="utf-8")


def _lines(file: Path) -> list[dict[str, Any]]:
    """The lines of a file; a last one that was not written to its end is left out."""
    if not file.exists():
        return []
    whole = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in whole if line]


def _add(file: Path, said: dict[str, object]) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(said, ensure_ascii=False) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
