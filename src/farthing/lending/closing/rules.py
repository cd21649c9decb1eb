"""Decide an ordinary day of a loan by what falls due alone. Pure; what the fold of all its events would say, and a law holds the
two together.

Ordinary is: nothing was late, no event changed the plan, and the wallet holds all that falls due today or nothing. Then what
falls due is earned, and paid in full or not at all; nothing else moves. Any other day is for the fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from farthing.kit.money import Money
from farthing.lending import entries, flows, life, telling
from farthing.lending.closing.model import Due
from farthing.lending.life import Life
from farthing.lending.model import Loan, LoanEvent, Obligation, StandingInstalment
from farthing.lending.telling import Told

PLAIN = ("pay_out", "repay")
"""Kinds of events after which a loan's obligations are its plan's, as far as they are not paid."""


def ordinary(dues: Iterable[Due], wallets: Mapping[str, str], there: Mapping[str, Money], on: date) -> set[str]:
    """The loans, in the order in which they are collected, whose day can be told by what falls due alone.

    ``wallets``: the borrower's wallet by loan; ``there``: what each wallet can give. What the fold takes of one is not known
    yet, so that a loan after it whose wallet is the same goes by the fold as well.
    """
    found, left, unknown = set(), dict(there), set[str]()
    for due in dues:
        wallet = wallets[due.loan.id]
        if wallet in unknown or not _is_ordinary(due, left[wallet], on):
            unknown.add(wallet)
            continue
        found.add(due.loan.id)
        left[wallet] -= due.amount if left[wallet].minor > 0 else due.amount * 0
    return found


def _is_ordinary(due: Due, there: Money, on: date) -> bool:
    today = all(each.due_on == on and not each.penalty for each in due.loan.instalments)
    return due.plain and today and (there.minor <= 0 or there >= due.amount)


def by_due(due: Due, there: Money, wallet: str, event_id: Callable[[], str], at: datetime, on: date) -> Told:
    """An ordinary day: what falls due is earned, and paid where the wallet holds it."""
    if there.minor <= 0:
        return _told(due, replace(due.loan, instalments=_after(due.loan, pays=False)), on)
    closes = not due.more
    loan = replace(
        due.loan, instalments=_after(due.loan, pays=True), state="closed" if closes else "active",
        closed_on=on if closes else None,
    )  # fmt: skip
    told = _told(due, loan, on)
    moved = life.moves(due.loan, loan)
    lines = life.lines(loan.principal.currency, moved)
    outstanding = due.outstanding - entries.sum_of(loan, (one.amount for one in lines if one.component == "principal"))
    event = LoanEvent(due.events + 1, event_id(), "repay", on, due.amount, {}, moved, outstanding, loan.state, at)
    return replace(
        told, event=event, entries=(*told.entries, entries.repayment(loan, lines, wallet, event.id, on)),
        flows=(*told.flows, *flows.repaid(loan, lines, event.id, on)),
    )  # fmt: skip


def by_fold(before: Life, there: Money, wallet: str, event_id: Callable[[], str], at: datetime, on: date) -> Told:
    """Any day: the loan is folded to it, and what is due is paid as far as the wallet goes."""
    state = life.stands(before, on)
    amount = min(life.due_of(before.currency, state, on), there)
    if amount.minor <= 0:
        return telling.bring(before, state, on)
    return telling.pay(before, state, "repay", amount, wallet, event_id(), at, on)


def _told(due: Due, loan: Loan, on: date) -> Told:
    recognised = entries.recognitions(due.loan, loan, on)
    before, after = (Life(each, (), (), due.as_of_on) for each in (due.loan, loan))
    return Told(
        before, after, None, tuple(entries.accruals(loan, recognised)), tuple(flows.recognised(loan, recognised))
    )


def _after(loan: Loan, *, pays: bool) -> tuple[StandingInstalment, ...]:
    return tuple(
        replace(each, obligations=tuple(_met(one, pays=pays) for one in each.obligations)) for each in loan.instalments
    )


def _met(one: Obligation, *, pays: bool) -> Obligation:
    """An obligation that has fallen due: its interest is earned, but for what was forgiven."""
    earned_now = one.amount - one.waived if one.component == "interest" else one.recognised
    return replace(one, recognised=earned_now, paid=one.paid + one.left if pays else one.paid)
