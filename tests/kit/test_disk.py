"""Files of small processes: whole or not at all, secret, and one process to a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from farthing.kit import disk


def test_a_file_is_whole_or_as_it_was_and_its_secret_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    assert disk.kept(path, lambda: b"first") == disk.kept(path, lambda: b"second") == b"first"
    assert path.stat().st_mode & 0o777 == 0o600
    disk.write(path, b"third", 0o600)
    assert path.read_bytes() == b"third"
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        disk.write(tmp_path / "folder", b"in the way", 0o600)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "new"], "nothing half done is left"


def test_a_lock_is_of_one_until_it_lets_go(tmp_path: Path) -> None:
    mine = disk.locked(tmp_path / "lock")
    assert mine is not None and disk.locked(tmp_path / "lock") is None
    os.close(mine)
    again = disk.locked(tmp_path / "lock")
    assert again is not None
    os.close(again)
