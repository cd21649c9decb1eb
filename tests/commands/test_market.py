"""``farthing market``: whether somebody may lend, his mandates, and what an offer is worth to lenders."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.mandates_model import StopMandate
from farthing.kit.errors import Refusal
from tests.banks import commanded
from tests.funding.market.lenders import himself, mandated
from tests.lending.house import House


def said(*words: str) -> str:
    done = CliRunner().invoke(app, ["market", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_lender_his_mandates_and_an_offer_are_shown(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(database_url)
    commanded(monkeypatch, house.bank.url)
    person = house.party.id
    assert said("lender", person).count("missing") == 3
    made = mandated(house.bank, house.party)
    ready = said("lender", person)
    assert "missing" not in ready and "May lend until before 2027-11-28" in ready
    assert json.loads(said("lender", person, "--json"))["bears"] == {"minor": 600_000, "currency": "CNY"}
    (shown,) = [line for line in said("mandates", person).splitlines() if made in line]
    assert "CNY 3,000.00" in shown and "A, B" in shown and "in force" in shown
    house.bank.run(mandates.stop_mandate, StopMandate(made), actor=himself(house.party))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "已停止" in said("mandates", person) and "已完成" in said("lender", person)
    valued = said("value", house.offer("8000").id)
    assert "预期年化收益" in valued and "其中增加笔数仍不能消除" in valued


def test_outcomes_and_the_test_need_no_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARTHING_DATABASE_URL", "postgresql://nobody@/nothing")
    told = json.loads(said("outcomes", "10000", "100", "--json"))
    assert (told["expected"]["minor"], told["bad_year"]["minor"], told["remains"]) == (48_456, -34_062, "0.100000")
    assert said("test").count("\n") == 14
    refused = CliRunner().invoke(app, ["market", "outcomes", "10000", "--grade", "Z"])
    assert isinstance(refused.exception, Refusal) and refused.exception.code == "market.unknown_grade"
