"""Files of flows as people write them: refusals by their code, edges that answer, the table and the JSON of the command."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from farthing.cli import app
from farthing.commands.cases import content
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.cost.case import MOST_BYTES, MOST_FLOWS, UNREADABLE
from farthing.lending.cost.document import quote_cost
from farthing.lending.offering.plan import Plan, annual_percentage_rate, build
from tests.lending.months import monthly_dates

LENT = {"on": "2026-01-10", "advance": "1000"}
PAID = {"on": "2027-01-10", "payment": "1100"}


def asked(*flows: Any, **more: Any) -> dict[str, Any]:
    return quote_cost(json.dumps({"currency": "CNY", "flows": flows, **more}).encode(), "a file")


def advertised(**loan: Any) -> dict[str, Any]:
    whole = {"amount": "12000", "on": "2026-01-10", "instalments": 12, **loan}
    return quote_cost(json.dumps({"currency": "CNY", "loan": whole}).encode(), "a file")


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as found:
        quote_cost(content, "a file")
    assert "?" not in found.value.detail + found.value.detail_zh
    return found.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "lending.flows_unreadable"),
        (b"{", "lending.flows_unreadable"),
        (b"\xff", "lending.flows_unreadable"),
        (b'{"currency": "CNY", "currency": "CNY"}', "lending.flows_unreadable"),
        (b'{"currency": NaN}', "lending.flows_unreadable"),
        (b"[" * 100_000, "lending.flows_unreadable"),
        (b" " * (MOST_BYTES + 1), "lending.flows_unreadable"),
        (b"9" * 5_000, "lending.flows_unreadable"),
        (b"[]", "lending.flows_field_wrong"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_flows_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


@pytest.mark.parametrize(
    ("flows", "more", "code"),
    [
        ([], {}, "lending.flows_one_way"),
        ([LENT], {}, "lending.flows_one_way"),
        ([PAID], {}, "lending.flows_one_way"),
        ([LENT, PAID], {"surprise": 1}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"loan": {}}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"flows": None}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"flows": "many"}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"intervals": "moons"}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"policy": "atlantis"}, "savings.unknown_policy"),
        ([LENT, PAID], {"finance_charge_from": "2199-12-31"}, "lending.flows_field_wrong"),
        ([LENT, PAID], {"finance_charge_from": PAID["on"]}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "1", "fee": "1"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "-1"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "0"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "USD 1"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "1.005"}], {}, "money.too_many_decimals"),
        ([LENT, {"on": "2027-01-10", "payment": "much"}], {}, "money.not_a_number"),
        ([LENT, {"on": "2027-02-30", "payment": "1"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "1", "every": "1x"}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "1", "times": 0}], {}, "lending.flows_field_wrong"),
        ([LENT, {"on": "2027-01-10", "payment": "1", "times": 300, "every": "1y"}], {}, "lending.flows_field_wrong"),
        ([LENT, *[{"on": "2026-01-11", "payment": "1", "times": 9000, "every": "1d"}] * 2], {}, "lending.flows_too_many"),
        ([LENT, {"on": "2026-01-09", "payment": "1"}], {}, "lending.flows_begin_with_payment"),
    ],
)  # fmt: skip
def test_flows_that_cannot_be_answered_are_refused(flows: list[Any], more: dict[str, Any], code: str) -> None:
    assert refused(json.dumps({"currency": "CNY", "flows": flows, **more}).encode()) == code


@pytest.mark.parametrize(
    "loan",
    [
        {"fee_each": "50"}, {"fee_each": 0.5}, {"annual_rate": "-1%"}, {"method": "magic"}, {"instalments": 0},
        {"kept_back": "0"}, {"amount": "0"}, {"surprise": 1}, {"every": "3y", "instalments": 120},
    ],
)  # fmt: skip
def test_an_advertisement_that_cannot_be_read_is_refused(loan: dict[str, Any]) -> None:
    whole = {"amount": "12000", "on": "2026-01-10", "instalments": 12, **loan}
    assert refused(json.dumps({"currency": "CNY", "loan": whole}).encode()) == "lending.flows_field_wrong"


def test_order_and_what_falls_on_one_day_change_nothing() -> None:
    half = {"on": "2027-01-10", "payment": "550"}
    first = asked(LENT, PAID)["rates"]
    assert asked(half, LENT, half)["rates"] == first
    assert first["us_apr"]["percent"] == "10.00%"
    assert first["eu_apr"]["percent"] == "10.0%"


def test_edges_answer() -> None:
    """Nothing for nothing, a fen, a week, thirty years, and rates above 1,000 %."""
    free = asked({"on": "2026-01-10", "advance": "0.01"}, {"on": "2026-01-17", "payment": "0.01"})
    assert {each["annual"] for each in free["rates"].values()} == {"0.000000"}
    assert free["total_cost"] == "0.00"
    double = asked({"on": "2026-01-10", "advance": "0.01"}, {"on": "2026-01-17", "payment": "0.02"})["rates"]
    assert double["us_apr"]["percent"] == "5,214.29%"
    assert double["effective"]["annual"] is None
    assert "10^12" in double["effective"]["note"]["en"]
    dear = asked({"on": "2026-01-10", "advance": "100"}, {"on": "2026-03-10", "payment": "200"})["rates"]
    assert dear["eu_apr"]["percent"] == "6,300.0%"  # 2^6 - 1
    house = asked({"on": "2026-01-10", "advance": "1000000"}, {"on": "2026-02-10", "payment": "4774.15", "times": 360})
    assert house["rates"]["irr_x12"]["percent"] == "4.00%"
    assert house["rates"]["us_apr"]["unit_period"]["en"] == "month"


@pytest.mark.long
def test_the_largest_file_is_answered() -> None:
    days = {"on": "2026-01-11", "payment": "1", "times": MOST_FLOWS - 1, "every": "1d"}
    found = asked({"on": "2026-01-10", "advance": "5000"}, days)
    assert found["flows"] == MOST_FLOWS
    assert found["rates"]["us_apr"]["unit_period"]["en"] == "day"


def test_a_fee_kept_back_is_a_cost_and_lessens_what_is_received() -> None:
    found = asked(LENT, {"on": "2026-01-10", "fee": "50"}, {"on": "2027-07-10", "payment": "1200"})
    told = [found[each] for each in ("lent", "received", "paid_back", "total_cost", "fees", "interest")]
    assert told == ["1000.00", "950.00", "1250.00", "250.00", "50.00", "200.00"]
    assert found["rates"]["eu_apr"]["percent"] == "16.9%"


def test_an_offer_of_the_bank_and_its_flows_cost_the_same() -> None:
    start = date(2026, 1, 10)
    plan = Plan(
        Money.parse("8000", "CNY"), Decimal("0.12"), "actual/365", start, monthly_dates(start, 12), Money(9900, "CNY")
    )
    items = build("equal_instalment", plan)
    offered = annual_percentage_rate([(start, plan.principal)], [(item.due_on, item.amount) for item in items])
    paid = [{"on": item.due_on.isoformat(), "payment": item.amount.plain()} for item in items]
    assert asked({"on": "2026-01-10", "advance": "8000"}, *paid)["rates"]["effective"]["annual"] == f"{offered:f}"


@pytest.mark.parametrize(
    ("loan", "said", "zh"),
    [
        ({"fee_each": "0.5%"}, "sounds like 6.00% a year. It is 10.90% a year", "听起来是每年 6.00%；实际年利率（单利）为"),
        ({"instalments": 1, "fee_first": "120"}, "A fee of CNY 120.00 with the first instalment sounds like 0.00%", "首期手续费"),
        ({"annual_rate": "4%", "kept_back": "600"}, "Interest of 4.00% a year and CNY 600.00 kept back", "放款时扣除"),
        ({}, "Interest of 0.00% a year sounds like 0.00% a year. It is 0.00% a year", "息费合计 CNY 0.00"),
    ],
)  # fmt: skip
def test_a_fee_is_unmasked(loan: dict[str, Any], said: str, zh: str) -> None:
    unmasked = advertised(**loan)["unmasked"]
    assert said in unmasked["en"]
    assert zh in unmasked["zh"]


@given(st.integers(2, 60), st.integers(1, 300))
def test_a_fee_on_the_first_amount_always_costs_more_than_it_sounds(instalments: int, tenths: int) -> None:
    found = advertised(amount="120000", instalments=instalments, fee_each=f"{tenths / 100}%")
    assert Decimal(found["rates"]["irr_x12"]["annual"]) > Decimal(found["unmasked"]["sounds_like"])


def told(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str | None = None) -> Any:
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner().invoke(app, ["quote", "apr", *words], input=typed)


def test_the_command_tells_it_as_a_table_as_json_and_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "flows.json"
    case.write_text(json.dumps({"currency": "CNY", "policy": "cn", "flows": [LENT, PAID]}), "utf-8")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    table = told(monkeypatch, str(case), "--human")
    assert table.exit_code == 0, table.output
    for expected in ("CNY 100.00", "10.00%", "unit-period: year", "below the ceiling of policy cn"):
        assert expected in table.output
    answer = json.loads(told(monkeypatch, "-", "--json", typed=case.read_text("utf-8")).output)
    assert answer["rates"]["irr_x12"]["annual"] == "0.095690"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "息费合计：¥100.00" in told(monkeypatch, str(case)).output


@pytest.mark.parametrize("policy", ["cn", "eu", "in", "sandbox"])
def test_the_command_says_what_a_ceiling_says(policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tmp_path / "flows.json"
    dear = {"on": "2026-01-17", "payment": "1100"}
    case.write_text(json.dumps({"currency": "CNY", "policy": policy, "flows": [LENT, dear]}), "utf-8")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    said = "sets no ceiling" if policy in ("eu", "in") else "policy.annual_cost: An annual cost of"
    assert said in told(monkeypatch, str(case)).output


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal) as found:
        content(Path("nowhere.json"), UNREADABLE)
    assert found.value.code == "lending.flows_unreadable"
