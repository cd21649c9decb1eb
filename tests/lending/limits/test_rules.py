"""The limits on the bank's own lending to the minor unit, and who belongs together against a search from each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.overview.model import Group
from farthing.lending.limits import rules
from farthing.lending.limits.rules import Books, Owing
from farthing.lending.limits.together import apart
from tests.products.test_policy import pack

CN = pack("cn")
CLAIM = "assets:loans:L1"
NONE = replace(
    CN, capital_ratio_min=None, leverage_min=None, one_borrower_max=None, connected_borrowers_max=None
)  # fmt: skip


def code(policy: object, books: Books, owing: Owing, lent: int) -> str | None:
    try:
        rules.check(policy, books, owing, Money(lent, "CNY"), CLAIM)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return None


def test_net_capital_is_equity_and_the_result_and_no_other_currency() -> None:
    groups = [
        Group("equity:capital", "CNY", 1, 1_000), Group("income:interest", "CNY", 1, 70),
        Group("expenses:interest", "CNY", 1, 30), Group("assets:cash", "CNY", 1, 1_540),
        Group("liabilities:wallets", "CNY", 1, 500), Group("equity:capital", "EUR", 1, 9_999),
        Group("assets:loan-loss-allowance", "CNY", 1, -40),
    ]  # fmt: skip
    found = rules.books_of(groups, "CNY")
    assert found == Books(1_040, {"assets:cash": 1_540, "assets:loan-loss-allowance": -40})
    assert found.weighted(CN.capital_ratio_min) == Fraction(1_540, 5) - 30  # type: ignore[arg-type]


def test_capital_bears_the_loan_to_the_minor_unit() -> None:
    only = replace(NONE, capital_ratio_min=CN.capital_ratio_min)
    books = Books(600, {"assets:loans": 9_000, "assets:fund": 10**12})  # 8 % of 0.75 x 10,000 is 600
    assert code(only, books, Owing(0, 0), 1_000) is None
    assert code(only, books, Owing(0, 0), 1_001) == "lending.capital_ratio"


def test_leverage_counts_every_asset_but_the_funds() -> None:
    only = replace(NONE, leverage_min=CN.leverage_min)
    books = Books(400, {"assets:cash": 9_000, "assets:fund": 10**12})
    assert code(only, books, Owing(0, 0), 1_000) is None
    assert code(only, books, Owing(0, 0), 1_001) == "lending.leverage"


def test_one_borrower_and_a_circle() -> None:
    books = Books(10_000, {"assets:cash": 10_000})
    assert code(CN, books, Owing(400, 400), 600) is None
    assert code(CN, books, Owing(400, 400), 601) == "lending.one_borrower"
    assert code(CN, books, Owing(0, 1_400), 600) is None
    assert code(CN, books, Owing(0, 1_400), 601) == "lending.connected_borrowers"


def test_a_refusal_says_limit_present_and_after_in_both_languages() -> None:
    with pytest.raises(Refusal) as caught:
        rules.check(CN, Books(10_000, {}), Owing(400, 400), Money(700, "CNY"), CLAIM)
    assert (caught.value.facts["figure"], caught.value.facts["now"], caught.value.facts["limit"]) == (
        "11%",
        "4%",
        "10%",
    )
    assert "《商业银行法》" in caught.value.detail_zh
    assert "11%" in caught.value.detail_zh


@pytest.mark.parametrize("policy", [NONE, pack("sandbox")])
def test_where_the_law_is_silent_nothing_is_bound(policy: object) -> None:
    assert code(policy, Books(-5, {}), Owing(10**15, 10**15), 10**12) is None


def test_a_bank_without_capital_lends_nothing_of_its_own_and_what_others_fund_is_not_bound() -> None:
    assert code(CN, Books(0, {}), Owing(0, 0), 1) == "lending.capital_ratio"
    assert code(CN, Books(0, {}), Owing(0, 0), 0) is None


amounts = st.integers(0, 10**9)


@given(amounts, amounts, amounts, amounts, st.integers(1, 10**9), st.integers(0, 10**9))
def test_what_is_refused_is_refused_of_more_and_of_less_capital(
    capital: int, loans: int, borrower: int, others: int, lent: int, more: int
) -> None:
    books, owing = Books(capital, {"assets:loans": loans}), Owing(borrower, borrower + others)
    if code(CN, books, owing, lent) is None:
        assert code(CN, books, owing, max(lent - more, 0)) is None
        assert code(CN, replace(books, net_capital=capital + more), owing, lent) is None


@given(amounts, amounts, amounts)
def test_what_the_page_shows_as_room_is_what_a_loan_may_take(capital: int, cash: int, owed: int) -> None:
    """A limit that shows ``limit`` at least ``used`` is kept: the present figure itself would pass."""
    books = Books(capital, {"assets:cash": cash})
    shown = {each.name: each for each in rules.used(CN, books, "CNY", Owing(owed, owed))}
    assert (shown["leverage_min"].used <= capital) == (capital >= Decimal("0.04") * cash)
    assert (shown["one_borrower_max"].used <= shown["one_borrower_max"].limit) == (owed <= Decimal("0.10") * capital)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_circles_are_what_a_search_from_each_finds(ties: list[tuple[str, str]]) -> None:
    beside: dict[str, set[str]] = {}
    for one, other in ties:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)

    def reached(one: str) -> frozenset[str]:
        found, new = {one}, {one}
        while new:
            new = {each for known in new for each in beside[known]} - found
            found |= new
        return frozenset(found)

    circles = [frozenset(each) for each in apart(ties)]
    assert len(circles) == len(set(circles))
    assert set(circles) == {reached(each) for each in beside}
