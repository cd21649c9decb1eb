"""``farthing loans top-up``: what asking for more comes to, and asking for it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.lending import service as lending
from tests.banks import commanded
from tests.lending.house import House
from tests.lending.top_ups.grown import quoted, three_paid


@pytest.mark.long
def test_more_is_looked_at_and_asked_for(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(database_url, lived=three_paid)
    commanded(monkeypatch, house.bank.url)
    line = ["loans", "top-up", house.made.id, "8000", "12"]
    shown = quoted(house, house.made.id)
    told = CliRunner().invoke(app, [*line, "--dry-run"])
    assert told.exit_code == 0 and "A dry run" in told.output, told.output
    assert str(shown.reaches_you) in told.output and str(shown.pays_off.amount) in told.output
    data = json.loads(CliRunner().invoke(app, [*line, "--dry-run", "--json"]).output)
    assert data["reaches_you"]["minor"] == shown.reaches_you.minor
    assert not house.bank.read(lambda tx: lending.offers(tx, house.party.id, 5))[1:]
    asked = CliRunner().invoke(app, [*line, "--purpose", "a second oven"])
    assert asked.exit_code == 0 and "offer offer_" in asked.output, asked.output
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "转入钱包" in CliRunner().invoke(app, [*line, "--dry-run"]).output
    (made, _) = house.bank.read(lambda tx: lending.offers(tx, house.party.id, 5))
    assert (made.replaces, made.amount) == (house.made.id, shown.amount)
