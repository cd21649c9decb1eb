"""What is computed for many people at once is what is computed for each: to the last place, and missing where it is missing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit.batch.balances import BALANCES, balances_of
from farthing.credit.batch.flows import MOVEMENTS, PEOPLE, person_flow
from farthing.credit.batch.receipts import shop_flow
from farthing.credit.catalogue.balances import Balance, balance_features, daily
from farthing.credit.features import INCOME, Feature, flow_of, median, person_features, shop_features
from farthing.credit.movements import Category, Movement
from farthing.kit.money import Money
from tests.credit.made import declared

FIRST = date(2023, 1, 27)
"""Days near the ends of months, and a leap year, lie close."""
CATEGORIES: tuple[Category, ...] = ("earned", "support", "essential", "operating", "other", "debt_service", "returned")
LENGTHS = (-1, 0, 27, 29, 62, 89, 90, 181, 200, 364, 400, 800)


@dataclass(frozen=True)
class Person:
    """What is known of one person."""

    movements: list[Movement]
    balances: list[Balance]
    since: date
    until: date


def person(chance: random.Random) -> Person:
    """A history of up to two and a half years, with rows from before it and after it."""
    since = FIRST + timedelta(days=chance.randrange(41))
    until = since + timedelta(days=chance.choice(LENGTHS) + chance.randrange(4))
    days = max((until - since).days, 1)
    moves = [
        _movement(chance, since + timedelta(days=chance.randint(-3, days + 2))) for _ in range(chance.randrange(26))
    ]
    held = [
        Balance(since + timedelta(days=chance.randint(-900, days + 2) if chance.random() < 0.1 else chance.randint(0, days)),
                chance.choice((0, 1, 700, 12_345, -500, 10**9)))
        for _ in range(chance.randrange(12))
    ]  # fmt: skip
    return Person(sorted(moves, key=lambda each: each.on), held, since, until)


def _movement(chance: random.Random, on: date) -> Movement:
    category = chance.choice(CATEGORIES)
    amount = Money(chance.choice((1, 3, 100, 5_000, 123_456, 10**9)), "CNY")
    return Movement(on, "in" if category in INCOME else "out", amount, category, chance.choice(("A", "B", "")), "x")


def movements(many: list[Person]) -> pl.DataFrame:
    rows = [
        (f"P{number}", each.on, each.flow, each.amount.minor, each.category, each.counterparty)
        for number, one in enumerate(many)
        for each in one.movements
    ]
    return pl.DataFrame(rows, schema=MOVEMENTS, orient="row")


def people(many: list[Person]) -> pl.DataFrame:
    rows = [(f"P{number}", one.since, one.until) for number, one in enumerate(many)]
    return pl.DataFrame(rows, schema=PEOPLE, orient="row")


def balances(many: list[Person]) -> pl.DataFrame:
    rows = [(f"P{number}", each.on, each.minor) for number, one in enumerate(many) for each in one.balances]
    return pl.DataFrame(rows, schema=BALANCES, orient="row")


def told(features: tuple[Feature, ...]) -> dict[str, float | None]:
    return {each.name: None if each.value is None else float(each.value) for each in features}


def check(many: list[Person]) -> None:
    """All three, against each person alone."""
    flows = [flow_of(one.movements, one.since, one.until, "CNY") for one in many]
    found = person_flow(movements(many), people(many))
    assert found.drop("person", "usual").to_dicts() == [told(person_features(flow)) for flow in flows]
    costs = [number % 3 > 0 for number in range(len(many))]
    shops = shop_flow(movements(many), people(many).with_columns(costs_told=pl.Series(costs, dtype=pl.Boolean)))
    assert shops.drop("person").to_dicts() == [told(shop_features(*each)) for each in zip(flows, costs, strict=True)]
    held = balances_of(balances(many), people(many), found.select("person", "usual"))
    assert held.drop("person").to_dicts() == [
        told(balance_features(daily(one.balances, one.since, one.until), median(flow.of("income")), "CNY"))
        for one, flow in zip(many, flows, strict=True)
    ]


def test_many_are_as_each() -> None:
    chance = random.Random(42)
    check([person(chance) for _ in range(300)])


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 8))
def test_a_few_are_as_each(seed: int, count: int) -> None:
    chance = random.Random(seed)
    check([person(chance) for _ in range(count)])


def test_what_is_computed_is_what_is_declared() -> None:
    nobody = flow_of((), FIRST, FIRST, "CNY")
    alone = {"person_flow": person_features(nobody), "balances": balance_features((), 0, "CNY")}
    for by, features in alone.items():
        assert tuple(each.name for each in features) == declared(by)
    shop = [each.name for each in shop_features(nobody)]
    assert [name for name in shop if name not in declared("person_flow")] == list(declared("shop_flow"))
