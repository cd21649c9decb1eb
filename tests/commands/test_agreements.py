"""``farthing agreements`` and ``farthing contests``: drawn as the guide says, read, contested, decided, stepped back from."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from farthing.bank.founding import SECOND
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.signing.agreements.desk import Desk
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "agreements.md"


@pytest.mark.long
def test_an_agreement_from_the_command_line(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(bank)
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)
    guide = next(each.text for each in blocks(GUIDE) if "farthing agreements" in each.text)
    lines = [
        shlex.split(line.replace("ELDER", desk.elder.id).replace("HELPER", desk.helper.id))[1:]
        for line in guide.strip().splitlines()
    ]
    drawn, shown, stepped = lines
    said = answered(*drawn)
    assert "somebody has not signed" in said and desk.elder.name in said and answered(*shown) == said
    assert (tmp_path / "a1.pdf").read_bytes().startswith(b"%PDF")
    assert "power-of-attorney" in answered("agreements", "forms") and "power-of-attorney" in answered(
        "agreements", "list"
    )
    opened = answered("contests", "open", "A1", "pressed", "催得急", "--party", desk.elder.id)
    (contest,) = re.findall("contest_[0-9a-z]{26}", opened)
    assert contest in answered("contests", "list") and contest in answered("contests", "of", desk.elder.id)
    draft = re.findall("appr_[0-9a-z]{26}", answered("contests", "decide", contest, "rejected", "核对了见证记录"))[0]
    bank.kernel.run(approvals.decide, Decide(draft, approve=True), actor=SECOND)
    assert "rejected" in answered("contests", "list")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已终止" in answered(*stepped)
    agreement = desk.draw("A2")
    for who in (desk.elder, desk.helper):
        desk.sign(agreement, who)
    digest = re.findall("sha256:([0-9a-f]{64})", answered("agreements", "show", "A2"))[0]
    draft = re.findall("appr_[0-9a-z]{26}", answered("agreements", "seal", "A2", digest))[0]
    bank.kernel.run(approvals.decide, Decide(draft, approve=True), actor=SECOND)
    assert "已生效" in answered("agreements", "show", "A2")
    answered("agreements", "package", "A2", desk.helper.id, "a2.zip")
    assert (tmp_path / "a2.zip").read_bytes().startswith(b"PK")
