"""The guide's own commands make a bank: opened, two officers, two operators, capital, a clean verification."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.bank.opening import open_bank
from farthing.cli import app
from farthing.commands.problems import exit_code, said
from farthing.commands.problems import refused as refusal_of
from farthing.kernel.settings import Settings
from tests.banks import commanded
from tests.commands.test_problems import refused
from tests.conftest import Bank
from tests.doors import served
from tests.tidy.tree import ROOT
from tests.waits import patience, until_served

GUIDE = ROOT / "docs" / "guides" / "real-bank.md"
OPEN, OFFICERS, SERVE, STAFF, VERIFY = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
LIN, CHEN = "the river runs east", "a lamp in the window"
ZHOU, WU = "rain on a tin roof", "bread before the dawn"


class Machine:
    """An empty machine: a home of its own, a free port, `farthing` on the path, nobody at a terminal."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: text for name, text in os.environ.items() if not name.startswith("FARTHING_")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = {**kept, "PATH": path, "FARTHING_HOME": str(home / "bank"), "FARTHING_PORT": str(self.port)}
        self.folder = home

    def start(self, script: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-c", script], env=self.environment, cwd=self.folder, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, script: str, *typed: str, code: int = 0) -> str:
        running = self.start(script)
        printed, _ = running.communicate("".join(f"{line}\n" for line in typed), timeout=patience(200))
        assert running.returncode == code, printed
        return printed

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        server = self.start(f"exec {SERVE}")
        assert until_served(f"http://127.0.0.1:{self.port}/readyz", server).status_code == 200
        try:
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            printed, _ = server.communicate(timeout=patience(60))
        assert "login, told this once" not in printed


class Desk:
    """The same over a database, each command in this process: starting a dozen costs more than all that they do."""

    def __init__(self, folder: Path, database_url: str, environment: pytest.MonkeyPatch) -> None:
        self.folder, self.url = folder, database_url
        self.environment: dict[str, str] = {}
        self._patch = environment
        environment.delenv("FARTHING_OPENS_ON")
        commanded(environment, database_url)

    def run(self, script: str, *typed: str, code: int = 0) -> str:
        typing = "".join(f"{line}\n" for line in typed)
        if script == STAFF:
            done = subprocess.run(
                ["bash", "-c", script], input=typing, capture_output=True, text=True, check=False, cwd=self.folder
            )
            assert done.returncode == code, done.stderr
            return done.stdout
        words = shlex.split(script.replace("\\\n", " "))
        with self._patch.context() as surroundings:
            for name, value in self.environment.items():
                surroundings.setenv(name, value)
            ended = CliRunner().invoke(app, words[words.index("farthing") + 1 :], input=typing)
        refusal = refusal_of(ended.exception) if isinstance(ended.exception, Exception) else None
        assert (ended.exit_code if refusal is None else exit_code(refusal)) == code, ended.output
        return ended.output + ("" if refusal is None else said(refusal))

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        kernel = open_bank(Settings())
        with served(Bank(kernel, self.url)) as base:
            self._patch.setenv("FARTHING_PORT", base.rpartition(":")[2])
            yield
        kernel.database.close()


@pytest.fixture
def machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="farthing-guide-"))  # pytest's own folders may be closed to others meanwhile
    yield Machine(folder)
    shutil.rmtree(folder, ignore_errors=True)


def from_nothing_to_a_bank_with_capital(place: Machine | Desk) -> None:
    place.environment["FARTHING_CLOCK"] = "real"
    assert "farthing bank open --name" in place.run("farthing migrate")
    assert "bank.not_open" in place.run(SERVE, code=2)
    del place.environment["FARTHING_CLOCK"]  # the clock of a bank is its own from now on
    for _ in range(2):
        assert "白水县农村信用合作联社 91610527MA6Y00QX1W" in place.run(OPEN)
    assert "identity.password_weak" in place.run(OFFICERS, "12345678", "12345678", CHEN, CHEN, code=2)
    made = place.run(OFFICERS, LIN, LIN, CHEN, CHEN)
    assert "security:lin, security:chen" in made
    assert LIN not in made
    assert "identity.staff_there" in place.run(OFFICERS, LIN, LIN, CHEN, CHEN, code=2)
    assert "bank.officers_make_staff" in place.run(
        "farthing people staff eve operator --name Eve --number S-09", code=2
    )
    with place.serving():
        told = place.run(STAFF, LIN, CHEN, ZHOU, WU)
    assert '"state":"approved","operation":"ledger.post_by_hand"' in told, told
    assert '"path":"equity:capital","currency":"CNY","balance":{"minor":-5000000000,"currency":"CNY"}' in told, told
    assert "0 findings" in place.run(VERIFY)


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_from_an_empty_machine_to_a_bank_with_capital(machine: Machine) -> None:
    from_nothing_to_a_bank_with_capital(machine)


@pytest.mark.long
def test_from_an_empty_database_to_a_bank_with_capital(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_nothing_to_a_bank_with_capital(Desk(tmp_path, database_url, monkeypatch))


def test_a_simulated_bank_is_not_opened_as_a_real_one(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, bank.url)
    monkeypatch.delenv("FARTHING_OPENS_ON")  # a bank with a real clock opens today
    words = shlex.split(OPEN.replace("\\\n", " "))
    words = words[words.index("farthing") + 1 :]
    assert refused(words, capsys, monkeypatch).startswith("bank.simulated")
    monkeypatch.delenv("FARTHING_DATABASE_URL")
    monkeypatch.setenv("FARTHING_HOME", str(tmp_path / "elsewhere"))
    words = ["bank", "open", "--name", "x", "--code", "1", "--phone", "0913-6155555"]
    assert refused(words, capsys, monkeypatch).startswith("parties.credit_code_invalid")
    assert not (tmp_path / "elsewhere").exists()
