"""``farthing voice``: a complaint is taken down, owned, redressed, answered and asked about once more as the guide says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.banks import commanded
from tests.conftest import DAY, Bank
from tests.docs.blocks import answered, blocks
from tests.payments.packets.people import street
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "complaints.md"


@pytest.mark.long
def test_what_is_said_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    them = street(bank)
    commanded(monkeypatch, bank.url)
    (guide,) = (each.text for each in blocks(GUIDE) if each.text.startswith("farthing voice"))
    name, said = "", dict[str, str]()
    for line in guide.splitlines():
        arguments, quoted = list[str](), line.split('"')
        for place, piece in enumerate(quoted):
            arguments += [piece] if place % 2 else piece.split()
        words = [{"PERSON": them.sender, "CASE": name}.get(each, each) for each in arguments[1:]]
        said[words[1]] = answered(*words)
        name = name or next(word for word in said["speak"].split() if word.startswith("voice_"))
    assert name in said["list"] and "C15" in said["classes"] and "CNY 0.01" in said["redress"]
    assert "the terms say so" in said["rate"] and "asked once more" in said["appeal"]
    assert "give it back" in said["show"] and "B11 deposits and savings" in said["return"]
    noted = answered("voice", "record", "phone", "a gentler term", "--kind", "idea", "--name", "Chen")
    other = next(word for word in noted.split() if word.startswith("voice_"))
    file = tmp_path / "messages.csv"
    file.write_text(f"key,day,words,case\n1,{DAY},me too,{other[-8:].upper()}\n2,never,x,\n", "utf-8")
    first = answered("voice", "import", "chat", str(file))
    assert "0 cases, 1 added" in first and "line 3: day" in first
    answered("voice", "return", "2026-Q2", "--folder", str(tmp_path))
    told = json.loads((tmp_path / "complaints-2026-Q2.json").read_text("utf-8"))
    assert told["others"]["idea"] == 1 and told["rows"][0]["received"] == 1
    assert (tmp_path / "complaints-2026-Q2.csv").read_text("utf-8-sig").startswith("quarter,axis,code,name_en")
    assert "CASES" in answered("voice", "withdraw", name).upper()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已撤回" in answered("voice", "own", them.sender)
