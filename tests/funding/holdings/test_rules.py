"""Notes of lenders: however a loan is repaid, mixed and sold on, every fen that came in is somebody's, and nobody's twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding import entries
from farthing.funding.holdings import rules
from farthing.funding.holdings.model import Edition, Fee, Listed, Market, Pledged, Transfer
from farthing.funding.shares import in_force, of_lenders
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.ledger.export import render
from farthing.ledger.model import JournalEntry
from farthing.lending import entries as lending
from farthing.lending import flows, held
from farthing.lending.flows import Flow
from farthing.lending.held import parts
from farthing.lending.model import MARKETPLACE, Loan
from farthing.lending.offering.plan import Plan
from farthing.lending.owed import Component
from farthing.payments.wallets import wallet_path
from tests.funding.test_shares import Books as SharedBooks
from tests.lending.house import yuan
from tests.lending.months import monthly_dates
from tests.lending.test_rules import START, WALLET, amount_due, brought, lent, paid, plans

COMPONENTS: tuple[Component, ...] = rules.COMPONENTS
PARTIES = [f"party_{number:026d}" for number in range(400)]
fees = st.builds(
    Fee,
    st.integers(0, 400).map(lambda thousandths: Decimal(thousandths) / 1000),
    st.lists(st.sampled_from(["principal", "interest", "penalty", "fee", "recovered"]), unique=True).map(tuple),
)
weights = st.lists(st.integers(1, 10**8), min_size=1, max_size=300)


@given(weights, st.integers(0, 10**10))
def test_a_level_of_halves_at_once_says_what_half_by_half_says(of: list[int], whole: int) -> None:
    by_halves = held._by_halves(of, whole)
    assert held.parts(of, whole) == by_halves
    if (2 * whole + 1) * sum(of) < held.WORD:
        assert held._by_levels(of, whole) == by_halves


def test_sums_that_fit_no_word_are_split_all_the_same() -> None:
    of = [10**15 + number for number in range(held.MANY)]
    assert held.parts(of, sum(of)) == of and sum(held.parts(of, 10**15 + 1)) == 10**15 + 1


@given(weights, fees, st.lists(st.tuples(*[st.integers(0, 10**6)] * 4), max_size=8), st.booleans())
def test_however_small_what_comes_in_a_fee_is_that_of_all_of_it(
    of: list[int], fee: Fee, steps: list[tuple[int, ...]], recovered: bool
) -> None:
    """What each has had and paid in the end is what he would have had and paid at once; nothing that is given is below nought."""
    edition = Edition(START, 0, PARTIES[: len(of)], of)
    had: dict[Component, int] = dict.fromkeys(COMPONENTS, 0)
    net, charged = [0] * len(of), 0
    for step in steps:
        received = dict(zip(COMPONENTS, step, strict=True))
        got = rules.given(edition, fee, had, received, recovered=recovered)
        assert min(got.net) >= 0 <= got.fees and sum(got.net) + got.fees == sum(step)
        net, charged = [a + b for a, b in zip(net, got.net, strict=True)], charged + got.fees
        had = {name: had[name] + received[name] for name in COMPONENTS}
    nothing = dict.fromkeys(COMPONENTS, 0)
    assert rules.given(edition, fee, nothing, had, recovered=recovered) == rules.Given(net, charged)
    base = sum(had[name] for name in COMPONENTS if ("recovered" if recovered else name) in fee.of)
    assert base * fee.rate - len(of) < charged <= base * fee.rate


@given(weights, st.data())
def test_notes_that_change_hands_keep_their_sum_and_no_one_elses_note_moves(of: list[int], data: st.DataObject) -> None:
    edition, names = Edition(START, 0, PARTIES[: len(of)], of), PARTIES[: len(of) + 2]
    repaid = data.draw(st.integers(0, sum(of)))
    for day in range(1, 4):
        left = dict(zip(edition.parties, rules.left(edition, repaid), strict=True))
        has, sold = dict(left), []
        for seller in data.draw(st.lists(st.sampled_from(names), max_size=4)):
            if has.get(seller, 0):
                buyer = data.draw(st.sampled_from([each for each in names if each != seller]))
                part = data.draw(st.integers(1, has[seller]))
                sold.append(Transfer(seller, buyer, part))
                has[seller], has[buyer] = has[seller] - part, has.get(buyer, 0) + part
        if not any(left.values()):
            return
        later = rules.transferred(edition, repaid, sold, START + timedelta(days=day), 10 * day, "CNY")
        assert dict(zip(later.parties, later.weights, strict=True)) == {
            who: minor for who, minor in has.items() if minor
        }
        assert sum(later.weights) == sum(of) - repaid and min(later.weights) > 0
        of, edition = list(later.weights), later
        repaid = data.draw(st.integers(0, sum(of)))


@pytest.mark.parametrize("minors", [[], [("a", 0)], [("a", 1), ("a", 2)]])
def test_a_pledge_of_nobody_of_nothing_or_twice_is_a_broken_invariant(minors: list[tuple[str, int]]) -> None:
    with pytest.raises(InvariantBroken):
        rules.holder_of(Pledged("loan_x", "loan_x", "CNY", Fee(), minors))


def test_the_contract_names_the_lenders_together_by_who_they_are() -> None:
    one, other = (Pledged("loan_x", "loan_x", "CNY", Fee(), [("a", 1), (name, 2)]) for name in "bc")
    assert rules.holder_of(one).name == MARKETPLACE and rules.holder_of(one).share.minor == 3
    assert "2" in rules.holder_of(one).legal_name and rules.holder_of(one) != rules.holder_of(other)


class Books(SharedBooks):
    """The books of one loan that own book, partner and lenders hold, and what notes change hands."""

    def __init__(self, about: Loan, fee: Fee, minors: Sequence[int]) -> None:
        super().__init__(about)
        first = Edition(START, 0, PARTIES[: len(minors)], minors)
        self.market = Market(Listed("loan_x", "loan_x", "CNY", fee, len(minors)), [first])

    def shared_out(self, about: Loan, flow: Flow) -> Sequence[JournalEntry]:
        return entries.shared_out(about, self.notes, self.flows, flow, "CNY", self.market)

    def repaid(self) -> int:
        """What of the lenders' principal was repaid since their notes began."""
        notes, after = in_force(self.notes, date.max), self.market.editions[-1].after
        now, then = (of_lenders(notes, self.flows, "repaid", upto)["principal"] for upto in (len(self.flows), after))
        return now - then

    def sell(self, sold: Sequence[Transfer], on: date) -> None:
        begins = rules.transferred(self.market.editions[-1], self.repaid(), sold, on, len(self.flows), "CNY")
        self.market = replace(self.market, editions=[*self.market.editions, begins])

    def of(self, *names: str) -> int:
        """What stands on accounts that begin so, on the credit side."""
        return -sum(minor for path, minor in self.balances.items() if path.startswith(names))


@given(
    plans, fees, st.lists(st.integers(1, 99), min_size=1, max_size=12), st.tuples(st.integers(0, 50), st.integers(0, 50)),
    st.lists(st.integers(0, 60), max_size=20), st.data(),
)  # fmt: skip
def test_lives_of_every_mix_what_was_paid_is_what_holders_got_and_fees_and_what_waits(
    plan: Plan, fee: Fee, sizes: list[int], others: tuple[int, int], days: list[int], data: st.DataObject
) -> None:
    beside = [(name, size) for name, size in zip(("own", "partner:p"), others, strict=True) if size]
    state, on = lent(plan, "equal_instalment", *beside, (MARKETPLACE, sum(sizes))), START
    share = state.loan.holders[-1].share
    minors = [minor for minor in parts(sizes, share.minor) if minor]
    books, received = Books(state.loan, fee, minors), 0
    books.post([lending.disbursement(state.loan, WALLET, START)])
    books.tell(flows.disbursed(state.loan, START))
    escrow = rules.escrow_account("loan_x", "CNY", "CNY")
    books.balances[escrow] = -share.minor
    for number, gap in enumerate([*days, 4000]):
        on = on + timedelta(days=gap)
        if state.loan.state == "closed":
            continue
        due = amount_due(state, on)
        amount = due if number % 2 or gap == 4000 else replace(due, minor=due.minor // 2)
        told = paid(state, amount, on, f"r{number}") if amount.minor > 0 else brought(state, on)
        books.post(told.entries)
        books.tell(told.flows)
        state, received = told.after, received + amount.minor
        if data.draw(st.booleans()):
            books.share(state.loan)
            if on > books.market.editions[-1].from_on and data.draw(st.booleans()):
                left = dict(
                    zip(
                        books.market.editions[-1].parties,
                        rules.left(books.market.editions[-1], books.repaid()),
                        strict=True,
                    )
                )
                if sellers := [party for party, minor in left.items() if minor]:
                    seller = data.draw(st.sampled_from(sellers))
                    buyer = data.draw(st.sampled_from([each for each in PARTIES[:14] if each != seller]))
                    books.sell([Transfer(seller, buyer, data.draw(st.integers(1, left[seller])))], on)
        got = books.of("liabilities:wallets:0") + books.of("income:fees:marketplace")
        waits = -books.balances.get("liabilities:collections:x", 0)
        assert books.balances[escrow] == -books.balances["assets:placed:x"], "no money of the bank's is asked for"
        if not any(flow.waits and flow.kind == "disbursed" for flow in books.flows):
            assert books.balances[escrow] == 0
            own = sum(note.principal.minor for note in books.notes if note.holder == "own")
            partner = sum(note.principal.minor for note in books.notes if note.holder == "partner:p")
            gone = (
                own + partner + books.of("assets:loans", "assets:settlement") + books.of("assets:interest-receivable")
            )
            income = books.of("income:") - books.of("income:fees:marketplace")
            assert received == got + gone + income + waits
            assert sum(rules.left(books.market.editions[-1], books.repaid())) == share.minor - of_lenders(
                books.notes, books.flows, "repaid", len(books.flows)
            )["principal"]  # fmt: skip
    books.share(state.loan)
    assert state.loan.state == "closed" and books.balances["liabilities:collections:x"] == 0
    assert set(rules.left(books.market.editions[-1], books.repaid())) == {0}
    if not others[0]:
        assert books.of("income:") == books.of("income:fees:marketplace")  # the platform earns fees, and no interest


def test_a_distribution_to_lenders_as_an_entry() -> None:
    plan = Plan(
        yuan("1000"), Decimal("0.12"), "actual/365", START, monthly_dates(START, 2), yuan("0")
    )  # fmt: skip
    state = lent(plan, "equal_instalment", ("own", 70), (MARKETPLACE, 30))
    on = state.loan.instalments[0].due_on
    told = paid(state, amount_due(state, on), on)
    books = Books(state.loan, Fee(Decimal("0.1"), ("interest",)), [20_000, 10_000])
    books.market = replace(books.market, closed=frozenset([wallet_path(PARTIES[1], "CNY", "CNY")]))
    books.tell([*flows.disbursed(state.loan, START), *told.flows])
    made = [
        entry
        for flow in books.flows
        if flow.kind != "recognised"
        for entry in entries.shared_out(state.loan, books.notes, books.flows, flow, "CNY", books.market)
    ]
    assert [[line.split() for line in render(entry).splitlines()] for entry in made] == [
        [
            ["2026-01-31", "funding", "|", "loan:x:funding"],
            ["assets:disbursed:x", "-700.00", "CNY"],
            ["assets:loans:x", "700.00", "CNY"],
            ["assets:placed:x", "-300.00", "CNY"],
            ["liabilities:escrow:x", "300.00", "CNY"],
        ],
        [
            ["2026-02-28", "distribution", "|", "loan:x:distribution:r1"],
            ["liabilities:collections:x", "507.16", "CNY"],
            ["assets:interest-receivable:x", "-6.45", "CNY"],
            ["assets:loans:x", "-348.57", "CNY"],
            ["liabilities:wallets:" + PARTIES[0][6:], "-101.25", "CNY"],
            ["liabilities:escrow:lender:" + PARTIES[1][6:], "-50.62", "CNY"],
            ["income:fees:marketplace", "-0.27", "CNY"],
        ],
    ]


def test_nobody_holds_before_the_first_note_and_a_part_of_nothing_is_no_part() -> None:
    edition = Edition(START, 3, PARTIES[:1], [5])
    for on, number in ((START - timedelta(days=1), 9), (START, 3)):
        with pytest.raises(InvariantBroken):
            rules.in_force([edition], on, number)
    with pytest.raises(InvariantBroken):
        rules.transferred(edition, 0, [Transfer(PARTIES[0], PARTIES[1], 0)], START, 4, "CNY")
    with pytest.raises(Refusal):
        rules.transferred(edition, 5, [Transfer(PARTIES[0], PARTIES[1], 1)], START, 4, "CNY")
