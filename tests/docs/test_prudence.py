"""The guide of bad loans: its example runs, and its commands answer over a bank that lent."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.banks import commanded
from tests.docs.blocks import answered, blocks, program
from tests.lending.house import House
from tests.lending.prudence.test_questions import late_for_months
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "prudence.md"


def test_the_example_runs() -> None:
    exec(compile(program(blocks(GUIDE)), str(GUIDE), "exec"), {})


@pytest.mark.long
def test_the_commands_answer_people_and_programs(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(database_url, lived=late_for_months)
    house.bank.kernel.database.close()
    commanded(monkeypatch, database_url)

    named = re.findall("`farthing (loans [^`]+)`", GUIDE.read_text(encoding="utf-8"))
    assert len(named) == 5
    told: dict[str, Any] = {}
    for line in named:
        words = shlex.split(line)
        assert "rainy-day-loan" in answered(*words), line
        told[words[1]] = json.loads(answered(*words, "--json"))
    assert told["par"][0]["late"][0]["loans"] == 1 and told["classes"]["classes"][0]["class_name"] == "special_mention"
    assert len(told["vintage"]) == 3 and told["rolls"][0]["rows"][0]["thin"] and not told["provisions"]["booked"]
    verified = json.loads(answered("verify", "--json"))
    assert verified["clean"] and verified["provisions"]["loans"] == 1
