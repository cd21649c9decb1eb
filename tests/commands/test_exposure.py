"""``farthing exposure``: the guide's commands are run as they are printed, with both processes."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.exchange.blinded.law import SHIPPED
from farthing.exchange.exposure.files import COLUMNS
from farthing.exchange.figures.rows import COLUMNS as ROW_COLUMNS
from tests.docs.blocks import answered, blocks
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs" / "guides" / "exposure.md")
SPEAKS = {"load", "want", "permit", "ask", "seen", "contest", "withdraw"}


class Shell:
    """Lines of a shell: this program's in this process, what ends in ``&`` in one of its own, on any free port."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[str]] = []
        self.urls: list[str] = []

    def run(self, line: str) -> str:
        command, _, into = line.partition(" > ")
        words = shlex.split(command)
        if words[0] == "cp":
            shutil.copy(words[1], words[2])
            return ""
        if words[0] == "mkdir":
            Path(words[1]).mkdir()
            return ""
        if words[-1] == "&":
            order = [sys.executable, "-m", "farthing", *words[1:-1], "--port", "0"]
            self.started.append(subprocess.Popen(order, stdout=subprocess.PIPE, text=True))
            self.urls.append(self.started[-1].stdout.readline().strip())  # type: ignore[union-attr]
            return ""
        if words[0] == "cat":
            said = "".join(Path(word).read_text() for word in words[1:])
        else:
            more = ["--tagger", self.urls[0], "--shelf", self.urls[1]] if words[2] in SPEAKS else []
            said = answered(*words[1:], *(more[:2] if words[2] == "permit" else more))
        if into:
            Path(into).parent.mkdir(exist_ok=True)
            Path(into).write_text(said)
        return said


@pytest.fixture
def shell() -> Iterator[Shell]:
    made = Shell()
    yield made
    for each in made.started:
        each.terminate()
        each.wait(timeout=10)


@pytest.mark.long
def test_the_guides_commands_are_run_as_they_are_printed(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    text = SHIPPED.read_text(encoding="utf-8")
    Path("trial.toml").write_text(text.replace("edition_days = 7", "edition_days = 0"), encoding="utf-8")
    Path("person.txt").write_text("110101199003077571\n")
    Path("customers.csv").write_text(f"{','.join(COLUMNS)}\ncn-id,110101199003077571,50000.00,12000.00,45\n")
    lines = [f"p{number},{'ABCD'[number % 4]},north,card,yes,100.00,50.00,0,40.00" for number in range(80)]
    Path("rows.csv").write_text("\n".join([",".join(ROW_COLUMNS), *lines]) + "\n")
    said = {line: shell.run(line) for each in GUIDE if each.language == "sh" for line in each.text.splitlines()}
    (told,) = (each.text for each in GUIDE if each.language == "text")
    bands = next(text for line, text in said.items() if " ask " in line)
    assert bands.splitlines()[:-1] == told.splitlines()[:-1] and bands.splitlines()[-1].startswith("as of: ")
    by = {" ".join(line.split()[2:4]): text for line, text in said.items() if line.startswith("farthing")}
    assert "2c26b46b" in by["seen door"] and "disputed until: " in by["contest door"]
    assert by["tagger alarms"].startswith("# Alarms: none")
    assert by["figures raise"] == "allowed: 5/2\nspent: 0\n" and by["figures budget"] == "allowed: 5/2\nspent: 5/2\n"
    assert "north\tcard\t" in by["figures publish"]
    at = ["--tagger", shell.urls[0], "--shelf", shell.urls[1]]
    again = CliRunner().invoke(app, ["exposure", "ask", "north", "permit.json", "person.txt", *at])
    assert again.exit_code != 0 and again.exception.code == "exposure.consent_ended"  # type: ignore[union-attr]
    table = json.loads(
        answered("exposure", "figures", "publish", "figures", "rows.csv", "--quarter", "2026Q4", "--json")
    )
    assert {each["hidden"] for each in table} == {""}


def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    def code(*words: str) -> str:
        done = CliRunner().invoke(app, ["exposure", *words])
        return str(getattr(done.exception, "code", done.exit_code))

    place = str(tmp_path / "north")
    assert code("make-key", place, "--name", "n", "--role", "king") == "2"
    assert code("tagger", "serve", place) == "exposure.folder_unusable"
    answered("exposure", "make-key", place, "--name", "n", "--role", "bank")
    (tmp_path / "file.csv").write_text("a,b\n")
    assert code("load", place, str(tmp_path / "file.csv")) == "exposure.folder_unusable"
    cards = [
        answered("exposure", "make-key", str(tmp_path / name), "--name", name, "--role", name)
        for name in ("tagger", "door")
    ]
    (tmp_path / "north" / "parties.toml").write_text("".join(cards))
    assert code("load", place, str(tmp_path / "file.csv")) == "exposure.customers_unreadable"
    (tmp_path / "file.csv").write_text(f"{','.join(COLUMNS)}\ncn-id,1,1.00,0.00,3\n")
    assert code("load", place, str(tmp_path / "file.csv")) == "exposure.customers_unreadable"
    (tmp_path / "file.csv").write_text(f"{','.join(COLUMNS)}\n")
    assert code("load", place, str(tmp_path / "file.csv"), "--tagger", "http://127.0.0.1:9") == "exposure.peer_away"
    assert code("ask", place, str(tmp_path / "file.csv"), str(tmp_path / "file.csv")) == "exposure.message_unreadable"
    assert code("figures", "sign-raise", place) == "2"
