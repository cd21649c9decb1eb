"""``farthing loans why``: a decision, and what would change it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from tests.banks import commanded
from tests.lending.house import House


@pytest.mark.long
def test_a_decision_is_told_with_what_would_change_it(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(database_url)
    commanded(monkeypatch, house.bank.url)
    decision = house.apply("9000").decision_id
    told = CliRunner().invoke(app, ["loans", "why", decision])
    assert told.exit_code == 0 and "yes: asked CNY 9,000.00" in told.output, told.output
    assert "* With a history that you let us fetch from your bank or wallet" in told.output
    data = json.loads(CliRunner().invoke(app, ["loans", "why", decision, "--json"]).output)
    assert data["ways"]["decision_id"] == decision and data["ways"]["better"]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "授权直接从您的银行或支付机构取得记录" in CliRunner().invoke(app, ["loans", "why", decision]).output
