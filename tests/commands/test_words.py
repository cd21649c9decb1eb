"""Figures and words of the command line, one by one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from farthing.bank.day import STEPS
from farthing.commands.words import STATES, count, exactly, percent, step, word
from farthing.kernel.operation import operation_of
from farthing.savings.fund import model


@pytest.mark.parametrize(
    ("rate", "shown"),
    [("0.0035", "0.35%"), ("0.008", "0.80%"), ("0.0225", "2.25%"), ("0.01965", "1.965%"), ("0", "0.00%"), ("0.1", "10.00%"),
     ("1", "100.00%"), ("-0.005", "-0.50%")],
)  # fmt: skip
def test_a_rate_has_two_decimals_or_as_many_as_it_needs(rate: str, shown: str) -> None:
    assert percent(Decimal(rate)) == shown
    assert percent(None) == "-"


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [("37900.000000000000", "CNY", "CNY 37,900.00"), ("0E-12", "CNY", "CNY 0.00"),
     ("1.004837219402", "CNY", "CNY 1.004837219402"),
     ("12345.5", "CNY", "CNY 12,345.50"), ("100.000", "JPY", "JPY 100"), ("1E+3", "KWD", "KWD 1,000.000"),
     ("-0.000000000001", "CNY", "CNY -0.000000000001")],
)  # fmt: skip
def test_an_exact_amount_has_its_currency_and_no_empty_decimals(value: str, currency: str, shown: str) -> None:
    assert exactly(value, currency) == shown


def test_one_is_not_many() -> None:
    assert [count(n, "entry", "entries") for n in (0, 1, 2, 1234)] == [
        "0 entries",
        "1 entry",
        "2 entries",
        "1,234 entries",
    ]
    assert count(1, "fund") == "1 fund"


def test_every_state_of_an_order_has_its_words_and_a_step_those_of_its_operation() -> None:
    states = (model.PLACED, model.CONFIRMED, model.PAYABLE, model.SETTLED, model.CANCELLED)
    for name in (*states, model.SUBSCRIBE, model.REDEEM, model.INSTANT):
        assert name in STATES
        assert word(name) == STATES[name].en
    assert word("a-guard-of-their-own") == "a-guard-of-their-own"
    assert word(None) == ""
    assert step("ledger.expire_holds") == "holds that ended"
    assert all(step(each.name) for each in map(operation_of, STEPS))
