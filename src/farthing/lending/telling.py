"""Decide what a fact about a loan comes to: what it owes after, what moved, and which entries follow. Pure.

One path for every kind of fact: fold the loan to the day, take the fact, look at the difference. What nobody told, interest
that fell due and what being late costs by now, is brought up to the day by the same difference, without a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending import entries, flows, life
from farthing.lending.flows import Flow
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import step
from farthing.lending.model import Loan, LoanEvent, Move


@dataclass(frozen=True, slots=True)
class Told:
    """What a loan is after a fact: ``entries`` to post, ``flows`` to tell whoever else holds it; ``event`` is none where the loan
    was only brought up to a day."""

    before: Life
    after: Life
    event: LoanEvent | None
    entries: tuple[JournalEntry, ...]
    flows: tuple[Flow, ...]

    @property
    def loan(self) -> Loan:
        """The loan after."""
        return self.after.loan


def begin(accepted: Life, wallet: str, event_id: str, at: datetime, on: date) -> Told:
    """The loan is paid out: its obligations are those of the plan that was signed."""
    fact = Event(on, "pay_out", accepted.loan.principal.minor, name=event_id)
    begun = replace(accepted, loan=replace(accepted.loan, state="active", disbursed_on=on))
    state = life.stands(begun, on)
    step(state, fact)
    loan = life.view(begun, state, on)
    event = LoanEvent(
        1, event_id, fact.do, on, loan.principal, life.about_of(fact), (), loan.outstanding, loan.state, at
    )
    entry = entries.disbursement(loan, wallet, on)
    return Told(accepted, replace(begun, loan=loan, events=(event,)), event, (entry,), flows.disbursed(loan, on))


def bring(before: Life, state: lives.Loan, on: date) -> Told:
    """The loan as it stands on the day to which it was folded: interest that fell due is recognised, the penalty is counted.

    Bringing it there twice, or over any days between, comes to the same.
    """
    loan = life.view(before, state, on)
    recognised = entries.recognitions(before.loan, loan, on)
    return Told(
        before, replace(before, loan=loan), None, tuple(entries.accruals(loan, recognised)),
        tuple(flows.recognised(loan, recognised)),
    )  # fmt: skip


def pay(
    before: Life, state: lives.Loan, do: str, amount: Money, wallet: str, event_id: str, at: datetime, on: date
) -> Told:  # fmt: skip
    """Money comes in from the borrower's wallet: ``repay`` an amount, or ``pay_off`` the whole loan, whatever that costs."""
    return tell(before, state, Event(on, do, amount.minor, name=event_id), wallet, at)


def tell(before: Life, state: lives.Loan, fact: Event, wallet: str, at: datetime) -> Told:
    """A fact of today, after all that was told before. ``state``: the loan folded to today, which takes the fact."""
    on = fact.on
    stood = life.view(before, state, on)
    step(state, fact)
    closed = life.closed_by(state)
    changed = replace(before, loan=replace(before.loan, state=closed, closed_on=on if closed == "closed" else None))
    brought = bring(changed, state, on)
    moved = life.moves(stood, brought.loan)
    lines = life.lines(before.currency, moved)
    event = LoanEvent(
        len(before.events) + 1, fact.name, fact.do, on, _amount(before, fact, moved), life.about_of(fact), moved,
        brought.loan.outstanding, closed, at,
    )  # fmt: skip
    made, shared = list(brought.entries), brought.flows
    if lines:
        made.append(entries.repayment(brought.loan, lines, wallet, fact.name, on))
        shared = (*shared, *flows.repaid(brought.loan, lines, fact.name, on))
    return Told(before, replace(brought.after, events=(*before.events, event)), event, tuple(made), shared)


def _amount(before: Life, fact: Event, moved: tuple[Move, ...]) -> Money:
    """What a fact is of: what it says, or what it came to where it says no amount."""
    return Money(fact.amount, before.currency) if fact.amount else life.paid_of(before.currency, moved)
