"""The command that takes an export over is killed twice, at different parts: it goes on to the same result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from farthing.assurance.winddown.folder import opened, steps
from tests.assurance.winddown.test_going_on import same, stopped, told
from tests.assurance.winddown.two import WHY, begin, empty, exported, verified
from tests.banks import Bank, Shelf, at
from tests.lending.house import House

IMPORT = "from farthing.cli import main; main()"


def imports(bank: Bank, folder: Path, key: str) -> subprocess.Popen[bytes]:
    """``farthing wind-down import`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, "wind-down", "import", str(folder), "--key", key, "--why", WHY],
        env={**os.environ, **at(bank.url)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def brought(bank: Bank) -> int:
    """How many parts are there."""
    with bank.superuser() as connection:
        row = connection.execute("SELECT count(*) FROM wind_down_part").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.prove
def test_killed_twice_it_goes_on_to_the_same(shelf: Shelf, tmp_path: Path) -> None:
    with shelf.database() as url:
        house = House(url, lived=stopped)
        export = opened(exported(house.bank))
        for name, content in export.files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
        with empty(shelf, house.today) as bank:
            begin(bank, export)
            whole, there = len(steps(export.manifest)), [0]
            for upto in (whole // 4, whole // 2):
                program = imports(bank, tmp_path, export.seal.key)
                while brought(bank) < upto and program.poll() is None:
                    pass
                program.send_signal(signal.SIGKILL)
                assert program.wait() == -signal.SIGKILL
                there.append(brought(bank))
            assert there[0] < there[1] < there[2] < whole
            assert imports(bank, tmp_path, export.seal.key).wait() == 0
            assert brought(bank) == whole
            same(told(house.bank), told(bank))
            assert verified(bank) == []
        house.bank.kernel.database.close()
