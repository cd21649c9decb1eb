"""Deposit quotes against the published rules, computed here independently; money in and out; refusals.

Rates: Bank of China, 2015-06-28. Rules: Savings Regulations 1992 art. 24-27; instalment interest is the monthly
deposit x (n + 1) x n / 2 x annual / 12 (PBOC's published formula).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.savings.quotes.case import quote_case
from tests.laws import examples

BOARD = "boc-2015-06-28"
START = date(2016, 1, 31)
TERMS = {"3m": ("1.85", 3), "6m": ("2.05", 6), "1y": ("2.25", 12), "2y": ("2.75", 24), "3y": ("3.25", 36)}


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def case(product: str, amount: str, closing: date, opened: date = START, **agreement: Any) -> dict[str, Any]:
    return {
        "product": product,
        "rates": BOARD,
        "agreement": agreement,
        "events": [{"on": opened.isoformat(), "do": "deposit", "amount": amount}],
        "closing_on": closing.isoformat(),
    }


@pytest.mark.parametrize("term", sorted(TERMS))
def test_a_term_held_to_maturity_earns_its_opening_rate_by_months(term: str) -> None:
    percent, months = TERMS[term]
    answer = quote_case(case("savings-lump-sum", "10000.00", add_months(START, months), term=term))
    assert Decimal(answer["interest"]) == cents(Decimal(10000) * Decimal(percent) / 100 * months / 12)


def test_a_term_broken_early_earns_the_demand_rate() -> None:
    early = quote_case(case("savings-lump-sum", "10000.00", date(2016, 7, 31), term="1y"))
    held = quote_case(case("savings-lump-sum", "10000.00", date(2017, 1, 31), term="1y"))
    days = (date(2016, 7, 31) - START).days
    assert Decimal(early["interest"]) == cents(Decimal(10000) * Decimal("0.0035") * days / 360)
    assert Decimal(early["interest"]) < Decimal(held["interest"])


def test_instalments_earn_by_the_published_formula() -> None:
    opened = date(2016, 3, 1)
    body = case("savings-instalment", "500.00", date(2017, 3, 1), opened, term="1y")
    body["events"] = [
        {"on": add_months(opened, month).isoformat(), "do": "deposit", "amount": "500.00"} for month in range(12)
    ]
    answer = quote_case(body)
    assert Decimal(answer["principal_in"]) == 6000
    assert Decimal(answer["interest"]) == cents(Decimal(500) * 13 * 12 / 2 * Decimal("0.0185") / 12)


@examples(20)
@given(st.integers(100, 10_000_000), st.integers(1, 900), st.sampled_from(["savings-demand", "savings-lump-sum"]))
def test_money_in_and_interest_are_money_out_and_splitting_gains_nothing(minor: int, days: int, product: str) -> None:
    agreement = {"term": "1y"} if product == "savings-lump-sum" else {}
    minor = max(minor, 10_000)
    closing = START + timedelta(days=days)

    def ask(amount: int) -> dict[str, Any]:
        return quote_case(case(product, f"{amount / 100:.2f}", closing, **agreement))

    whole, half, rest = ask(minor), ask(minor // 2), ask(minor - minor // 2)
    assert Decimal(whole["principal_in"]) + Decimal(whole["interest"]) == Decimal(whole["paid_out"])
    assert Decimal(whole["balance"]) == 0
    payments = max(len(whole["payments"]), 1)
    gained = Decimal(half["interest"]) + Decimal(rest["interest"]) - Decimal(whole["interest"])
    assert abs(gained) <= Decimal("0.02") * payments


def test_bad_cases_have_codes() -> None:
    good = case("savings-lump-sum", "10000.00", date(2017, 1, 31), term="1y")

    def code(**changes: Any) -> str:
        with pytest.raises(Refusal) as caught:
            quote_case({**good, **changes})
        return caught.value.code

    assert code(colour="red") == "savings.unknown_field"
    assert code(product="nothing") == "savings.unknown_product"
    assert code(rates="nothing") == "savings.unknown_rate_board"
    assert code(agreement={"term": "7y"}) in ("savings.term_not_offered", "savings.rate_not_quoted")
    assert code(events=[{"on": "2016-01-31", "do": "deposit", "amount": "1.00"}]) == "savings.below_minimum"
    assert code(events=[{"on": "2016-01-31", "do": "dance"}]) == "savings.unknown_event"
    assert code(events=[{"on": "31 January", "do": "deposit", "amount": "100.00"}]) == "savings.bad_date"
