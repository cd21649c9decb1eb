"""``farthing exchange``: the guide's commands on a node and on a lender, and what is refused of a home that is another's."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.exchange.node_service import make_folder
from farthing.kernel.settings import Settings
from tests.docs.blocks import answered, blocks
from tests.exchange.nodes import BANK, LENDER
from tests.tidy.tree import ROOT

GUIDE = [each.text for each in blocks(ROOT / "docs" / "guides" / "run-an-exchange.md") if each.language == "sh"]


def lines(begins: str) -> list[str]:
    return [line for text in GUIDE for line in text.splitlines() if line.startswith(f"farthing exchange {begins}")]


def told(*words: str) -> Any:
    return json.loads(answered("exchange", *words, "--json"))


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, ["exchange", *words, "--json"])
    assert result.exit_code != 0, result.output
    return str(result.exception)


@pytest.fixture
def home(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a node was opened, over a database of a test's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    make_folder(Settings(home=Path("node"), _env_file=None), "node.example")
    monkeypatch.setenv("FARTHING_DATABASE_URL", database_url)
    return tmp_path / "node"


def test_the_guide_s_commands_run_on_a_node(home: Path) -> None:
    (opened,) = lines("open")
    node = json.loads(answered(*shlex.split(opened)[1:], "--json"))
    assert node == told("open", "--home", "node", "--name", "node.example")
    (made,) = lines("make-key")
    key = answered(*shlex.split(made)[1:]).strip()
    (admitted,) = lines("admit")
    words = shlex.split(admitted.replace('"$SPKI"', key).replace(" --as lin", ""))[1:]
    assert "approval_id" in answered(*words, "--json")
    for line in (*lines("members"), *lines("cycles"), *lines("rows"), *lines("quality")):
        assert answered(*shlex.split(line)[1:], "--json").strip() == "[]"
    assert "exchange.open_as" in refused("open", "--home", "node", "--name", "another.example")
    assert "exchange.member_unknown" in refused(
        "set", LENDER, "--state", "active", "--why", "x", "--class", "utility", "--home", "node"
    )
    assert "parties.credit_code_invalid" in refused(
        "admit", "1", "--name", "A", "--kind", "bank", "--class", "utility", "--key", key, "--home", "node"
    )
    assert "request.malformed" in refused(
        "admit", BANK, "--name", "A", "--kind", "bank", "--class", "casino", "--key", key, "--home", "node"
    )


def test_a_node_has_a_home_of_its_own(home: Path) -> None:
    assert "exchange.not_open" in refused("members", "--home", "nowhere")
    assert "exchange.bank_there" in refused("open", "--home", "elsewhere", "--name", "node.example")


def test_a_lender_sees_what_it_told(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARTHING_DATABASE_URL", database_url)
    assert told("told") == []
    assert "lending.cycle_unknown" in refused("returned", "2026-10.1")
    assert "lending.cycle_unknown" in refused("tell-again", "2026-10.1", "--why", "put right")


def test_the_guide_s_settings_are_settings() -> None:
    named = {
        word.partition("=")[0].removeprefix("FARTHING_").lower()
        for text in GUIDE for line in text.splitlines() if line.startswith("export") for word in line.split()[1:]
    }  # fmt: skip
    assert named <= set(Settings.model_fields)
    with pytest.raises(ValueError, match="an exchange needs"):
        Settings(exchange_url="https://node.example", _env_file=None)
