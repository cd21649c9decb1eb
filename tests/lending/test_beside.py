"""What a loan costs in several lengths, side by side, is what would be offered."""

from __future__ import annotations

from datetime import date

import pytest

from farthing.kit.errors import Refusal
from farthing.lending.offering.plan import plan_of, quote
from farthing.lending.pinned import origination_fee
from farthing.lending.shelf import service as shelf
from farthing.lending.shelf.beside import numbers, side_by_side
from tests.lending.house import House, yuan
from tests.lending.test_product_schedules import START, product

NONE: frozenset[date] = frozenset()


def test_lengths_are_months_whatever_an_instalment_is_apart() -> None:
    assert numbers(product(), 0) == [3, 6, 12] and numbers(product(), 5) == [3, 5, 6, 12]
    assert numbers(product(every="2w"), 0) == [7] and numbers(product(every="3m"), 4) == [1, 2, 4, 8, 12]
    assert numbers(product(every="10d"), 0) == [9] and numbers(product(every="1w"), 0) == [12], "else its longest"


def test_what_is_laid_side_by_side_is_what_would_be_offered_and_nothing_unlawful_is() -> None:
    terms = product(down_payment="0.20")
    found = side_by_side(terms, yuan("8000"), 4, START, NONE, None)
    for each in found:
        fee = origination_fee(terms.fees.origination, yuan("8000"))
        made = quote(terms.method, plan_of(terms, yuan("8000"), fee, each.instalments, START, NONE))
        assert each.total_cost == made.total_interest + made.total_fees
        assert each.annual_percentage_rate == made.annual_percentage_rate
        assert each.ends_on == made.instalments[-1].due_on and each.usual == made.instalments[1].amount
    dearest = sorted(each.annual_percentage_rate for each in found)[1]
    lawful = side_by_side(terms, yuan("8000"), 4, START, NONE, dearest)
    assert [each for each in found if each.annual_percentage_rate <= dearest] == lawful != found


def test_the_one_that_is_picked_is_offered_at_what_it_was_said_to_cost(database_url: str) -> None:
    house = House(database_url)
    found = house.bank.kernel.ask(shelf.compare, "rainy-day-loan", "1000", 5)
    assert [each.instalments for each in found] == [3, 5, 6, 12]
    for each in found[:2]:
        offer = house.apply("1000", each.instalments).offer
        assert (offer.total_cost, offer.annual_percentage_rate) == (each.total_cost, each.annual_percentage_rate)
    for amount, number, code in (("10", 0, "lending.outside_product"), ("1000", 13, "lending.outside_product")):
        with pytest.raises(Refusal) as caught:
            house.bank.kernel.ask(shelf.compare, "rainy-day-loan", amount, number)
        assert caught.value.code == code
