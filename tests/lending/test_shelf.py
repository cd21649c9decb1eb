"""A product is asked what its dearest loan costs before it is put in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.offering.plan import plan_of, quote
from farthing.lending.pinned import origination_fee
from farthing.lending.shelf import service as shelf
from farthing.lending.shelf.rules import check_dearest, dearest
from farthing.products.model import Instalments, LoanTerms, Publish
from farthing.products.service import shipped_policy
from tests.laws import examples
from tests.lending.house import House
from tests.lending.test_product_schedules import START, product, products

NONE: frozenset[date] = frozenset()
LEEWAY = Decimal("0.002")
"""By how much an amount between the ends, or another day, may cost more: what rounding to the fen makes of a small loan, and
months of other lengths."""


@examples(20)
@given(products(), st.integers(0, 3), st.integers(5, 12), st.integers(50_000, 5_000_000))
def test_no_loan_costs_more_than_the_dearest_case(terms: LoanTerms, fee: int, number: int, minor: int) -> None:
    terms = replace(terms, fees=replace(terms.fees, origination=Decimal(fee) / 100))
    found = dearest(terms, START, NONE).annual_percentage_rate
    amount = Money(minor, "CNY")
    plan = plan_of(terms, amount, origination_fee(terms.fees.origination, amount), number, START, NONE)
    assert quote(terms.method, plan).annual_percentage_rate <= found + LEEWAY


@pytest.mark.parametrize(("method", "instalments"), [("equal_instalment", 1), ("flat", 18), ("equal_principal", 1)])
def test_the_dearest_case_is_the_one_that_trying_all_finds(method: str, instalments: int) -> None:
    """A fee costs most of the shortest loan; flat interest most where half of the loan was repaid for longest."""
    terms = replace(product(method), instalments=Instalments(1, 48))
    if method != "flat":
        terms = replace(terms, fees=replace(terms.fees, origination=Decimal("0.01")))
    found = dearest(terms, START, NONE)
    tried = {
        (amount, number, day): quote(
            method, plan_of(terms, amount, origination_fee(terms.fees.origination, amount), number, day, NONE)
        ).annual_percentage_rate
        for amount in (terms.principal.min, terms.principal.max)
        for number in range(1, 49)
        for day in (START, date(2027, 2, 1))
    }
    assert found.annual_percentage_rate == max(tried.values())
    assert tried[found.amount, found.instalments, found.on] == found.annual_percentage_rate
    assert abs(found.instalments - instalments) <= 3


def test_a_flat_product_is_refused_for_what_it_costs_and_not_for_what_it_says() -> None:
    law = shipped_policy("cn")
    dear = replace(product("flat"), rate=replace(product("flat").rate, annual=Decimal("0.20")))
    with pytest.raises(Refusal) as caught:
        check_dearest(law, dear, START, NONE)
    assert caught.value.code == "lending.dearest_case"
    assert Decimal(str(caught.value.facts["figure"]).rstrip("%")) > 35 and caught.value.facts["limit"] == "24%"
    check_dearest(law, replace(dear, method="equal_instalment"), START + timedelta(days=40), NONE)
    check_dearest(shipped_policy("eu"), dear, START, NONE)


def test_the_bank_publishes_no_product_of_which_a_loan_would_be_too_dear(database_url: str) -> None:
    house = House(database_url)
    before = house.terms("rainy-day-loan").version
    source = house.source("rainy-day-loan").replace('origination = "0"', 'origination = "0.02"')
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
    assert caught.value.code == "lending.dearest_case" and caught.value.facts["instalments"] == 1
    assert house.terms("rainy-day-loan").version == before
    agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source.replace("min = 1, max", "min = 6, max")))
    assert house.terms("rainy-day-loan").version != before
