"""The commands of the guide on prudence and stress, and its file of a scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kit.errors import Refusal
from tests.banks import commanded
from tests.conftest import Bank
from tests.hands import city

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "stress.md").read_text(encoding="utf-8")


@pytest.fixture
def stands(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    city(bank)
    commanded(monkeypatch, bank.url)
    monkeypatch.setenv("FARTHING_LANGUAGE", "en")
    yield bank


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["stress", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    with pytest.raises(Refusal) as caught:
        CliRunner().invoke(app, ["stress", *arguments], catch_exceptions=False)
    return f"{caught.value.code}: {caught.value}"


def test_each_command_of_the_guide_and_its_scenario(stands: Bank, tmp_path: Path) -> None:
    for line in re.findall(r"^farthing stress (.+)$", GUIDE, re.MULTILINE):
        told(*line.split())
    (block,) = re.findall(r"```toml\n(.+?)```", GUIDE, re.DOTALL)
    own = tmp_path / "mine.toml"
    own.write_text(block, encoding="utf-8")
    path = json.loads(told("run", str(own), "--json"))
    assert len(path["path"]) == 13
    own.write_text(block + 'luck = "1"\n', encoding="utf-8")
    assert "stress.scenario_invalid" in refused("run", str(own)) and "luck" in refused("run", str(own))
    assert "stress.scenario_unknown" in refused("reverse", "luck")


def test_the_zero_scenario_ends_as_it_began_and_figures_say_their_inputs(stands: Bank) -> None:
    found = json.loads(told("figures", "--json"))
    zero = json.loads(told("run", "nothing", "--json"))
    assert zero["before"] == zero["after"] == found
    assert len(found["inputs_sha256"]) == 64 and found["pack"] == "cn"
    assert "lending.day_not_come" in refused("figures", "--on", "2999-01-01")
