"""Decide what a fact about a loan comes to: what it owes after, what moved, and which entries follow. Pure.

One path for every kind of fact: fold the loan to the day, take the fact, look at the difference. What nobody told, interest
that fell due and what being late costs by now, is brought up to the day by the same difference, without a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, total
from farthing.ledger.model import JournalEntry
from farthing.lending import entries, flows, life
from farthing.lending.acts import entries as acts
from farthing.lending.acts.entries import Places
from farthing.lending.draws.model import UNDRAWN, last_day
from farthing.lending.flows import Flow
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import step
from farthing.lending.model import Loan, LoanEvent, Move
from farthing.lending.top_ups.model import PAYS_OFF
from farthing.products.floating import next_reset

PAID_BY = "paid_by"
"""Where a repayment keeps who paid it, if not the borrower: the pledge that was called, or another person."""


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


def begin(
    accepted: Life, wallet: str, event_id: str, at: datetime, on: date, pays_off: Money | None = None
) -> Told:  # fmt: skip
    """The loan is paid out: its obligations are those of the plan that was signed. ``pays_off``: what of it paid off the loan
    that it replaces."""
    fact = Event(on, "pay_out", accepted.loan.principal.minor, name=event_id)
    follows = accepted.loan.conditions.floating
    resets_on = next_reset(follows.resets, on, on) if follows else None
    until = last_day(accepted.loan, on)
    begun = replace(
        accepted, loan=replace(accepted.loan, state="active", disbursed_on=on, resets_on=resets_on, undrawn_until=until)
    )
    state = life.stands(begun, on)
    step(state, fact)
    loan = life.view(begun, state, on)
    kept: dict[str, Any] = {} if pays_off is None else {PAYS_OFF: {"loan": loan.replaces, "minor": pays_off.minor}}
    if until is not None:
        kept[UNDRAWN] = {"minor": loan.to_draw.minor, "until": until.isoformat()}
    event = LoanEvent(
        1, event_id, fact.do, on, loan.principal, {**life.about_of(fact), **kept}, (), loan.outstanding, loan.state, at
    )
    entry = entries.disbursement(loan, wallet, on, pays_off)
    return Told(accepted, replace(begun, loan=loan, events=(event,)), event, (entry,), flows.disbursed(loan, on))


def keeping(told: Told, **about: Any) -> Told:
    """What a fact came to, with something that the bank keeps beside it."""
    assert told.event is not None
    event = replace(told.event, about={**told.event.about, **about})
    return replace(told, event=event, after=replace(told.after, events=(*told.after.events[:-1], event)))


def bring(before: Life, state: lives.Loan, on: date) -> Told:
    """The loan as it stands on the day to which it was folded: interest that fell due is recognised, the penalty is counted.

    Bringing it there twice, or over any days between, comes to the same.
    """
    loan = life.view(before, state, on)
    recognised = entries.recognitions(before.loan, loan, on, mark_of(before))
    return Told(
        before, replace(before, loan=loan), None, tuple(entries.accruals(loan, recognised)),
        tuple(flows.recognised(loan, recognised)),
    )  # fmt: skip


def mark_of(told: Life) -> str:
    """What interest that is recognised is called by beside its instalment, once an event may have moved it: the last event."""
    plain = all((event.number == 1 or event.kind in life.PAYING) and event.told_on == event.on for event in told.events)
    return "" if plain else f":{len(told.events)}"


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


def amend(before: Life, fact: Event, about: dict[str, Any], places: Places, at: datetime, on: date) -> Told:
    """Any fact, told today: of today, or of an earlier day; then what followed it is re-played, and what that changes in the
    books is posted today, each difference with the day it is effective on. ``about``: what the bank keeps beside the fact."""
    stood = life.stands(before, on)
    brought = bring(before, stood, on)
    late = {} if fact.on == on else {"told_on": on.isoformat()}
    draft = LoanEvent(
        len(before.events) + 1, fact.name, fact.do, fact.on, Money(fact.amount, before.currency),
        {**life.about_of(fact), **about, **late}, (), brought.loan.outstanding, brought.loan.state, at,
    )  # fmt: skip
    with_it = replace(brought.after, events=(*before.events, draft))
    state = life.stands(with_it, on)
    now = life.closed_by(state)
    closed_on = (brought.loan.closed_on or on) if now == "closed" else None
    after = replace(with_it, loan=replace(brought.loan, state=now, closed_on=closed_on))
    loan = life.view(after, state, on)
    _asks_for_what_was_lent(loan, with_it)
    moved = life.moves(brought.loan, loan)
    event = replace(draft, amount=_came_to(draft, state), moves=moved, outstanding=loan.outstanding, loan_state=now)
    after = replace(after, loan=loan, events=(*before.events, event))
    changed = acts.differences(
        acts.bookings(loan, before.events, stood, on, places), acts.bookings(loan, after.events, state, on, places)
    )
    shared = _flows(before, brought.loan, stood, state, loan, on) if loan.shared else ()
    return Told(
        before, after, event, (*brought.entries, *acts.entries_of(loan, event, changed)), (*brought.flows, *shared)
    )


def _asks_for_what_was_lent(loan: Loan, told: Life) -> None:
    """A broken invariant where an act would have a borrower asked for another principal than was paid out to him."""
    lent = total([each.amount for each in told.events if each.kind == "pay_out"], told.currency)
    if loan.asked != lent:
        raise InvariantBroken(f"{loan.id} would ask for {loan.asked} of principal, and {lent} was paid out")


def _flows(
    before: Life, was: Loan, stood: lives.Loan, state: lives.Loan, now: Loan, on: date
) -> tuple[Flow, ...]:  # fmt: skip
    """What a fact of today tells whoever else holds the loan."""
    earned = entries.recognitions(was, now, on, f":act{len(before.events) + 1}")
    return (*flows.recognised(now, earned), *flows.of_splits(now, state.splits[len(stood.splits) :]))


def _came_to(event: LoanEvent, state: lives.Loan) -> Money:
    """What a fact is of: what it says, or what it gave up."""
    given_up = next((each.total for each in state.splits if each.event.name == event.id), 0)
    return Money(given_up, event.amount.currency) if event.kind in acts.GIVES_UP else event.amount


def _amount(before: Life, fact: Event, moved: tuple[Move, ...]) -> Money:
    """What a fact is of: what it says, or what it came to where it says no amount."""
    return Money(fact.amount, before.currency) if fact.amount else life.paid_of(before.currency, moved)
