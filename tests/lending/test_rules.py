"""Schedules and allocation: laws by Hypothesis, figures checked by an independent library, entries as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.ledger.export import render
from farthing.ledger.model import JournalEntry
from farthing.lending import entries, life, rules, telling
from farthing.lending.audit import rules as audit
from farthing.lending.life import Life
from farthing.lending.lives.events import Agreed
from farthing.lending.model import Conditions, Holder, Loan, Settlement, State
from farthing.lending.offering.plan import Plan, annual_percentage_rate, build
from farthing.lending.pinned import METHODS
from farthing.lending.telling import Told
from tests.lending.months import monthly_dates

START = date(2026, 1, 31)
ZERO = Money(0, "CNY")
WALLET = "liabilities:wallets:b"
AT = datetime(2026, 1, 31, tzinfo=UTC)
ROLES = {
    "principal": "assets:loans", "interest_receivable": "assets:interest-receivable",
    "interest_income": "income:interest:loans", "penalty_income": "income:penalties:loans", "fee_income": "income:fees:loans",
}  # fmt: skip
plans = st.builds(
    lambda minor, rate, count, fee: Plan(
        Money(minor, "CNY"), Decimal(rate) / 1000, "actual/365", START, monthly_dates(START, count), Money(fee, "CNY")
    ),
    st.integers(10_000, 100_000_000), st.integers(0, 360), st.integers(1, 36), st.integers(0, 5_000),
)  # fmt: skip


def lent(plan: Plan, method: str = "equal_instalment", *shares: tuple[str, int]) -> Life:
    """A loan that was paid out on the first day of a plan."""
    rows = life.agreed(build(method, plan))
    conditions = Conditions(
        "p",
        "v",
        plan.annual,
        plan.day_count,
        method,
        ("penalty", "fee", "interest", "principal"),
        3,
        Decimal("0.18"),
        ROLES,
        30,
    )
    return begun(conditions, rows, plan.principal, START, *shares)


def begun(
    conditions: Conditions, rows: tuple[Agreed, ...], principal: Money, on: date, *shares: tuple[str, int]
) -> Life:  # fmt: skip
    """A loan that was paid out on a day, on the plan that was signed."""
    weights = [weight for _, weight in shares] or [1]
    names = [name for name, _ in shares] or ["own"]
    parts = principal.allocate(weights)
    holders = tuple(Holder(name, part) for name, part in zip(names, parts, strict=True))
    funded = Loan(
        "loan_x", "party_x", "offer_x", "dec_x", "stock", principal, conditions, "funded", holders, None, on, AT, on,
        None, None, life.planned("CNY", rows),
    )  # fmt: skip
    return telling.begin(Life(funded, rows, ()), WALLET, "out", AT, on).after


def brought(state: Life, on: date) -> Told:
    """A loan as it stands on a day."""
    return telling.bring(state, life.stands(state, on), on)


def amount_due(state: Life, on: date) -> Money:
    return life.due_of("CNY", life.stands(state, on), on)


def settlement(state: Life, on: date) -> Settlement:
    return life.settlement_of(state, life.stands(state, on), on)


def paid(state: Life, amount: Money, on: date, name: str = "r1", do: str = "repay") -> Told:
    """A loan after money came in."""
    return telling.pay(state, life.stands(state, on), do, amount, WALLET, name, AT, on)


@given(plans, st.sampled_from(sorted({*METHODS} - {"custom"})))
def test_every_schedule_repays_the_principal_to_the_cent(plan: Plan, method: str) -> None:
    schedule = build(method, plan)
    assert total([item.principal for item in schedule], "CNY") == plan.principal
    assert all(item.principal.minor >= 0 and item.interest.minor >= 0 for item in schedule)
    assert [item.due_on for item in schedule] == sorted(item.due_on for item in schedule)


def test_equal_instalments_are_equal_but_for_the_last() -> None:
    plan = Plan(Money.parse("8000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 12), ZERO)
    amounts = [item.amount.minor for item in build("equal_instalment", plan)]
    assert len(set(amounts[:-1])) == 1
    assert abs(amounts[-1] - amounts[0]) < 12


def test_the_annual_percentage_rate_has_no_ceiling() -> None:
    in_a_month = annual_percentage_rate([(START, Money(100, "CNY"))], [(START + timedelta(days=73), Money(300, "CNY"))])
    assert in_a_month == Decimal(3**5 - 1)
    assert annual_percentage_rate(
        [(START, Money(1, "CNY"))], [(START + timedelta(days=73), Money(6, "CNY"))]
    ) == Decimal(6**5 - 1)


@given(plans)
def test_the_annual_percentage_rate_agrees_with_another_library(plan: Plan) -> None:
    schedule = build("equal_instalment", plan)
    payments = [(item.due_on, item.amount) for item in schedule]
    ours = annual_percentage_rate([(START, plan.principal)], payments)
    flows = [(START, -float(plan.principal.decimal())), *((day, float(amount.decimal())) for day, amount in payments)]
    theirs = pyxirr.xirr([day for day, _ in flows], [amount for _, amount in flows])
    assert float(ours) == pytest.approx(theirs, rel=1e-6, abs=2e-6)


def test_a_repayment_as_an_entry() -> None:
    """Of the own book's loan by component; of one that others fund a part of into collections, and lending says no more."""
    plan = Plan(Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), ZERO)

    def rendered(*shares: tuple[str, int]) -> list[list[str]]:
        state = lent(plan, "equal_instalment", *shares)
        on = state.loan.instalments[0].due_on
        told = paid(state, amount_due(state, on), on)
        return [line.split() for line in render(told.entries[-1]).splitlines()]

    first = [["2026-02-28", "repayment", "|", "loan:x:repayment:r1"], ["liabilities:wallets:b", "507.16", "CNY"]]
    assert rendered() == [
        *first,
        ["assets:interest-receivable:x", "-9.21", "CNY"],
        ["assets:loans:x", "-497.95", "CNY"],
    ]
    assert rendered(("own", 70), ("partner:harvest", 30)) == [*first, ["liabilities:collections:x", "-507.16", "CNY"]]


def test_penalty_counts_after_grace_from_the_due_day() -> None:
    plan = Plan(Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 1), ZERO)
    state = lent(plan)
    due = state.loan.instalments[0]
    assert amount_due(state, due.due_on + timedelta(days=3)) == due.left
    late = amount_due(state, due.due_on + timedelta(days=10)) - due.left
    assert late == Money(round(due.left.minor * 18 * 10 / 36500), "CNY")
    assert life.days_past_due(state.loan, due.due_on + timedelta(days=10)) == 10


TEN_TWENTY = Plan(Money(1020, "CNY"), Decimal(0), "actual/365", START, monthly_dates(START, 1), ZERO)


def test_a_penalty_does_not_depend_on_how_often_it_is_counted() -> None:
    """10.20 is 27 days late: 0.14, looked at once, each day, or with a fen paid on each day after the days of grace."""
    state = lent(TEN_TWENTY)
    first = state.loan.instalments[0].due_on
    assert amount_due(state, first + timedelta(days=27)) == Money(1020 + 14, "CNY")
    looked, paying, gone = state, state, 0
    for day in range(1, 28):
        on = first + timedelta(days=day)
        looked, paying = brought(looked, on).after, brought(paying, on).after
        if 4 <= day < 27:
            paying = paid(paying, Money(1, "CNY"), on, f"r{day}").after
            gone += 1
    assert looked.loan.instalments[0].penalty == Money(14, "CNY")
    assert paying.loan.instalments[0].penalty == Money(14, "CNY")
    assert amount_due(paying, first + timedelta(days=27)) == Money(1020 + 14 - gone, "CNY")


@given(plans, st.lists(st.integers(1, 40), max_size=30), st.integers(0, 900))
def test_any_days_on_which_it_is_looked_at_come_to_the_same(plan: Plan, gaps: list[int], end: int) -> None:
    whole = brought(lent(plan), START + timedelta(days=end))
    state, on, posted = lent(plan), START, 0
    for gap in gaps:
        on = min(on + timedelta(days=gap), START + timedelta(days=end))
        told = brought(state, on)
        state, posted = told.after, posted + len(told.entries)
    last = brought(state, START + timedelta(days=end))
    assert last.loan == whole.loan
    assert posted + len(last.entries) == len(whole.entries)


@given(plans, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10**6)), max_size=12), st.integers(0, 400))
def test_what_settles_a_loan_pays_all_of_it_and_waives_only_what_has_not_run(
    plan: Plan, payments: list[tuple[int, int]], end: int
) -> None:
    """Whatever was paid before: the parts are the whole, the loan is settled, the claims end at nothing, and the events that were
    kept come to the same when they are replayed."""
    state, on = lent(plan), START
    books: dict[str, int] = {}
    received = 0

    def post(made: Sequence[JournalEntry]) -> None:
        for posting in (posting for entry in made for posting in entry.postings):
            books[posting.account] = books.get(posting.account, 0) + posting.amount.minor

    post([entries.disbursement(state.loan, WALLET, START)])
    for number, (gap, wanted) in enumerate(payments):
        on = on + timedelta(days=gap)
        amount = min(amount_due(state, on), Money(wanted, "CNY"))
        if amount:
            told = paid(state, amount, on, f"r{number}")
            post(told.entries)
            state, received = told.after, received + amount.minor
            assert audit.replayed(replace(state, as_of_on=on)) == []
    on = on + timedelta(days=end)
    price = settlement(state, on) if state.loan.state == "active" else None
    if price is not None:
        told = paid(state, ZERO, on, "last", "pay_off")
        post(told.entries)
        state, received = told.after, received + price.amount.minor
        assert told.event is not None and told.event.amount == price.amount
    assert state.loan.state == "closed" and all(each.settled for each in state.loan.instalments)
    assert [each.due_on for each in state.loan.instalments] == list(plan.due_dates)
    assert books[entries.principal_account(state.loan)] == 0
    assert books.get(entries.interest_account(state.loan), 0) == 0
    assert books[WALLET] == received - plan.principal.minor
    assert audit.replayed(replace(state, as_of_on=on)) == []


def test_settling_early_owes_only_the_days_that_passed() -> None:
    plan = Plan(Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 12), ZERO)
    state = lent(plan)
    same_day = settlement(state, START)
    assert (same_day.principal, same_day.interest) == (plan.principal, ZERO)
    half_way = START + timedelta(days=14)
    half = settlement(state, half_way)
    assert half.interest == Money((state.loan.instalments[0].interest.minor + 1) // 2, "CNY")  # half up


def test_a_wrong_state_is_told_in_each_language_by_its_own_words() -> None:
    state = lent(
        Plan(Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), ZERO)
    ).loan
    for each in get_args(State):
        with pytest.raises(Refusal) as caught:
            rules.require_state(replace(state, state=each), *(set(get_args(State)) - {each}))
        assert each in caught.value.detail
        assert not any(code in caught.value.detail_zh for code in get_args(State))


def test_refusals_of_repayments_and_shares() -> None:
    plan = Plan(Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), ZERO)
    state = lent(plan)
    on = state.loan.instalments[0].due_on
    closed = replace(state, loan=replace(state.loan, state="closed"))

    def repay(about: Life, amount: Money, day: date) -> None:
        rules.check_repay(about, life.stands(about, day), amount, day)

    for code, act in {
        "lending.more_than_due": lambda: repay(state, Money(900_00, "CNY"), on),
        "lending.nothing_due": lambda: repay(state, Money(1, "CNY"), START),
        "lending.wrong_state": lambda: repay(closed, Money(1, "CNY"), on),
        "lending.lender_unnamed": lambda: rules.check_holders(state.loan, [Holder("partner:p", plan.principal)]),
        "lending.shares_do_not_sum": lambda: rules.check_holders(state.loan, [Holder("own", Money(1, "CNY"))]),
    }.items():
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.code == code
