"""Books under stress: nothing leaves the book as it is, everything balances, more is worse, and what breaks it is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from farthing.assurance.prudence import rules as prudence
from farthing.assurance.prudence.model import Book, Pool, Prudential
from farthing.assurance.stress import file, rules
from farthing.assurance.stress.model import Scenario
from farthing.assurance.stress.rules import Law

ON = date(2026, 6, 10)
LAW = Law(
    tuple(Fraction(each) for each in ("0.04", "0.30", "0.50", "0.80")), (0, 1, 31, 61, 91),
    lambda days: sum(days > over for over in (0, 90, 270, 360)), Fraction("0.015"), Fraction("1.2"),
)  # fmt: skip
KNOWN, TABLE = prudence.shipped()
TAKEN = prudence.assumptions(TABLE, {})


def book(loans: int = 9_000_000, savings: int = 8_000_000, capital: int = 3_000_000) -> Book:
    pools = (Pool("shop", 0, 0, Decimal("0.12"), 90, loans, tuple((month, loans // 12) for month in range(1, 13))),)
    groups = {
        "assets:cash": savings + capital - loans, "assets:loans": loans, "equity:capital": capital,
        "liabilities:savings": savings,
    }  # fmt: skip
    return Book(ON, "CNY", groups, pools, (0, 0, 0, 0, 0), 0, loans // 90, loans, 0)


def judge(found: Book) -> Prudential:
    return prudence.judged(KNOWN, found, TAKEN, "cn")


def scenario(name: str) -> Scenario:
    return file.read(file.shipped(name), name, "CNY")


def test_nothing_happens_and_the_book_is_the_book_to_the_minor_unit() -> None:
    begin = book()
    assert rules.path(begin, scenario("nothing"), LAW) == [begin, begin]
    found = rules.stressed(begin, scenario("nothing"), LAW, judge)
    assert found.before == found.after == judge(begin)


def test_a_bad_year_is_reckoned_month_by_month() -> None:
    path = rules.path(book(), scenario("bad-year"), LAW)
    first = path[2]
    late = [pool for pool in first.pools if pool.bucket == 1]
    assert [pool.own for pool in late] == [9_000_000 * 12 // 100], "three times four in a hundred"
    assert first.sum_of("assets:loans") == 9_000_000 - (750_000 - 90_000), "the others paid what fell due"
    assert len(path) == 14 and sum(pool.own for pool in path[-1].pools) == path[-1].sum_of("assets:loans")
    assert path[-1].groups["expenses:credit-losses"] > 0


@given(
    st.integers(0, 24), st.fractions(0, 10), st.fractions(0, 1), st.fractions(0, 1), st.integers(0, 10**7), st.booleans(),
    st.integers(1, 10**9), st.integers(0, 10**9),
)  # fmt: skip
def test_every_month_of_every_scenario_balances_and_loans_are_what_their_pools_are(
    months: int, factor: Fraction, lost: Fraction, leaves: Fraction, fraud: int, earns: bool, loans: int, savings: int
) -> None:
    made = replace(
        scenario("nothing"), months=months, default_factor=factor, lost=lost, lost_at_once=fraud, earns=earns,
        leaves={"liabilities:savings": leaves}, leaves_monthly={"liabilities:savings": leaves / 7}, deposit_rate=Decimal("0.02"),
    )  # fmt: skip
    pools = (
        Pool("shop", 0, 0, Decimal("0.12"), 9, loans, ((1, loans // 3), (7, loans // 2))),
        Pool("shop", 1, 2, Decimal("0.2"), 1, 1_000, ((2, 400),)),
        Pool("shop", 2, 4, Decimal("0.2"), 1, 900, ()),
    )
    begin = replace(
        book(loans + 1_900, savings), pools=pools, groups={
            "assets:cash": savings + 5 - loans - 1_900, "assets:loans": loans + 1_900, "equity:capital": 5,
            "liabilities:savings": savings,
        },
    )  # fmt: skip
    for each in rules.path(begin, made, LAW):
        assert rules.balanced(each.groups) == 0
        assert each.sum_of("assets:loans") == sum(pool.own for pool in each.pools)
        assert all(pool.own >= 0 and pool.late >= 0 for pool in each.pools)
    for each in rules.path(begin, made, LAW)[2:]:
        bad = sum(pool.own for pool in each.pools if pool.grade >= 2)
        assert -each.groups.get("assets:loan-loss-allowance", 0) * 10 >= 12 * bad, (
            "what the regulator asks for is set aside"
        )


@given(st.fractions(0, 5), st.fractions(0, 5))
def test_more_of_a_scenario_never_leaves_more_capital_or_ready_money(one: Fraction, two: Fraction) -> None:
    low, high = sorted((one, two))
    for name in ("run", "fraud-and-partner"):
        begin = book()
        milder, harder = (rules.path(begin, rules.scaled(scenario(name), each), LAW)[1] for each in (low, high))
        assert harder.capital <= milder.capital
        assert harder.sum_of("assets:cash") <= milder.sum_of("assets:cash")


def test_what_breaks_the_bank_is_found_to_a_hundredth() -> None:
    found = rules.broken(book(), scenario("run"), LAW, judge)
    assert found.scale is not None and found.breaks
    just = Fraction(found.scale)
    assert rules.stressed(book(), rules.scaled(scenario("run"), just), LAW, judge).breaks
    assert (
        not rules.stressed(book(), rules.scaled(scenario("run"), just - Fraction(1, 100)), LAW, judge).breaks
        or just == 0
    )
    assert rules.broken(book(), scenario("nothing"), LAW, judge).scale in (None, Decimal(0))
