"""``farthing wind-down``: the guide from end to end on two banks, and what is refused."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.assurance.winddown.folder import KEY, MANIFEST
from farthing.bank.founding import SECOND
from farthing.bank.ports import LOG_SIGNERS
from farthing.cli import app
from farthing.commands.winddown import SUMS
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer.keeping import make
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from tests.assurance.winddown.test_going_on import same, stopped, told
from tests.assurance.winddown.two import empty, verified
from tests.banks import Bank, Shelf, commanded
from tests.docs.blocks import blocks
from tests.identity.people import Person, enrolled
from tests.lending.house import House
from tests.log_signers import SEED
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "wind-down.md"


@dataclass
class Terminal:
    """The commands of the guide at one bank after the other: as the bank itself, for which a second person agrees."""

    folder: Path
    key: str = ""

    def type(self, bank: Bank, line: str, monkeypatch: pytest.MonkeyPatch) -> str:
        commanded(monkeypatch, bank.url)
        monkeypatch.setenv("FARTHING_HOME", str(self._home(bank)))
        if line.startswith("farthing staff agree"):
            (draft,) = bank.kernel.ask(approvals.waiting)
            bank.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=SECOND)
            return "agreed"
        done = CliRunner().invoke(app, list(_words(line, self.folder, self.key)))
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def _home(self, bank: Bank) -> Path:
        """A home with the log's key, and what it signed last: a command has a signer of its own, and the bank here one inside."""
        inside = bank.kernel.ports.peer("signer")
        home = self.folder.with_name(f"home-{hashlib.sha256(bank.url.encode()).hexdigest()[:8]}")
        make(home / LOG_SIGNERS / inside.vkey.ident.hex(), ORIGIN, seed=SEED, last=inside.last.head)
        return home


def _words(line: str, folder: Path, key: str) -> Iterator[str]:
    """What is typed, without who types it: passwords are tested elsewhere."""
    words = iter(shlex.split(line, comments=True)[1:])
    for each in words:
        if each == "--as":
            next(words)
        else:
            yield str(folder) if each == "/exports/2027-q1" else key if each == "LOG_KEY" else each


@pytest.mark.long
def test_the_guide_from_end_to_end(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exported, checked without a database, taken over, verified; people sign up again and meet what is theirs."""
    export, check, take_over = [each.text for each in blocks(GUIDE) if each.language == "sh"]
    with shelf.database() as url:
        house = House(url, lived=stopped)
        terminal = Terminal(tmp_path / "export")
        said = [terminal.type(house.bank, line, monkeypatch) for line in export.splitlines()]
        assert "waits for a second person" in said[0] and "customers' money" in said[2] and "made" in said[3]
        terminal.key = (terminal.folder / KEY).read_text().strip()
        files = {each for each in terminal.folder.rglob("*") if each.is_file()}
        assert {oct(each.stat().st_mode & 0o777) for each in files} == {"0o600"}
        told_there = told(house.bank)
        monkeypatch.setenv("FARTHING_DATABASE_URL", "postgresql://nobody@/nothing")
        found = json.loads(CliRunner().invoke(app, ["wind-down", "check", str(terminal.folder), "--json"]).output)
        assert found["findings"] == [] and {each.partition(":")[0] for each in found["sums"]} <= SUMS.keys()
        assert "Not checked" in terminal.type(house.bank, check.strip(), monkeypatch)
        with empty(shelf, house.today) as bank:
            lines = [line for line in take_over.splitlines() if line != "farthing verify"]
            done = [terminal.type(bank, line, monkeypatch) for line in lines]
            assert "waits for a second person" in done[0] and "done" in done[2]
            same(told_there, told(bank))
            assert verified(bank) == []
            known = Person(house.party.name, house.party.number, house.party.phone)
            assert enrolled(bank, known).party.id == house.party.id
            monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
            assert "接管" in CliRunner().invoke(app, ["wind-down", "list"]).output
            assert (
                _refused("import", str(terminal.folder), "--key", terminal.key, "--why", "x") == "wind_down.taken_over"
            )
        house.bank.kernel.database.close()
    assert _refused("export", str(terminal.folder), "--why", "x") == "wind_down.exists"
    assert _refused("check", str(tmp_path)) == "wind_down.missing"
    other = terminal.key.replace("evidence", "another")
    assert _refused("check", str(terminal.folder), "--key", other) == "wind_down.another_bank"
    (terminal.folder / MANIFEST).unlink()
    assert _refused("check", str(terminal.folder)) == "wind_down.missing"
    shutil.rmtree(terminal.folder)


def _refused(*words: str) -> str:
    refusal = CliRunner().invoke(app, ["wind-down", *words]).exception
    assert isinstance(refusal, Refusal)
    return refusal.code
