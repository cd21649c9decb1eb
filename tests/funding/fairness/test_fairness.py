"""How fairly the marketplace treats lenders: figures by hand, and on a bank with batches, waiting money and a loan given up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from farthing.funding.fairness import rules
from farthing.funding.fairness import service as fairness
from farthing.funding.fairness.model import MarketFairness
from farthing.funding.fairness.rules import Counted
from farthing.funding.market import batches_service as batches
from tests.funding.market.listing import listed, mandated, published
from tests.funding.protection.test_protection import paid_back
from tests.laws import examples
from tests.lending.house import House

TODAY = date(2026, 11, 28)


def told(house: House) -> MarketFairness:
    found: MarketFairness = house.bank.read(fairness.fairness)
    return found


@given(some.integers(0, 400), some.integers(1, 400))
@examples(100)
def test_the_interval_holds_the_rate_and_narrows_with_loans(failed: int, of: int) -> None:
    failed = min(failed, of)
    least, most = rules.wilson(failed, of)
    wider = rules.wilson(failed, of)[1] - rules.wilson(failed, of)[0]
    narrower = rules.wilson(failed * 10, of * 10)
    assert (
        0 <= least <= Decimal(failed) / of + Decimal("0.0001") and Decimal(failed) / of <= most + Decimal("0.0001") <= 2
    )
    assert narrower[1] - narrower[0] < wider


def test_few_loans_surprise_nobody_and_many_do() -> None:
    assert [str(each) for each in rules.wilson(0, 10)] == ["0.0000", "0.2775"]  # by hand: 3.8415 / 13.8415
    few = rules.graded(["A"], [Counted("A", 4, 1, Decimal("0.4"), {date(2026, 11, 1)})], date(2026, 9, 1), TODAY)
    many = rules.graded(["A"], [Counted("A", 400, 100, Decimal(10), ())], date(2026, 9, 1), TODAY)
    assert (few[0].surprising, many[0].surprising) == (False, True)
    assert few[0].without == (date(2026, 9, 1), date(2026, 10, 1))


def test_the_months_are_thirty_six_with_that_of_today() -> None:
    first = rules.since(TODAY)
    assert first == date(2023, 12, 1) and len(rules.months(first, TODAY)) == 36
    assert rules.since(date(2026, 3, 31)) == date(2023, 4, 1)


def test_money_waits_from_batch_to_batch_and_lenders_are_counted(database_url: str) -> None:
    house = House(database_url, lived=published)
    nobody = told(house)
    assert (nobody.drag.days, nobody.spread.lenders, nobody.evenness.batches) == (None, 0, 0)
    assert all(not each.loans and len(each.without) == 36 for each in nobody.grades)
    _, listing = listed(house)
    for number in range(1, 3):
        mandated(house, number, "2000")
    batches.run(house.bank.kernel, "first")  # each lends 1,500 and 500 wait
    house.wait(house.today + timedelta(days=4))
    mandated(house, 3, "1500")
    batches.run(house.bank.kernel, "second")
    found = told(house)
    assert (found.spread.lenders, found.spread.wide, found.evenness.batches, found.evenness.envied) == (3, 0, 2, 0)
    assert str(found.drag.lent) == "CNY 4,500.00" and found.drag.days is not None
    assert 0 <= found.drag.days <= Decimal("0.9")  # at most 2 x 500 for four days, over 4,500
    assert sum(each.loans for each in found.grades) == 0 and listing.state == "open"  # nothing is placed yet


@pytest.mark.long
def test_loans_given_up_stand_against_what_was_expected(database_url: str) -> None:
    house = House(database_url, lived=paid_back)
    found = told(house)
    (grade,) = [each for each in found.grades if each.loans]
    assert (grade.loans, grade.given_up, grade.rate) == (1, 1, Decimal(1))
    assert grade.least is not None and grade.valued is not None and 0 < grade.valued < Decimal("0.1")
    assert 0 <= grade.expected < 1 and len(grade.without) == 35
    assert not found.spread.lenders  # nothing is out of a loan that was given up
