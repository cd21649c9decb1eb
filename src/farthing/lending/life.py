"""Own a loan's life in the bank: its plan as it was signed and its events, folded by :mod:`farthing.lending.lives`. Pure.

The fold over the events is the only truth. What a loan owes on a day, what an event came to, and which entries follow are
read from it; rows of the database are what the fold said after the last event, or the last close, and are audited against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from farthing.kernel.operation import decode
from farthing.kit.canonical import plain
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, total
from farthing.lending.lives import events as lives_events
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import WHENS, Agreed, Agreement, Allocation, Bucket, Event, LateCharge
from farthing.lending.lives.fold import fold, pay_off_amount
from farthing.lending.lives.instalments import Instalment as Folded
from farthing.lending.lives.penalties import early_fee, not_begun, not_run
from farthing.lending.model import Conditions, Instalment, Line, Loan, LoanEvent, Move, Repayment, Settlement, State
from farthing.lending.owed import Component, Obligation, StandingInstalment
from farthing.lending.pinned import lived_by
from farthing.lending.plans.terms import Every

COMPONENTS: tuple[Component, ...] = get_args(Component)
PAYING = ("repay", "pay_off")
"""Kinds of events that a repayment is."""
GIVES_BACK = "give_back"
"""The kind of event by which a borrower gives up what is agreed and not paid out: the fold knows of no such thing."""


@dataclass(frozen=True, slots=True)
class Life:
    """A loan with the plan that it began with and all its events, in the order of telling. ``as_of_on``: the day of which its
    obligations in the database tell, once it is paid out."""

    loan: Loan
    plan: tuple[Agreed, ...]
    events: tuple[LoanEvent, ...]
    as_of_on: date | None = None

    @property
    def currency(self) -> str:
        """The loan's currency."""
        return self.loan.principal.currency


def agreed(schedule: Sequence[Instalment]) -> tuple[Agreed, ...]:
    """The rows of a plan, of a schedule that was offered or signed."""
    return tuple(Agreed(each.due_on, each.principal.minor, each.interest.minor, each.fee.minor) for each in schedule)


def agreement(life: Life) -> Agreement:
    """Under which terms a loan's events are read: those that it pinned, and the plan as it was signed."""
    first = Money(sum(row.principal for row in life.plan), life.currency)
    return agreed_under(life.loan.conditions, first, life.plan)


def agreed_under(pinned: Conditions, lent: Money, plan: tuple[Agreed, ...]) -> Agreement:
    """What pinned conditions and a plan come to. ``lent``: what the plan repays, which is paid out first.

    Interest is as it was signed, whenever money comes: being late costs the penalty instead, which is above the contract rate
    (Yinfa 2003 no. 251), and paying the loan off costs the interest of the days that have passed.
    """
    terms = lived_by(pinned, lent, plan)
    said = pinned.repaying
    allocations = {"repay": Allocation(buckets(pinned.allocation), said.surplus or "next")}  # type: ignore[arg-type]
    if said.goodwill_credit:
        allocations["goodwill_credit"] = replace(allocations["repay"], order=buckets(said.goodwill_credit))
    ahead, chosen = ("instalments", "principal") if said.surplus == "next" else ("principal", None)
    return Agreement(
        terms, allocations, agreed=plan, direction=said.direction, recalculated=said.recalculated,  # type: ignore[arg-type]
        pay_off=said.pay_off, late=_late(pinned), early=said.pay_off, ahead=ahead, ahead_chosen=chosen,  # type: ignore[arg-type]
        early_fee=Decimal(pinned.early_repayment),
    )  # fmt: skip


BUCKETS: dict[str, Bucket] = {f"{when}_{component}": (when, component) for when in WHENS for component in COMPONENTS}


def buckets(order: Sequence[str]) -> tuple[Bucket, ...]:
    """In which order money pays: four components, whatever is past due, then due, then in advance; or all buckets as named."""
    if all(name in BUCKETS for name in order):
        return tuple(BUCKETS[name] for name in order)
    return tuple((when, component) for when in WHENS for component in order)  # type: ignore[misc]


def components(order: Sequence[str]) -> list[str]:
    """The components in the order in which they are paid first."""
    return list(dict.fromkeys(component for _, component in buckets(order)))


def _late(pinned: Conditions) -> LateCharge:
    tolerance = pinned.tolerance.minor if pinned.tolerance else 0
    return LateCharge(
        Decimal(pinned.penalty_annual), pinned.grace_days, principal_alone=pinned.penalty_on == "principal", tolerance=tolerance,
        fixed=pinned.late_fee.minor if pinned.late_fee else 0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What an event says beside its day, kind and amount, each field for some kinds; as :class:`Event` has it."""

    of: str = ""
    component: lives_events.Component = "fee"
    due_on: date | None = None
    until: date | None = None
    annual: Decimal | None = None
    penalty: Decimal | None = None
    count: int = 0
    every: Every | None = None
    surplus: lives_events.Surplus = "next"
    each: bool = False
    share: Decimal | None = None
    base: lives_events.Base = "amount"
    shifts: tuple[tuple[date, date], ...] = ()


USUAL = About()
"""What most events say: nothing beside their day, kind and amount."""
_SAID = frozenset(field.name for field in fields(About))
"""What of an event's ``about`` the fold reads; the rest is the bank's: the words, the day of telling, what was set aside."""


def as_fact(event: LoanEvent) -> Event:
    """An event as the fold reads it."""
    about = decode(About, {name: event.about[name] for name in event.about if name in _SAID}) if event.about else USUAL
    said = {field.name: getattr(about, field.name) for field in fields(About)}
    return Event(event.on, event.kind, event.amount.minor, name=event.id, **said)


def facts(events: Iterable[LoanEvent]) -> list[Event]:
    """Events as the fold reads them, but for those that move nothing which it knows of."""
    return [as_fact(each) for each in events if each.kind != GIVES_BACK]


def about_of(event: Event) -> dict[str, Any]:
    """What an event says beside its day, kind and amount: all that is not as usual."""
    said = {field.name: getattr(event, field.name) for field in fields(About)}
    return {name: plain(value) for name, value in said.items() if value != getattr(USUAL, name)}


def stands(life: Life, on: date) -> lives.Loan:
    """The fold: what a loan's events come to at a day."""
    return fold(agreement(life), facts(life.events), on)


def bring_to(life: Life, state: lives.Loan, done: int, count: int, on: date) -> lives.Loan:
    """A loan that was folded over its first ``done`` events, over ``count`` of them to a day; what was told late re-plays all. So
    does every fact of a loan whose interest is recalculated: what is late was counted up to the day of each look at it."""
    new = facts(life.events[done:count])
    late = state.as_of is not None and any(each.on < state.as_of for each in new)
    if not done or late or not agreement(life).as_planned or any(each.do == "reverse" for each in new):
        return fold(agreement(life), facts(life.events[:count]), on)
    return fold(agreement(life), new, on, state)


def view(life: Life, state: lives.Loan, on: date) -> Loan:
    """The loan as the fold says that it stands on a day; of one that is over or was given up no more is paid out."""
    return replace(
        life.loan, instalments=standing(life.currency, state.instalments, on), given_up_on=state.given_up_on,
        owed_back=Money(state.over, life.currency) if state.over else None,
        undrawn=None if state.closed or state.given_up_on is not None else life.loan.undrawn,
    )  # fmt: skip


def today(life: Life, on: date) -> Loan:
    """The loan on a day, folded to it."""
    return view(life, stands(life, on), on)


def planned(currency: str, plan: Sequence[Agreed]) -> tuple[StandingInstalment, ...]:
    """The instalments of a plan of which nothing has happened yet."""
    found = [Folded(row.due_on, row.due_on, number=number) for number, row in enumerate(plan, start=1)]
    for row, each in zip(plan, found, strict=True):
        each.owed |= {"principal": row.principal, "interest": row.interest, "fee": row.fee}
    return standing(currency, found, date.min)


def standing(currency: str, instalments: Iterable[Folded], on: date) -> tuple[StandingInstalment, ...]:
    """Instalments of a fold as the bank shows and keeps them."""
    return tuple(
        StandingInstalment(each.number, each.due_on, currency, tuple(_obligations(currency, each, on)))
        for each in sorted(instalments, key=lambda each: (each.due_on, each.number))
    )


def _obligations(currency: str, each: Folded, on: date) -> Iterable[Obligation]:
    for component in COMPONENTS:
        owed, paid, gone = each.owed[component], each.paid[component], each.written_off[component]
        waived = max(0, min(each.waived[component], owed - paid - gone))
        earned = each.earned_by(on) if component == "interest" else 0
        if owed or paid or gone or earned:
            yield Obligation(component, *(Money(minor, currency) for minor in (owed, paid, waived, gone, earned)))


def moves(before: Loan, after: Loan) -> tuple[Move, ...]:
    """What changed of each obligation, instalment by instalment, in the order in which money pays its components."""
    was, order, found = by_key(before.instalments), components(after.conditions.allocation), []
    for each in after.instalments:
        for one in sorted(each.obligations, key=lambda one: order.index(one.component)):
            due_on, then = was.pop((each.number, one.component), (each.due_on, None))
            now, had = _figures(one), _figures(then)
            if now != had or due_on != each.due_on:
                found.append(_move(each.number, one.component, now, had, None if due_on == each.due_on else due_on))
    gone = [(key, _figures(one)) for key, (_, one) in was.items()]
    return (*found, *(_move(*key, (0, 0, 0, 0), had) for key, had in gone if any(had)))


_Figures = tuple[int, int, int, int]


def _move(number: int, component: Component, now: _Figures, had: _Figures, was_due_on: date | None = None) -> Move:
    owed, paid, waived, written_off = (a - b for a, b in zip(now, had, strict=True))
    return Move(number, component, owed, paid, waived, written_off, was_due_on)


def by_key(instalments: Iterable[StandingInstalment]) -> dict[tuple[int, Component], tuple[date, Obligation]]:
    """Obligations with their due days, by instalment and component."""
    return {(each.number, one.component): (each.due_on, one) for each in instalments for one in each.obligations}


def _figures(one: Obligation | None) -> _Figures:
    """What a :class:`Move` counts of an obligation; nothing of one that there is not."""
    if one is None:
        return 0, 0, 0, 0
    return one.amount.minor, one.paid.minor, one.waived.minor, one.written_off.minor


def repayment(loan_id: str, event: LoanEvent) -> Repayment:
    """The repayment that an event is."""
    paid = lines(event.amount.currency, event.moves)
    return Repayment(event.id, loan_id, event.amount, event.on, paid, event.outstanding, event.loan_state)


def lines(currency: str, moved: Iterable[Move]) -> tuple[Line, ...]:
    """What was paid, of what, in the order in which it was applied."""
    return tuple(Line(each.number, each.component, Money(each.paid, currency)) for each in moved if each.paid)


def due_of(currency: str, state: lives.Loan, on: date) -> Money:
    """What is due on the day to which a loan was folded: the most a repayment may be without settling."""
    return Money(sum(each.outstanding for each in state.instalments if each.due_on <= on), currency)


def settlement_of(life: Life, state: lives.Loan, on: date) -> Settlement:
    """What pays a loan off on the day to which it was folded: interest that is not due yet is owed only for the days that have
    passed."""
    owed, price = state.open_by_component(), pay_off_amount(state, on)
    gone, lapsed = (sum(amount for _, amount in each(state, on)) for each in (not_run, not_begun))
    fee = owed["fee"] + early_fee(state, on) - lapsed
    interest = owed["interest"] - gone
    if state.lively:
        interest = price - owed["principal"] - fee - owed["penalty"]
    parts = (Money(minor, life.currency) for minor in (owed["principal"], interest, fee, owed["penalty"]))
    found = Settlement(life.loan.id, on, *parts)
    if found.amount.minor != price or interest < 0:
        raise InvariantBroken(f"{life.loan.id} is settled by {found.amount}, and its fold says {price}")
    return found


def days_past_due(loan: Loan, on: date) -> int:
    """Days since the oldest unpaid instalment fell due; zero if none is late."""
    late = [(on - each.due_on).days for each in loan.instalments if each.due_on < on and each.left]
    return max(late, default=0)


def closed_by(state: lives.Loan) -> State:
    """What a loan that was paid out is, by its fold."""
    return "closed" if state.closed else "active"


def paid_of(currency: str, moved: Iterable[Move]) -> Money:
    """All that was paid."""
    return total([Money(each.paid, currency) for each in moved], currency)
