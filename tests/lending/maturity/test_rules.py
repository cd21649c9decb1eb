"""A ladder ties to the books, and the limits on it refuse exactly at their figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.overview.model import Group
from farthing.lending.maturity import rules
from farthing.lending.maturity.model import RUNGS, Dated
from farthing.lending.maturity.rules import Position
from farthing.products.balance_limits import LADDER_DAYS, Liquidity
from farthing.products.policy import Policy
from tests.products.test_policy import pack

CN = pack("cn")
RATIO, GAP = replace(CN, maturity_gap_min=None), replace(CN, liquidity_ratio_min=None)
NOTHING = dict.fromkeys(LADDER_DAYS, 0)
MINOR = st.integers(0, 10**12)
SIDE = st.lists(MINOR, min_size=5, max_size=5)
POSITIONS = st.builds(Position, MINOR, MINOR, st.builds(Dated, SIDE, SIDE))


def code(policy: Policy, stands: Position, lent: int, comes_back: int = 0) -> str | None:
    try:
        rules.check(policy, stands, Money(lent, "CNY"), dict.fromkeys(LADDER_DAYS, comes_back))
    except Refusal as refusal:
        return refusal.code
    return None


def stands(
    ready: int, on_demand: int, loans: tuple[int, ...] = (0,) * 5, deposits: tuple[int, ...] = (0,) * 5
) -> Position:
    return Position(ready, on_demand, Dated(loans, deposits))


def test_a_quarter_of_what_may_be_asked_back_in_thirty_days_must_come_in_by_then() -> None:
    here = stands(200, 500, loans=(30, 20, 9_999, 0, 0), deposits=(100, 200, 9_999, 0, 0))
    assert here.within(CN.liquidity_ratio_min) == (250, Fraction(800))  # type: ignore[arg-type]
    assert code(RATIO, here, 200) is None, "250 of 1,000"
    assert code(RATIO, here, 201) == "lending.liquidity_ratio"
    assert code(RATIO, here, 204, comes_back=1) is None, "what comes back by then counts"
    assert code(RATIO, here, 0) is None, "what others fund takes nothing of ours"


def test_a_gap_of_ninety_days_counts_what_stays() -> None:
    here = stands(1_000, 1_000, deposits=(0, 0, 100, 9_999, 0))
    assert here.within(CN.maturity_gap_min) == (1_000, Fraction(600))  # type: ignore[arg-type]
    assert code(GAP, here, 500) is None, "(1,000 - 1,100) of 1,000"
    assert code(GAP, here, 501) == "lending.maturity_gap"
    assert code(GAP, stands(0, 0), 1) == "lending.maturity_gap", "nothing comes in"
    assert code(replace(GAP, maturity_gap_min=None), stands(0, 0), 1) is None


@given(POSITIONS, st.integers(1, 10**12))
def test_what_is_used_passes_its_limit_exactly_when_lending_is_refused(here: Position, lent: int) -> None:
    for policy, name in ((RATIO, "liquidity_ratio_min"), (GAP, "maturity_gap_min")):
        limit: Liquidity = getattr(policy, name)
        came, went = here.within(limit)
        (shown,) = rules.used(policy, here, "CNY")
        assert shown.name == name
        assert shown.used == -int(-went // 1)
        refused = code(policy, here, lent) is not None
        bears = (
            Fraction(came) / Fraction(limit.value)
            if name == "liquidity_ratio_min"
            else came * (1 - Fraction(limit.value))
        )
        assert refused == (came == 0 or went + lent > bears)


@given(POSITIONS, st.integers(1, 10**12), st.integers(1, 10**12))
def test_lending_more_never_passes_what_lending_less_does_not(here: Position, less: int, more: int) -> None:
    less, more = sorted((less, more))
    for policy in (RATIO, GAP):
        assert code(policy, here, less) is None or code(policy, here, more) is not None


@given(st.dictionaries(st.sampled_from((
    "assets:cash", "assets:liquidity", "assets:loans", "assets:fund", "liabilities:wallets", "liabilities:savings",
    "liabilities:fund", "liabilities:collections", "equity:capital",
)), MINOR), SIDE, SIDE)  # fmt: skip
def test_the_rungs_sum_to_the_books(books: dict[str, int], loans: list[int], deposits: list[int]) -> None:
    deposits = [min(each, books.get("liabilities:savings", 0) // 5) for each in deposits]
    groups = [Group(path, "CNY", 1, total) for path, total in books.items()] + [Group("assets:cash", "EUR", 1, 77)]
    pairs = rules.ladder(groups, Dated(loans, deposits), "CNY")
    assert len(pairs) == len(RUNGS)
    for side, root in enumerate(("assets", "liabilities")):
        here = sum(total for path, total in books.items() if path.startswith(root) and not path.endswith(":fund"))
        assert sum(pair[side] for pair in pairs) == here
    told = rules.told(date(2026, 11, 30), "CNY", dict(zip(RUNGS, pairs, strict=True)))
    assert told.rungs[-1].gap_so_far.minor == sum(came - went for came, went in pairs)
    assert rules.dated_of(dict(zip(RUNGS, pairs, strict=True))) == Dated(loans, deposits)


def test_a_refusal_says_its_figures() -> None:
    try:
        rules.check(RATIO, stands(200, 500), Money(400, "CNY"), NOTHING)
    except Refusal as refusal:
        said = refusal.detail
    assert "CNY 4.00" in said and "22.22%" in said and "now 40%" in said and "least is 25%" in said
    assert CN.maturity_gap_min is not None and CN.maturity_gap_min.value == Decimal("-0.10")
