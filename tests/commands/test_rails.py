"""The guide to rails: its commands are run one after the other against a bank at the other end."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kernel import errands
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.payments.nostro.peers import Nostro, nostro_of
from tests.tidy.tree import ROOT


@pytest.fixture
def nostro(bank: Bank) -> Iterator[Nostro]:
    with nostro_of(bank) as found:
        yield found


@pytest.mark.long
def test_the_guides_commands_are_run_as_they_are_printed(
    nostro: Nostro, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nostro.close()
    nostro.peer.control({"moods": ["twice"]})
    nostro.house.pay_out(300)
    on = nostro.today
    (tmp_path / "statement.xml").write_bytes(nostro.peer.bank.report())
    commanded(monkeypatch, nostro.bank.url)
    monkeypatch.setenv("FARTHING_RAIL_URL", nostro.peer.url)
    monkeypatch.chdir(tmp_path)
    (block,) = (each for each in blocks(ROOT / "docs/guides/rails.md") if each.text.startswith("farthing rails"))
    said: dict[str, str] = {}
    for line in block.text.splitlines():
        if "break_..." in line:
            twice = next(each for each in nostro.open() if each.kind == "duplicate")  # invented capital is one more
            line = line.replace("break_...", twice.id)
        command = shlex.split(line.replace("2026-11-28", on.isoformat()))[1:]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, f"{line}: {result.output} {result.exception!r}"
        said[command[1]] = result.output
    assert "sandbox" in said["list"]
    assert "so far" in said["take"] and "003.00" in said["days"]
    assert "Told twice" in said["show"] and "Told twice" in said["breaks"] and "worked off" in said["work-off"]
    assert "is asked" in said["ask"]
    assert errands.sweep(nostro.bank.kernel, everything=True) == 1
    found = CliRunner().invoke(app, ["rails", "list", "--json"])
    assert found.exit_code == 0 and '"rail": "sandbox"' in found.output
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = CliRunner().invoke(app, ["rails", "take", "statement.xml"]).output
    assert "日间" in told and "此前已收取" in told
    verified = CliRunner().invoke(app, ["verify"])
    assert "通道对账" in verified.output and verified.exit_code == 0, verified.output
