"""A command that waits is told field by field; instants are told in the bank's time zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from farthing.web.drafts import operation_name, percent, told
from farthing.web.rendering import local


def test_amounts_have_their_currency_rates_are_percent_and_nothing_is_left_out() -> None:
    asset = {
        "fund": "savings-baby",
        "principal": {"minor": 500_000, "currency": "CNY"},
        "annual_rate": "0.0260",
        "to_on": None,
    }
    assert told(json.dumps(asset)) == [
        ("基金 fund", "savings-baby"), ("本金 principal", "CNY 5,000.00"), ("年利率 annual rate", "2.60%"), ("止于 until", "—"),
    ]  # fmt: skip
    board = {"demand": "0.0035", "lump": {"3m": "0.008", "1y": "0.01965"}, "call": {}}
    assert told(json.dumps(board)) == [
        ("活期 demand", "0.35%"), ("整存整取 lump sum · 3m", "0.80%"), ("整存整取 lump sum · 1y", "1.965%"), ("通知 call", "—"),
    ]  # fmt: skip
    guards = {"install": [{"name": "cash", "on": True}], "retire": ["old"]}
    assert [figure for _, figure in told(json.dumps(guards))] == ["cash", "是 yes", "old"]


def test_a_draft_is_called_what_its_operation_is_called() -> None:
    assert operation_name("ledger.reverse") == "冲正分录 Reverse an entry"


@pytest.mark.parametrize(
    ("rate", "shown"), [("0.008", "0.80%"), ("0.0135", "1.35%"), ("0.096", "9.60%"), ("0.00385", "0.385%")]
)
def test_a_rate_has_two_decimals_at_least(rate: str, shown: str) -> None:
    assert percent(Decimal(rate)) == shown


def test_an_instant_is_told_in_the_banks_time_zone() -> None:
    assert local(datetime(2026, 11, 25, 22, 16, 13, 846_843, tzinfo=UTC), "Asia/Shanghai") == "2026-11-26 06:16:13"
