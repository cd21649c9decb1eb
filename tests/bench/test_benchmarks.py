"""Every benchmark still stands on the operations there are: it starts, says its options, and refuses what it is not.

What they measure is asserted nowhere: machines differ. They are run by hand, and docs/guides/speed.md says how.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.tidy.tree import ROOT

BENCHMARKS = sorted(
    path.name for path in (ROOT / "bench").glob("*.py") if "argparse" in path.read_text(encoding="utf-8")
)
EACH = """
import contextlib, io, json, os, sys, traceback
from pathlib import Path
import farthing.bank.opening, farthing.server, farthing.town.growing.growth
def start(place, told):
    import runpy
    sys.argv, said = [place, "--help"], io.StringIO()
    sys.path.insert(0, str(Path(place).parent))
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            runpy.run_path(place, run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        code = traceback.format_exc()
    os.write(told, json.dumps([code, said.getvalue()]).encode())
    os._exit(0)
for place in sys.argv[1:]:
    mine, told = os.pipe()
    child = os.fork()
    if not child:
        start(place, told)
    os.close(told)
    with open(mine, "rb") as read:
        print(Path(place).name, read.read().decode(), sep="\t", flush=True)
    os.waitpid(child, 0)
"""
"""Start each with ``--help`` in a process of its own, forked from one that has imported the program: importing it is what a
start costs, a dozen times over."""


@pytest.fixture(scope="module")
def started() -> dict[str, tuple[object, str]]:
    """How each ended and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", EACH, *(str(ROOT / "bench" / name) for name in BENCHMARKS)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    lines = (line.partition("\t") for line in done.stdout.splitlines())
    return {name: tuple(json.loads(told)) for name, _, told in lines}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_starts(name: str, started: dict[str, tuple[object, str]]) -> None:
    code, printed = started[name]
    assert code == 0, printed or code
    assert "usage" in printed


def test_there_are_benchmarks() -> None:
    assert {"ledger.py", "http.py", "lanes.py", "close_day.py", "verify.py", "statement.py"} <= set(BENCHMARKS)
