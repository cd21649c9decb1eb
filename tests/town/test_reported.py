"""The graduate's story as the command tells it: a node beside the bank is asked by her consent and told of her loan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app


@pytest.mark.long
def test_the_node_is_asked_by_her_consent_and_told_to_the_end_of_the_loan(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("n")
    monkeypatch.setenv("FARTHING_HOME", str(home))
    monkeypatch.setenv("FARTHING_KEYRING", str(home / "keyring"))
    monkeypatch.setenv("FARTHING_LANGUAGE", "en")

    def told() -> dict[str, dict[str, Any]]:
        done = CliRunner().invoke(app, ["story", "graduate", "--json", "--out", str(home / "out")])
        assert done.exit_code == 0, done.output
        lines = [line for line in done.output.splitlines() if line.startswith("{")]
        return {each["title"]: each for each in map(json.loads, lines)}

    first = told()
    assert "bureau exchange: has no record" in first["Decision"]["said"]
    assert len(first["Who asked about her"]["said"]) == 1 and first["Who asked about her"]["asked_by"]
    assert (first["What the node knows now"]["tradelines"], first["What the node knows now"]["status"]) == (
        1,
        ["paid_off"],
    )
    assert "7 months told" in first["What the node knows now"]["said"][0]
    again = told()
    assert again["What the node knows now"]["said"] == first["What the node knows now"]["said"], (
        "told again, it answers the same"
    )
    assert Path(first["Evidence package"]["said"][0].split(" (")[0]).exists()
