"""Notes: however a loan is repaid and shared out, every fen that was received is given, to its own, and none is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding import audit_rules, entries
from farthing.funding.shares import COMPONENTS, Note, in_force, issued, shares
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger.export import render
from farthing.ledger.model import JournalEntry
from farthing.lending import entries as lending
from farthing.lending import flows
from farthing.lending.flows import Flow
from farthing.lending.held import parts, split
from farthing.lending.model import OWN_BOOK, Loan
from farthing.lending.offering.plan import Plan
from farthing.lending.prudence.shared import own_part
from tests.lending.months import monthly_dates
from tests.lending.test_rules import START, WALLET, amount_due, brought, lent, paid, plans

weights = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)
HOME = "CNY"
amounts = st.lists(st.integers(0, 10**7), max_size=20)


@given(weights, amounts)
def test_parts_sum_and_never_fall_and_end_at_the_notes(held: list[int], steps: list[int]) -> None:
    """However a sum comes, what each has had in the end is what it would have had at once, and no step takes any back."""
    had, before = [0] * len(held), 0
    for amount in steps:
        given_now = split(held, before, amount)
        assert sum(given_now) == amount and min(given_now) >= 0
        had, before = [a + b for a, b in zip(had, given_now, strict=True)], before + amount
    assert had == parts(held, before)
    assert parts(held, sum(held)) == held
    levels = len(held).bit_length()
    exact = [before * weight / sum(held) for weight in held]
    assert all(abs(a - b) <= levels / 2 + 1e-6 * b for a, b in zip(had, exact, strict=True))


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_two_holders_have_what_the_largest_remainder_gave_them(own: int, partner: int, whole: int) -> None:
    """A loan of the own book and one partner, which is what there was before, goes on to the fen."""
    assert parts([own, partner], whole) == [each.minor for each in Money(whole, "CNY").allocate([own, partner])]


def test_the_largest_remainder_would_take_back_what_a_third_holder_had() -> None:
    held = [6, 6, 2]
    assert [each.minor for each in Money(10, "CNY").allocate(held)][2] == 2
    assert [each.minor for each in Money(11, "CNY").allocate(held)][2] == 1
    assert parts(held, 11)[2] >= parts(held, 10)[2]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.data())
def test_what_prudence_calls_ours_is_what_sharing_out_left_to_us(held: list[int], data: st.DataObject) -> None:
    """One rule: the own part of a loan is the own note less what it was given, with three holders and more too."""
    ours, repaid = data.draw(st.integers(0, len(held) - 1)), data.draw(st.integers(0, sum(held)))
    names = [OWN_BOOK if place == ours else f"partner:{place}" for place in range(len(held))]
    holders = [{"name": name, "share": {"minor": minor}} for name, minor in zip(names, held, strict=True)]
    whole, left = Money(sum(held), "CNY"), Money(sum(held) - repaid, "CNY")
    assert own_part(holders, whole, left).minor == held[ours] - parts(held, repaid)[ours]


def test_ours_of_three_holders_by_the_largest_remainder_would_be_another() -> None:
    holders = [{"name": name, "share": {"minor": minor}} for name, minor in (("a", 6), ("b", 6), (OWN_BOOK, 2))]
    assert own_part(holders, Money(14, "CNY"), Money(4, "CNY")).minor == 2 - parts([6, 6, 2], 10)[2] == 1


@pytest.mark.parametrize(("held", "whole"), [([], 1), ([0, 1], 1), ([-1, 2], 1), ([1], -1)])
def test_what_cannot_be_split_is_a_broken_invariant(held: list[int], whole: int) -> None:
    with pytest.raises(InvariantBroken):
        parts(held, whole)


def test_notes_of_the_latest_day_are_in_force_together_and_count_from_it() -> None:
    """A note that changed hands: what was repaid before went to who held then, and the rest sums to the fen."""
    first = [Note("loan_x", name, START, Money(minor, "CNY")) for name, minor in (("own", 700), ("partner:a", 301))]
    later = START + timedelta(days=40)
    left = [700 - parts([700, 301], 333)[0], 301 - parts([700, 301], 333)[1]]
    sold = [
        Note("loan_x", "own", later, Money(left[0], "CNY")),
        Note("loan_x", "partner:b", later, Money(left[1], "CNY")),
    ]
    notes = [*first, *sold]
    nothing = Money(0, "CNY")

    def repaid(number: int, on: date, minor: int) -> Flow:
        return Flow("loan_x", "repaid", f"r{number}", on, Money(minor, "CNY"), nothing, nothing, nothing, number)

    told = [repaid(1, START, 333), repaid(2, later, 500), repaid(3, later + timedelta(days=1), 168)]
    had: dict[str, int] = {}
    for flow in told:
        held = in_force(notes, flow.on)
        for note, part in zip(held, shares(held, told, flow)["principal"], strict=True):
            had[note.holder] = had.get(note.holder, 0) + part
    assert had["partner:a"] == parts([700, 301], 333)[1] and had["partner:b"] == left[1] and had["own"] == 700
    with pytest.raises(InvariantBroken):
        in_force(notes, START - timedelta(days=1))


class Books:
    """What entries come to, and the flows of one loan as lending keeps them."""

    def __init__(self, about: Loan) -> None:
        self.balances: dict[str, int] = {}
        self.flows: list[Flow] = []
        self.notes = issued(about, START)

    def post(self, made: Sequence[JournalEntry]) -> None:
        for posting in (posting for entry in made for posting in entry.postings):
            self.balances[posting.account] = self.balances.get(posting.account, 0) + posting.amount.minor
            assert self.balances.get("liabilities:collections:x", 0) <= 0 <= self.balances.get("assets:disbursed:x", 0)

    def tell(self, told: Sequence[Flow]) -> None:
        for flow in told:
            self.flows.append(replace(flow, number=len(self.flows) + 1))

    def shared_out(self, about: Loan, flow: Flow) -> Sequence[JournalEntry]:
        return entries.shared_out(about, self.notes, self.flows, flow, HOME)

    def share(self, about: Loan) -> None:
        """What the job does; what was shared out before is shared out no second time."""
        for at, flow in enumerate(self.flows):
            if flow.waits:
                self.post(self.shared_out(about, flow))
                self.flows[at] = replace(flow, waits=False)


@given(
    plans, st.lists(st.integers(1, 99), min_size=1, max_size=5), st.lists(st.integers(0, 60), max_size=30), st.data()
)
def test_however_it_is_repaid_and_shared_out_every_holder_gets_its_own_to_the_cent(
    plan: Plan, sizes: list[int], days: list[int], data: st.DataObject
) -> None:
    """Any path of repayments, shared out at any times: entries balance, nothing is left, each has its principal back."""
    held = [("own", 50), *((f"partner:p{n}", weight) for n, weight in enumerate(sizes))]
    state, on = lent(plan, "equal_instalment", *held), START
    books, received = Books(state.loan), 0
    books.post([lending.disbursement(state.loan, WALLET, START)])
    books.tell(flows.disbursed(state.loan, START))
    for number, gap in enumerate([*days, 4000]):
        on = on + timedelta(days=gap)
        if state.loan.state == "closed":
            continue
        due = amount_due(state, on)
        amount = due if number % 2 or gap == 4000 else Money(due.minor // 2, "CNY")
        told = paid(state, amount, on, f"r{number}") if amount.minor > 0 else brought(state, on)
        books.post(told.entries)
        books.tell(told.flows)
        state, received = told.after, received + amount.minor
        if data.draw(st.booleans()):
            books.share(state.loan)
            books.share(state.loan)
        waits = flows.awaited(state.loan, books.flows)
        accounts = ("assets:disbursed:x", "liabilities:collections:x")
        assert [abs(books.balances.get(each, 0)) for each in accounts] == [each.minor for each in waits]
    books.share(state.loan)
    assert all(due.settled for due in state.loan.instalments)
    assert {account: left for account, left in books.balances.items() if account.startswith("assets:") and left and (
        "settlement" not in account)} == {}  # fmt: skip
    assert books.balances["liabilities:collections:x"] == 0
    assert books.balances[WALLET] == received - plan.principal.minor
    for at, note in enumerate(books.notes[1:], start=1):
        had = sum(
            part
            for flow in books.flows
            if flow.kind == "repaid"
            for name in COMPONENTS
            for part in [shares(books.notes, books.flows, flow)[name][at]]
        )
        assert books.balances.get(entries.account_of(note.holder), 0) == note.principal.minor - had
    assert all(amount.minor == 0 for amount in audit_rules.claims(state.loan, books.notes, books.flows).values())
    assert audit_rules.compare(state.loan, books.notes, books.flows, {}) == []


def test_a_distribution_as_an_entry() -> None:
    plan = Plan(
        Money.parse("1000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), Money(0, "CNY")
    )
    state = lent(plan, "equal_instalment", ("own", 70), ("partner:harvest", 30))
    on = state.loan.instalments[0].due_on
    told = paid(state, amount_due(state, on), on)
    books = Books(state.loan)
    books.tell([*flows.disbursed(state.loan, START), *told.flows])
    made = [
        entry for flow in books.flows for entry in entries.shared_out(state.loan, books.notes, books.flows, flow, HOME)
    ]
    assert [[line.split() for line in render(entry).splitlines()] for entry in made] == [
        [
            ["2026-01-31", "funding", "|", "loan:x:funding"],
            ["assets:disbursed:x", "-1,000.00", "CNY"],
            ["assets:loans:x", "700.00", "CNY"],
            ["assets:settlement:partner:harvest", "300.00", "CNY"],
        ],
        [
            ["2026-02-28", "accrual", "|", "loan:x:accrual:1"],
            ["assets:interest-receivable:x", "6.45", "CNY"],
            ["income:interest:loans", "-6.45", "CNY"],
        ],
        [
            ["2026-02-28", "distribution", "|", "loan:x:distribution:r1"],
            ["liabilities:collections:x", "507.16", "CNY"],
            ["assets:interest-receivable:x", "-6.45", "CNY"],
            ["assets:settlement:partner:harvest", "-152.14", "CNY"],
            ["assets:loans:x", "-348.57", "CNY"],
        ],
    ]


def test_ten_thousand_holders_are_shared_out_in_entries_that_the_ledger_takes() -> None:
    plan = Plan(
        Money.parse("500000", "CNY"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), Money(0, "CNY")
    )
    state = lent(plan, "equal_instalment", ("own", 9), *((f"partner:p{n}", 1 + n % 7) for n in range(9_999)))
    told = paid(state, state.loan.instalments[0].left, START)
    books = Books(state.loan)
    books.tell([flow for flow in told.flows if flow.kind == "repaid"])
    made = entries.shared_out(state.loan, books.notes, books.flows, books.flows[0], HOME)
    assert len({entry.reference for entry in made}) == len(made) == 11
    given_out = sum(-p.amount.minor for entry in made for p in entry.postings if "collections" not in p.account)
    assert given_out == state.loan.instalments[0].left.minor
