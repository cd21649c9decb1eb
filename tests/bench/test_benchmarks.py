"""Every benchmark still stands on the operations there are: it starts, says its options, and refuses what it is not.

What they measure is asserted nowhere: machines differ. They are run by hand, and docs/guides/speed.md says how.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tidy.tree import ROOT

BENCHMARKS = sorted(
    path.name for path in (ROOT / "bench").glob("*.py") if "argparse" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_starts(name: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / name, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout


def test_there_are_benchmarks() -> None:
    assert {"ledger.py", "http.py", "lanes.py", "close_day.py", "verify.py", "statement.py"} <= set(BENCHMARKS)
