"""The guide to lending together with partners, its lines run one after the other; in two languages."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.bank.founding import agreed
from farthing.cli import app
from farthing.funding import service as funding
from farthing.funding.programmes import service
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.banks import commanded
from tests.docs.blocks import blocks
from tests.funding.test_partners import HARVEST
from tests.lending.house import House
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "partners.md"


def test_the_guide_to_partners_is_run_as_it_is_printed(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = House(database_url)
    kernel = house.bank.kernel
    agreed(kernel, funding.register_partner, HARVEST)
    agreed(kernel, loan_shelf.publish, Publish("shop-stock-loan", house.source("shop-stock-loan")))
    commanded(monkeypatch, house.bank.url)
    monkeypatch.chdir(tmp_path)
    second = Actor("second", frozenset(each.permission for each in OPERATIONS.values()), None)
    said: dict[str, str] = {}
    for block in blocks(GUIDE):
        if block.language == "toml":
            Path("programme.toml").write_text(block.text, encoding="utf-8")
            continue
        for line in block.text.splitlines():
            result = CliRunner().invoke(app, shlex.split(line)[1:])
            assert result.exit_code == 0, f"{line}: {result.output} {result.exception!r}"
            said[line] = result.output
            for draft in kernel.ask(approvals.waiting, actor=second):
                decided = kernel.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=second)
                assert decided.state == "approved"
    assert "waits for a second person" in said["farthing partners set-programme programme.toml"]
    assert "waits" not in said["farthing partners set-programme programme.toml --dry-run"]
    listed = said["farthing partners programmes"]
    assert "shops-2027\tharvest\t30.00%" in listed and "in force" in listed
    assert [each.ended for each in kernel.ask(service.programmes)] == [True]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = CliRunner().invoke(app, ["partners", "programmes"]).output
    assert "已终止" in told and "顺位" in told
    found = json.loads(CliRunner().invoke(app, ["partners", "programmes", "--json"]).output)
    assert found[0]["programme"]["code"] == "shops-2027"
