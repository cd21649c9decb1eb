"""Decide what an ordinary payment comes to by what has fallen due alone. Pure; what the fold of all events would say, and a law
holds the two together (``tests/lending/dues``).

Ordinary is: no event changed the plan, money pays by four components in their order, nothing is late beyond the days of grace,
and no more is paid than is due. Then what is due is earned, and paid, the oldest instalment first; nothing else moves, and being
late costs nothing yet. Anything else is for the fold.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from farthing.kit.money import Money
from farthing.lending import entries, flows, life
from farthing.lending.dues.model import Due
from farthing.lending.life import Life
from farthing.lending.lives.events import COMPONENTS
from farthing.lending.model import Conditions, Loan, LoanEvent, Move
from farthing.lending.owed import Obligation, StandingInstalment
from farthing.lending.telling import Told
from farthing.products.model import USUAL_REPAYING, Repaying

FOUR = sorted(COMPONENTS)


def ordinary(due: Due, on: date) -> bool:
    """Whether what is due of a loan alone says what paying of it comes to."""
    loan = due.loan
    return due.plain and loan.state == "active" and loan.owed_back is None and _is_usual(loan.conditions) and all(
        (on - each.due_on).days <= loan.conditions.grace_days and not each.penalty for each in loan.instalments
    )  # fmt: skip


def _is_usual(pinned: Conditions) -> bool:
    """Whether money pays one instalment after another, each by four components in their order, and no more than is due."""
    return sorted(pinned.allocation) == FOUR and _says_nothing(pinned.repaying)


@lru_cache(maxsize=256)
def _says_nothing(said: Repaying) -> bool:
    """Whether what a contract says of money has no say in a payment of what is due; whatever is not known here may have."""
    return replace(said, goodwill_credit=(), borrower_chooses=True, pay_off="to_day") == USUAL_REPAYING


def pays(due: Due, amount: Money, on: date) -> bool:
    """Whether a repayment is an ordinary one: some of what is due, or all of it."""
    there = due.amount
    return amount.currency == there.currency and 0 < amount.minor <= there.minor and ordinary(due, on)


def pay(due: Due, amount: Money, wallet: str, event_id: str, at: datetime, on: date) -> Told:
    """Pay what is due, or a part of it: of an ordinary loan (:func:`pays`)."""
    instalments, moved, left = _paid(due.loan, amount.minor)
    closes = not due.more and not left
    loan = replace(
        due.loan, instalments=instalments, state="closed" if closes else "active", closed_on=on if closes else None,
        undrawn=None if closes else due.loan.undrawn,
    )  # fmt: skip
    brought = _told(due, loan, on)
    lines = life.lines(amount.currency, moved)
    outstanding = due.outstanding - entries.sum_of(loan, (one.amount for one in lines if one.component == "principal"))
    event = LoanEvent(due.events + 1, event_id, "repay", on, amount, {}, moved, outstanding, loan.state, at)
    return Told(
        brought.before, brought.after, event, (*brought.entries, entries.repayment(loan, lines, wallet, event.id, on)),
        (*brought.flows, *flows.repaid(loan, lines, event.id, on)),
    )  # fmt: skip


def bring(due: Due, on: date) -> Told:
    """Nothing is paid: what fell due is earned."""
    return _told(due, replace(due.loan, instalments=_paid(due.loan, 0)[0]), on)


def _told(due: Due, loan: Loan, on: date) -> Told:
    recognised = entries.recognitions(due.loan, loan, on)
    before, after = (Life(each, (), (), due.as_of_on) for each in (due.loan, loan))
    return Told(
        before, after, None, tuple(entries.accruals(loan, recognised)), tuple(flows.recognised(loan, recognised))
    )


def _paid(loan: Loan, amount: int) -> tuple[tuple[StandingInstalment, ...], tuple[Move, ...], int]:
    """The instalments once what is due of them is earned and so many minor units are paid; what that moved, in the order in
    which it is paid; and how many are left to pay."""
    order, purse, left = loan.conditions.allocation, amount, 0
    found: list[StandingInstalment] = []
    moved: list[Move] = []
    for each in loan.instalments:
        met = {}
        for one in sorted(each.obligations, key=lambda one: order.index(one.component)):
            there = one.left.minor
            taken = min(purse, there)
            purse, left = purse - taken, left + there - taken
            met[one.component] = _met(one, taken)
            if taken:
                moved.append(Move(each.number, one.component, 0, taken, 0, 0))
        obligations = tuple(met[one.component] for one in each.obligations)
        found.append(StandingInstalment(each.number, each.due_on, each.currency, obligations))
    return tuple(found), tuple(moved), left


def _met(one: Obligation, taken: int) -> Obligation:
    """An obligation that has fallen due, of which so many minor units are paid: its interest is earned, but for what was
    forgiven."""
    earned_now = one.amount - one.waived if one.component == "interest" else one.recognised
    paid = Money(one.paid.minor + taken, one.paid.currency)
    return Obligation(one.component, one.amount, paid, one.waived, one.written_off, earned_now)
