"""``farthing voice topics``: what was said is fitted, adopted, sorted, named and looked at as the guide says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import answered, blocks
from tests.payments.packets.people import street
from tests.tidy.tree import ROOT
from tests.voice.topics.heaped import texts

GUIDE = ROOT / "docs" / "guides" / "topics.md"


@pytest.mark.long
def test_topics_from_the_command_line(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    street(bank)
    commanded(monkeypatch, bank.url)
    day = bank.read(lambda tx: tx.business_date)
    lines = ["key,day,phone,name,words"]
    for number, each in enumerate(texts(people=160)[0]):
        lines.append(f"{number},{day},+86138{number:08d},Person,{each.words.replace(',', '，')}")
    file = tmp_path / "messages.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    answered("voice", "import", "chat", str(file))
    (guide,) = (each.text for each in blocks(GUIDE) if each.text.startswith("farthing voice topics"))
    topic, said = "", dict[str, str]()
    for line in guide.splitlines():
        arguments, quoted = list[str](), line.split('"')
        for place, piece in enumerate(quoted):
            arguments += [piece] if place % 2 else piece.split()
        words = [
            {"TOPIC": topic, "DAY": str(day - timedelta(days=14)), "FILE": str(tmp_path / "set.json")}.get(each, each)
            for each in arguments[1:]
        ]
        said[" ".join(arguments[3:5])] = answered(*words)
        topic = topic or next((word for word in said.get("show", "").split() if word.startswith("topic-")), "")
    assert "160 texts sorted" in said["assign"]
    assert "5 new" in said["adopt FILE"] or "new" in said["adopt FILE"]
    assert "penalty on a deposit taken early" in said["name TOPIC"]
    shown = said["show TOPIC"]
    assert "penalty on a deposit taken early" in shown
    assert "> " in shown
    assert "Too few weeks" in shown
    assert "too few to tell" in said["change TOPIC"]
    (first,) = [
        each for each in json.loads(answered("voice", "topics", "show", "--json")) if each["topic"]["id"] == topic
    ]
    assert first["topic"]["cause"] == "product.price"
    assert first["people"] >= 5
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "提前支取罚息" in answered("voice", "topics", "show", topic)
