"""The guide of people behind loans: each command that it names answers people and programs, over a village that lent."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.banks import commanded
from tests.docs.blocks import answered
from tests.lending.backing.friends import friend, given, pledged, saved
from tests.lending.backing.test_collateral import registered
from tests.lending.groups.village import village
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "groups.md"


@pytest.mark.long
def test_every_command_of_the_guide_answers(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    east = village(database_url)
    house, loan = east.house, east.loans[0]
    given(house, loan, friend(house, 40), "500")
    pledged(house, loan, saved(house, house.party, "2000"), "300")
    van = registered(house, loan)
    due = east.dues()[1]
    east.collect(east.filled(east.line(0, 1, due)))
    house.bank.kernel.database.close()
    commanded(monkeypatch, database_url)

    named = re.findall("`farthing (loans [^`]+)`", GUIDE.read_text(encoding="utf-8"))
    assert len(named) == 8
    told: dict[str, Any] = {}
    for line in named:
        words = shlex.split(line.replace("<loan>", loan.id).replace("<group>", east.group_id))
        assert "\t" in answered(*words), line
        told[line] = json.loads(answered(*words, "--json"))
    behind = told["loans guarantors <loan>"]
    assert behind["guarantees"][0]["state"] == "given" and behind["pledges"][0]["pledged"]["minor"] == 300_00
    assert [each["id"] for each in told["loans collateral <loan>"]] == [van.id]
    assert told["loans collateral"][0]["thing"]["id"] == van.id
    assert told["loans groups"][0]["group"]["name"] == "East lane" and len(told["loans group <group>"]["rows"]) == 4
    assert told["loans group <group> --today"]["on"] < told["loans group <group>"]["on"]
    (sheet,) = told["loans group <group> --collected"]
    assert sheet["total"]["minor"] == due.minor and sheet["lines"][0]["payer_id"] != sheet["lines"][0]["borrower_id"]
    assert told["loans contacts <loan>"] == []
