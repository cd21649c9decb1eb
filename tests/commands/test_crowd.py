"""``farthing crowd``: the guide's file and its commands, as they are printed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from farthing.crowdfunding import plans
from farthing.kit.errors import Refusal
from tests.banks import Bank, commanded
from tests.crowdfunding.hands import Village
from tests.docs.blocks import answered, blocks
from tests.tidy.tree import ROOT

GUIDE = blocks(ROOT / "docs" / "guides" / "projects.md")
FILE = next(each.text for each in GUIDE if each.language == "toml")


def test_the_guides_file_and_commands(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    village = Village(bank)
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)
    Path("mill.toml").write_text(FILE, encoding="utf-8")
    ident, said = "", []
    first, second = (each.text for each in GUIDE if each.language == "sh")
    for line in (*first.splitlines(), "", *second.splitlines()):
        if not line:
            village.close(6)
            continue
        words = [ident if word == "$PROJECT" else word for word in shlex.split(line, comments=True)[1:]]
        said.append(answered(*words))
        ident = ident or said[-1].split("\n")[2].split("\t")[0]
    assert "CNY 5,000.01" in said[5] and "held" in said[4]
    assert "funded" in said[6]
    assert village.project(ident).plan[0].agreed == village.project(ident).plan[0].against == 1
    village.close(8)
    paid = json.loads(answered("crowd", "release", ident, "1", "--json"))
    assert (paid["title"], paid["amount"]["minor"] + paid["fee"]["minor"]) == ("石料", 300_001)
    assert json.loads(answered("crowd", "list", "--json"))[0]["id"] == ident


@pytest.mark.parametrize(("change", "key"), [
    (("kind =", "sort ="), "kind"), (("days = 3", "days = 0"), "days"), (('"3000.00"', '"much"'), "plan.amount"),
    (("title", "= title"), "-"), (("[[plan]]", "[[plans]]"), "plan"),
])  # fmt: skip
def test_a_file_that_is_not_one_is_refused_by_its_key(change: tuple[str, str], key: str) -> None:
    with pytest.raises(Refusal) as caught:
        plans.read("mill.toml", FILE.replace(*change), "party_x", "CNY")
    assert caught.value.code == "crowdfunding.bad_file"
    assert key in caught.value.detail


@pytest.mark.parametrize("text", ["", "石料", "石料 ", " 5.00"])
def test_a_plan_that_is_typed_without_names_or_amounts_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        plans.lines(text, "CNY")
    assert caught.value.code == "crowdfunding.bad_plan"


def test_a_plan_is_typed_a_line_each() -> None:
    (first, second) = plans.lines("第一批 石料 3000.00\n\n安装 2000.00\n", "CNY")
    assert (first.name, str(first.amount), second.name) == ("第一批 石料", "CNY 3,000.00", "安装")
