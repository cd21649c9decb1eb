"""The first block of docs/guides/town.md, as a reader runs it: a small town, and nothing to find in it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from tests.docs.blocks import blocks
from tests.tidy.tree import ROOT


@pytest.mark.long
def test_the_town_of_the_guide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FARTHING_HOME", str(tmp_path / "home"))
    first = blocks(ROOT / "docs" / "guides" / "town.md")[0]
    said = []
    for line in first.text.splitlines()[1:]:
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == 0, (done.output, done.exception)
        said.append(done.output)
    town, verified = said
    assert "town 3: 8 people, 1 month" in town
    assert "payments.transfer" in town
    assert verified.count("findings") == verified.count("; 0 findings") >= 20
    again = CliRunner().invoke(app, ["town", "--new"])
    assert again.exit_code == 0
    assert "no town" in again.output
