"""Laws of random lives: money in is principal, interest, fees, penalties and what is owed back; principal never falls below
zero; a fold in two steps is the fold in one; a fact that is told late gives the state that telling it in time gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.lives.events import COMPONENTS, PAYING, USUAL, WHENS, Agreement, Allocation, Bucket, Event
from farthing.lending.lives.fold import fold, pay_off_amount
from farthing.lending.lives.loan import Loan
from farthing.lending.plans.schedule import schedule
from farthing.lending.plans.terms import Every, Terms
from farthing.lending.quotes.accounts import NAMES
from farthing.lending.quotes.answer import answer
from farthing.lending.quotes.case import Case
from tests.laws import examples
from tests.lending.quotes.books import agree

BEGAN = date(2024, 1, 31)
FEW = examples(15)
ORDERS = st.permutations([(when, component) for when in WHENS for component in COMPONENTS])


@st.composite
def plans(draw: st.DrawFn) -> Terms:
    """Terms of every method, day count and length."""
    unit = draw(st.sampled_from(["week", "month"]))
    number = draw(st.integers(1, 6))
    method = draw(
        st.sampled_from(["equal_instalment", "equal_instalment", "equal_principal", "flat", "interest_only", "bullet"])
    )
    graced = method == "equal_instalment" and draw(st.booleans())
    return Terms(
        "EUR", draw(st.sampled_from(["0", "0.0482", "0.12", "0.3599"]).map(Decimal)), number,
        Every(draw(st.integers(1, 2)), unit), method=method,  # type: ignore[arg-type]
        day_count=draw(st.sampled_from(["30/360", "30e/360", "actual/360", "actual/365", "actual/actual"])),
        interest_by=draw(st.sampled_from(["day", "day", "period"])),
        grace_principal=draw(st.integers(0, number - 1)) if graced else 0,
        down_payment=draw(st.sampled_from(["0", "0", "0.25"]).map(Decimal)),
        multiple=draw(st.sampled_from([1, 1, 100])),
    )  # fmt: skip


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """How a loan lives, in every combination."""
    surplus = st.sampled_from(["next", "last", "re_amortise"])
    allocation = (
        Allocation(tuple(draw(ORDERS)), draw(surplus)) if draw(st.booleans()) else Allocation(surplus=draw(surplus))
    )
    return Agreement(
        draw(plans()), {"repay": allocation},
        direction=draw(st.sampled_from(["by_instalment", "by_component"])),
        recalculated=draw(st.sampled_from(["no", "by_day", "by_day", "by_period"])),
        pay_off=draw(st.sampled_from(["to_day", "to_period_end"])),
        charge_off=draw(st.sampled_from(["usual", "no_more_interest"])),
        chargeback_order=draw(st.sampled_from([(), ("penalty", "fee", "interest", "principal")])),
    )  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> tuple[Event, ...]:
    """A payment out and up to eight facts after it, in the order of their days."""
    made = [Event(BEGAN, "pay_out", draw(st.integers(1, 2_000_000)), name="out")]
    days = sorted(draw(st.lists(st.integers(0, 400), min_size=0, max_size=5)))
    for number, days_later in enumerate(days):
        kind = draw(
            st.sampled_from(["repay"] * 4 + ["goodwill_credit", "charge", "pause_interest", "change_rate", "pay_off"])
        )
        on = BEGAN + timedelta(days=days_later)
        made.append(Event(
            on, kind, draw(st.integers(1, 900_000)), name=f"n{number}",
            component=draw(st.sampled_from(["fee", "penalty"])), until=on + timedelta(days=draw(st.integers(0, 40))),
            annual=Decimal("0.0725"),
        ))  # fmt: skip
    return tuple(made)


def folded(agreement: Agreement, events: tuple[Event, ...], as_of: date) -> Loan | None:
    """The state, or None where the life cannot have happened."""
    try:
        return fold(agreement, events, as_of)
    except Refusal:
        return None


def seen(loan: Loan) -> list[Any]:
    """All that anybody sees of a state."""
    rows = [(each.due_on, each.owed, each.paid, each.in_advance, each.late, each.paid_on) for each in loan.instalments]
    return [*rows, loan.over, loan.outstanding]


@FEW
@given(agreements(), lives(), st.integers(0, 500))
def test_money_adds_up_and_nothing_falls_below_zero(
    agreement: Agreement, events: tuple[Event, ...], later: int
) -> None:
    adds_up(agreement, events, max(each.on for each in events) + timedelta(days=later))


def adds_up(agreement: Agreement, events: tuple[Event, ...], as_of: date) -> None:
    """What is true of money in every life."""
    loan = folded(agreement, events, as_of)
    if loan is None:
        return
    came = sum(each.total for each in loan.splits if each.event.do in PAYING)
    parts = sum(each.paid[part] for each in loan.instalments for part in COMPONENTS)
    assert came == parts + loan.over
    lent = sum(each.event.amount for each in loan.splits if each.event.do == "pay_out")
    repaid = sum(each.paid["principal"] for each in loan.instalments)
    assert 0 <= loan.principal == lent - repaid
    assert all(amount >= 0 for each in loan.instalments for amount in (*each.owed.values(), *each.paid.values()))
    assert all(each.paid[part] <= each.owed[part] for each in loan.instalments for part in COMPONENTS)
    agree(answer(Case("EUR", agreement, events, as_of, NAMES), loan))


@FEW
@given(agreements(), lives(), st.integers(0, 8), st.integers(0, 100))
def test_two_steps_are_one(agreement: Agreement, events: tuple[Event, ...], cut: int, later: int) -> None:
    as_of = max(each.on for each in events) + timedelta(days=later)
    whole = folded(agreement, events, as_of)
    if whole is None:
        return
    middle = events[min(cut, len(events) - 1)].on
    first = tuple(each for each in events if each.on <= middle)
    half = fold(agreement, first, middle)
    before = seen(half)
    assert seen(fold(agreement, events[len(first) :], as_of, half)) == seen(whole)
    assert seen(half) == before, "a fold changed what it was given"


@FEW
@given(agreements(), lives(), st.integers(1, 8), st.integers(0, 60))
def test_told_late_is_told_in_time(agreement: Agreement, events: tuple[Event, ...], which: int, late: int) -> None:
    as_of = max(each.on for each in events) + timedelta(days=late)
    place = min(which, len(events) - 1)
    told_late = replace(events[place], posted_on=as_of)
    shuffled = (*events[:place], *events[place + 1 :], told_late)
    days = [each.on for each in events]
    whole = folded(agreement, events, as_of)
    if whole is None or days.count(events[place].on) > 1:
        return
    assert seen(fold(agreement, shuffled, as_of)) == seen(whole)
    agree(answer(Case("EUR", agreement, shuffled, as_of, NAMES), fold(agreement, shuffled, as_of)))


@FEW
@given(agreements(), lives(), st.integers(1, 8))
def test_what_is_reversed_never_was(agreement: Agreement, events: tuple[Event, ...], which: int) -> None:
    as_of = max(each.on for each in events) + timedelta(days=1)
    place = min(which, len(events) - 1)
    if place == 0:
        return
    without = folded(agreement, (*events[:place], *events[place + 1 :]), as_of)
    if without is None:
        return
    undone = (*events, Event(as_of, "reverse", of=events[place].name))
    assert seen(fold(agreement, undone, as_of)) == seen(without)


@FEW
@given(agreements(), st.integers(1, 2_000_000), st.integers(0, 400))
def test_a_pay_off_ends_the_loan(agreement: Agreement, amount: int, days: int) -> None:
    ends(agreement, amount, BEGAN + timedelta(days=days))


def ends(agreement: Agreement, amount: int, on: date) -> None:
    """The sum that is asked for a pay-off leaves nothing owed, and little to give back."""
    out = Event(BEGAN, "pay_out", amount)
    loan = fold(agreement, (out,), on)
    owed = pay_off_amount(loan, on)
    if not loan.outstanding:
        return
    ended = fold(agreement, (out, Event(on, "pay_off")), on)
    assert ended.outstanding == 0
    assert sum(each.total_paid for each in ended.instalments) + ended.over == owed
    if agreement.terms.method in ("equal_instalment", "flat") and not agreement.terms.grace_principal:
        assert ended.over <= agreement.terms.instalments, (
            "a cent a period at most, of interest that found no instalment"
        )


@FEW
@given(plans(), st.integers(100_000, 5_000_000))
def test_a_loan_that_nothing_happened_to_is_its_plan(terms: Terms, amount: int) -> None:
    loan = fold(Agreement(terms, recalculated="by_day"), (Event(BEGAN, "pay_out", amount),), BEGAN)
    rows = [(each.due_on, each.owed["principal"], each.owed["interest"]) for each in loan.instalments]
    if not terms.annual:
        assert sum(principal for _, principal, _ in rows) == amount, (
            "without interest equal parts, and the last takes the rest"
        )
        return
    assert rows == [(row.due_on, row.principal, row.interest) for row in schedule(terms, Money(amount, "EUR"), BEGAN)]


@pytest.mark.parametrize("principal", [1, 7, 100])
def test_a_loan_of_some_cents_is_repaid(principal: int) -> None:
    loan = fold(Agreement(Terms("EUR", Decimal("0.12"), 12)), (Event(BEGAN, "pay_out", principal),), BEGAN)
    assert sum(each.owed["principal"] for each in loan.instalments) == principal


def order(*first: Bucket) -> tuple[Bucket, ...]:
    """An order of payment that begins with some buckets."""
    return (*first, *(each for each in USUAL if each not in first))


EARLY_FIRST: Bucket = ("in_advance", "principal")
RARE = {
    "what is not due is paid before what is late": (
        Agreement(Terms("EUR", Decimal("0.12"), 5, day_count="30/360"),
                  {"repay": Allocation(order(EARLY_FIRST))}, recalculated="by_day"), 49_998, 87),
    "one component at a time, the last instalment first": (
        Agreement(Terms("EUR", Decimal("0.12"), 4, day_count="30/360"),
                  {"repay": Allocation(order(("in_advance", "interest")), "last")},
                  direction="by_component", recalculated="by_day"), 98, 46),
    "one component at a time, the next instalment first": (
        Agreement(Terms("EUR", Decimal("0.12"), 3, Every(2), day_count="30/360"), direction="by_component",
                  recalculated="by_day"), 136, 80),
    "late, and ended to the end of the period": (
        Agreement(Terms("EUR", Decimal("0.12"), 6, Every(2), day_count="30/360"), recalculated="by_day",
                  pay_off="to_period_end"), 2_475, 352),
    "ended to the end of the period, one component at a time": (
        Agreement(Terms("EUR", Decimal("0.12"), 3, Every(2), day_count="30/360"), direction="by_component",
                  recalculated="by_day", pay_off="to_period_end"), 1_226, 96),
}  # fmt: skip
"""Pay-offs that once left something owed, or asked for too much: an agreement, what is lent, and after how many days."""


@pytest.mark.parametrize("name", RARE)
def test_a_rare_pay_off_ends_the_loan(name: str) -> None:
    agreement, amount, days = RARE[name]
    ends(agreement, amount, BEGAN + timedelta(days=days))


def test_interest_paid_before_the_rate_falls_stands_as_interest() -> None:
    """Once it became principal of the last instalment, and more was owed than had been lent."""
    terms = Terms("EUR", Decimal("0.12"), 5, Every(2), method="interest_only", day_count="30/360")
    paid = Event(date(2024, 7, 28), "repay", 20)
    falls = Event(date(2024, 9, 12), "change_rate", annual=Decimal("0.0725"))
    adds_up(Agreement(terms), (Event(BEGAN, "pay_out", 226), paid, falls), falls.on)


def test_interest_that_finds_no_room_is_no_principal() -> None:
    """An early payment of principal leaves interest behind; the instalment that takes it up owes interest."""
    terms = Terms("EUR", Decimal("0.3599"), 6, day_count="actual/365", multiple=100)
    agreement = Agreement(terms, {"repay": Allocation(surplus="re_amortise")}, recalculated="by_day")
    paid = Event(date(2024, 5, 8), "repay", 4), Event(date(2024, 5, 18), "repay", 219_269)
    adds_up(agreement, (Event(BEGAN, "pay_out", 203_876), *paid), date(2024, 5, 18))
