"""The audit's own arithmetic of demand deposits agrees with the product's rules on every path, day count and rounding."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.products.deposit import Basis, DemandTerms
from farthing.products.deposit_file import decode_terms
from farthing.products.rates import Edition, RateBoard
from farthing.products.service import ROOT
from farthing.savings.audit.rules import Folded, Measure, Movement
from farthing.savings.deposits.entries import DEPOSIT, INTEREST, WITHDRAWAL, interest_of, paid_out
from farthing.savings.rules import open_deposit, rule, settle_until
from farthing.savings.rules.model import Agreement, Change, Event, Facts
from tests.laws import examples

SOURCE = tomllib.loads((ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8"))
TERMS = decode_terms("savings-demand", SOURCE)
BOARD = RateBoard(
    "retail",
    (
        Edition(date(2015, 1, 1), {("demand", None): Decimal("0.0035")}),
        Edition(date(2024, 9, 20), {("demand", None): Decimal("0.0241")}),
    ),
)
FACTS = Facts(BOARD)


def demand(day_count: str, rounding: str, includes_day: bool) -> DemandTerms:
    assert isinstance(TERMS, DemandTerms)
    basis = Basis(day_count, "actual_days")
    return replace(TERMS, demand_basis=basis, rounding=rounding, settle_includes_day=includes_day)


def moved(change: Change, terms: DemandTerms) -> list[Movement]:
    """The postings of a change on the deposit's own account, as ``entries`` makes them."""
    on = change.on.toordinal()
    sums = (
        (DEPOSIT, change.principal_in.minor),
        (INTEREST, interest_of(terms, change).minor),
        (WITHDRAWAL, -paid_out(terms, change).minor),
    )
    return [(kind, minor, on) for kind, minor in sums if minor]


@examples(50)
@given(
    day_count=st.sampled_from(["actual/360", "actual/365", "actual/actual", "30E/360"]),
    rounding=st.sampled_from(["half_up", "half_even", "down", "up"]),
    includes_day=st.booleans(),
    first=st.dates(date(2015, 1, 1), date(2024, 12, 31)),
    steps=st.lists(st.tuples(st.integers(0, 200), st.integers(-(10**9), 10**9)), max_size=8),
    closes=st.booleans(),
    rest=st.integers(0, 400),
)
def test_folding_postings_is_what_the_rules_pay(
    day_count: str,
    rounding: str,
    includes_day: bool,
    first: date,
    steps: list[tuple[int, int]],
    closes: bool,
    rest: int,
) -> None:
    terms = demand(day_count, rounding, includes_day)
    changes = [open_deposit(terms, FACTS, Agreement(), Event(first, "deposit", Money(123_456, "CNY")))]
    on = first
    for days, minor in steps:
        on += timedelta(days=days)
        changes += settle_until(terms, FACTS, changes[-1].deposit, on)
        balance = changes[-1].deposit.balance.minor
        if minor > 0:
            event = Event(on, "deposit", Money(minor, "CNY"))
        elif balance and minor < 0:
            event = Event(on, "withdraw", Money(min(-minor, balance), "CNY"))
        else:
            continue
        changes.append(rule(terms, FACTS, changes[-1].deposit, event))
    on += timedelta(days=rest)
    changes += settle_until(terms, FACTS, changes[-1].deposit, on)
    if closes:
        changes.append(rule(terms, FACTS, changes[-1].deposit, Event(on, "close")))
    last = changes[-1].deposit
    folded = Folded(Measure(terms, BOARD, "CNY"), first.toordinal())
    folded.fold(
        [movement for change in changes for movement in moved(change, terms)],
        last.closed_on.toordinal() if last.closed_on else None,
        on.toordinal(),
    )
    assert folded.problems == []
    state = (folded.balance, folded.since, folded.as_of, folded.ordinary, folded.leap)
    days = (last.since_on.toordinal(), last.as_of_on.toordinal())
    assert state == (last.balance.minor, *days, last.balance_days, last.leap_balance_days)
    assert folded.interest == sum(interest_of(terms, change).minor for change in changes)
