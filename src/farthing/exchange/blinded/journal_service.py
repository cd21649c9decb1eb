"""Own the append-only file of a process: a line of JSON a record, on the disk before anything is answered.

One process at a time has the folder. A line that was cut off by a crash was never answered, and is cut away at the next start.
Never changes a line; ``shorten`` writes a file of what still counts beside it, and takes its place.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from farthing.kit import disk
from farthing.kit.canonical import canonical
from farthing.kit.errors import conflict
from farthing.kit.words import Words

FOLDER_UNUSABLE = conflict(
    "exposure.folder_unusable",
    "The folder {folder} cannot be used: {problem}.",
    "文件夹 {folder} 无法使用：{problem}。",
)
JOURNAL, LOCK = "journal.jsonl", "lock"


class Journal:
    """The file of a folder, held by this process until ``close``."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; refuses ``exposure.folder_unusable``."""
        if not folder.is_dir():
            problem = Words("there is no such folder; make its key first", "不存在；请先生成密钥")
            raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
        self._path = folder / JOURNAL
        lock = disk.locked(folder / LOCK)
        if lock is None:
            problem = Words("another process has it", "已被另一进程占用")
            raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
        self._lock = lock
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        whole = self._path.read_bytes().rfind(b"\n") + 1
        os.ftruncate(self._file, whole)

    def records(self) -> Iterator[dict[str, Any]]:
        """Every record, the oldest first; refuses ``exposure.folder_unusable`` where one cannot be read."""
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line)
                except ValueError:
                    problem = Words(f"line {number} of {JOURNAL} is broken", f"{JOURNAL} 第 {number} 行已损坏")
                    raise FOLDER_UNUSABLE(folder=str(self._path.parent), problem=problem) from None

    def add(self, records: Iterable[dict[str, Any]]) -> None:
        """Put records on the disk, before this returns. What could not be written whole is taken back."""
        lines = b"".join(canonical(each) + b"\n" for each in records)
        before = os.fstat(self._file).st_size
        try:
            view = memoryview(lines)
            while view:
                view = view[os.write(self._file, view) :]
            os.fdatasync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, before)
            raise

    def shorten(self, records: Iterable[dict[str, Any]]) -> None:
        """Keep these records alone."""
        disk.write(self._path, b"".join(canonical(each) + b"\n" for each in records), 0o600)
        os.close(self._file)
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND, 0o600)

    def close(self) -> None:
        """Let another process have the folder."""
        for number in (self._file, self._lock):
            with contextlib.suppress(OSError):
                os.close(number)
