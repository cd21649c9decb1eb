"""The guide to settling with partners, its lines run one after the other."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.funding.settling import breaks_service as service
from farthing.payments.iso20022.reader import read
from tests.banks import commanded
from tests.docs.blocks import blocks
from tests.funding.settling.test_breaks import settled
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "settlement.md"


def test_the_guide_to_settlement_is_run_as_it_is_printed(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house, (first, _) = settled(database_url)
    assert first.on.isoformat() == "2026-11-28"
    commanded(monkeypatch, house.bank.url)
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    for block in blocks(GUIDE):
        if block.language == "csv":
            Path("theirs.csv").write_text(block.text, encoding="utf-8")
            continue
        for line in block.text.splitlines():
            command, _, place = line.partition(" > ")
            if "break_..." in command:
                fee = next(each for each in house.bank.read(service.breaks).breaks if each.theirs is not None)
                command = command.replace("break_...", fee.id)
            result = CliRunner().invoke(app, shlex.split(command)[1:])
            assert result.exit_code == 0, f"{line}: {result.output} {result.exception!r}"
            if place:
                Path(place).write_text(result.output, encoding="utf-8")
            said.append(result.output)
    assert said[0].startswith("partner,day,number") and ",closing," in said[0]
    assert read(Path("ours.xml").read_bytes()) == (first,)
    assert "0 of 1 lines" in said[2] and "Missing on the other side" in said[2] and "Missing in our books" in said[2]
    assert "-7.00" in said[3] and "worked off" in said[4] and "1 of 1 lines" in said[5]
    assert house.bank.read(service.breaks).breaks == ()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = CliRunner().invoke(app, ["partners", "reconcile", "theirs.csv"]).output
    assert "对方缺失" in told and "我方期末" in told
