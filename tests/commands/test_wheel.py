"""The wheel alone, in an empty environment far from the checkout: it has everything, and a bank opens and serves from it.

Only Farthing comes from the wheel; what it depends on is borrowed from the environment of the tests, so that nothing is
fetched from anywhere.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import MEMORY
from tests.tidy.tree import ROOT, tracked
from tests.waits import until_served

EACH = """
import sys
from farthing.cli import app
for line in sys.argv[1:]:
    app(line.split(), standalone_mode=False)
"""


@dataclass
class Installed:
    """A wheel in an environment of its own, and a folder to work in."""

    wheel: Path
    folder: Path
    surroundings: dict[str, str]

    def run(self, *words: str) -> str:
        """What a command of the installed program prints."""
        return self._printed("farthing", *words)

    def run_each(self, *lines: str) -> str:
        """What several commands print, one after another in one process: most of what a process costs is its start."""
        return self._printed("python", "-c", EACH, *lines)

    def _printed(self, program: str, *words: str) -> str:
        done = subprocess.run(
            [self.folder / "venv" / "bin" / program, *words], cwd=self.folder, env=self.surroundings,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    folder = Path(tempfile.mkdtemp(prefix="fth-", dir=MEMORY if MEMORY.is_dir() else None))
    source = folder / "source"
    for path in tracked():
        if path.is_relative_to(ROOT / "src") or path.parent == ROOT:
            there = source / path.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder / "dist"), str(source)]
    subprocess.run(build, check=True, cwd=folder)
    (wheel,) = (folder / "dist").glob("farthing-*.whl")
    shutil.rmtree(source)
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin" / "python"
    subprocess.run(
        [*pip, "--python", str(python), "install", "--no-deps", "--no-index", "--no-compile", str(wheel)], check=True
    )
    (own,) = (venv / "lib").glob("python*/site-packages")
    (own / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FARTHING", "VIRTUAL"))
    }
    yield Installed(wheel, folder, {**clean, "FARTHING_HOME": str(folder / "bank")})
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
def test_every_file_of_the_program_is_in_the_wheel(installed: Installed) -> None:
    held = set(zipfile.ZipFile(installed.wheel).namelist())
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in tracked() if path.is_relative_to(ROOT / "src")}
    assert sorted(wanted - held) == []
    assert {name for name in held - wanted if not name.startswith("farthing-")} == set()


def test_the_program_is_the_wheels_own(installed: Installed) -> None:
    python = str(installed.folder / "venv" / "bin" / "python")
    done = subprocess.run(
        [python, "-c", "import farthing; print(farthing.__file__)"], cwd=installed.folder, env=installed.surroundings,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(installed.folder / "venv")
    assert "close-day" in installed.run("--help")
    assert "savings-demand" in installed.run("quote", "compare", "--amount", "1000", "--days", "90", "--json")


@pytest.mark.prove
@pytest.mark.timeout(280)
def test_a_bank_opens_moves_money_and_serves(installed: Installed) -> None:
    assert installed.run("migrate").startswith("ready: ")
    installed.run_each(
        "people register 王秀兰 110105198506123024 13912345678",
        "wallets open 13912345678",
        "wallets top-up 13912345678 20000 --from 6222021234567890123 --key first",
    )
    assert "20,000.00" in installed.run("wallets", "show", "13912345678")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = subprocess.Popen(
        [installed.folder / "venv" / "bin" / "farthing", "serve"], cwd=installed.folder, stdout=subprocess.DEVNULL,
        env={**installed.surroundings, "FARTHING_PORT": str(port)},
    )  # fmt: skip
    try:
        pages = ["/", "/savings", "/v1/openapi.json"]
        for page in pages:
            answer = until_served(f"http://127.0.0.1:{port}{page}", serving)
            assert answer.status_code == 200, page
            if page == "/":
                pages += (sheets := re.findall(r'href="(/static/[^"]+\.css)"', answer.text))
                assert sheets, "a page without a style sheet"
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(60)
