"""``farthing credit``: the guide's spec and commands as they are printed, and what is refused before anything is fitted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.commands.credit import write
from farthing.credit.succession.force_service import SCORECARDS
from farthing.kit.errors import Refusal
from tests.credit.training.made import rows, table
from tests.docs.blocks import answered, blocks
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs/guides/train-a-model.md")


def code_of(*words: str) -> str:
    """What the command line says when it refuses."""
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code != 0, found.output
    return f"{found.exception} {found.output}"


@pytest.mark.long
def test_the_guides_commands_are_run_as_they_are_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    spec, commands = GUIDE[0].text, GUIDE[1].text.splitlines()
    (tmp_path / "loans.toml").write_text(spec.replace("folds = 3", "folds = 2"), encoding="utf-8")
    (tmp_path / "loans.csv").write_bytes(table(rows()))
    people = [["9000", "0", "30", "own"], ["1000", "5000", "30", "rent"], ["", "", "", ""]]
    (tmp_path / "people.csv").write_text("income,debt,age,home\n" + "\n".join(map(",".join, people)), encoding="utf-8")
    trained, shown, scored = [answered(*line.split()[1:]) for line in commands]
    assert "borrowers-scorecard" in trained and "borrowers-trees" in trained
    assert {each.name for each in (tmp_path / "trained").iterdir()} == {
        "scorecard.model.json", "trees.model.json", "metrics.json", "model-card.en.md", "model-card.zh.md",
        "data-sheet.en.md", "data-sheet.zh.md",
    }  # fmt: skip
    assert "higher is better" in shown
    head, rich, poor, unknown = scored.strip().splitlines()
    assert head == "score,probability"
    assert int(rich.split(",")[0]) > int(poor.split(",")[0])
    assert float(rich.split(",")[1]) < float(poor.split(",")[1]) and unknown
    told = json.loads((tmp_path / "trained/metrics.json").read_text(encoding="utf-8"))
    assert told["models"]["trees"]["groups"]["groups"][0]["name"] == "x"
    assert "commands.training_folder_taken" in code_of(*commands[0].split()[1:])
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "越高越好" in answered(*commands[1].split()[1:])


def test_what_cannot_be_trained_or_scored_is_refused_with_its_code(tmp_path: Path) -> None:
    spec, data, broken = tmp_path / "spec.toml", tmp_path / "data.csv", tmp_path / "model.json"
    spec.write_text(GUIDE[0].text.replace('"ignore"', '"number"'), encoding="utf-8")
    data.write_bytes(table(rows()))
    broken.write_text("{}", encoding="utf-8")
    out = str(tmp_path / "out")
    assert "credit.training_rows_bad" in code_of("credit", "train", str(spec), str(data), "--out", out)
    assert "credit.training_unreadable" in code_of(
        "credit", "train", str(spec), str(tmp_path / "none.csv"), "--out", out
    )
    assert "credit.training_spec_invalid" in code_of("credit", "train", str(broken), str(data), "--out", out)
    assert "credit.model_invalid" in code_of("credit", "show", str(broken))
    assert not (tmp_path / "out").exists()
    with pytest.raises(Refusal) as caught:
        write(data / "below-a-file", {"metrics.json": "{}"})
    assert caught.value.code == "commands.training_folder_unusable"
    card = SCORECARDS / "payment-history.toml"
    assert "credit.training_column_missing" in code_of("credit", "score", str(card), str(data))
    assert "payment-history" in answered("credit", "show", str(card))
    people = tmp_path / "people.csv"
    people.write_text(
        "lowest_level,income_floor,income_trend,left_over_share,spending_variation\n0.5,1,0.1,0.2,0.3\n", "utf-8"
    )
    assert len(answered("credit", "score", str(card), str(people)).splitlines()) == 2
    people.write_text(people.read_text("utf-8") + "0.5,much,0.1,0.2,0.3\n", "utf-8")
    assert "person 2: income_floor is no number" in code_of("credit", "score", str(card), str(people))
