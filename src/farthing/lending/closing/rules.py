"""Decide what a day of a loan collects: by what has fallen due alone where that is ordinary, else by the fold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from farthing.kit.money import Money
from farthing.lending import life, telling
from farthing.lending.dues import rules as dues
from farthing.lending.dues.model import Due
from farthing.lending.life import Life
from farthing.lending.telling import Told


def ordinary(found: Iterable[Due], wallets: Mapping[str, str], there: Mapping[str, Money], on: date) -> set[str]:
    """The loans, in the order in which they are collected, whose day can be told by what falls due alone.

    ``wallets``: the borrower's wallet by loan; ``there``: what each wallet can give. What the fold takes of one is not known
    yet, so that a loan after it whose wallet is the same goes by the fold as well.
    """
    chosen, left, unknown = set(), dict(there), set[str]()
    for due in found:
        wallet = wallets[due.loan.id]
        if wallet in unknown or not dues.ordinary(due, on):
            unknown.add(wallet)
            continue
        chosen.add(due.loan.id)
        left[wallet] -= _taken(due.amount, left[wallet])
    return chosen


def by_due(due: Due, there: Money, wallet: str, event_id: Callable[[], str], at: datetime, on: date) -> Told:
    """An ordinary day: what falls due is earned, and paid as far as the wallet goes."""
    amount = _taken(due.amount, there)
    return dues.pay(due, amount, wallet, event_id(), at, on) if amount else dues.bring(due, on)


def by_fold(before: Life, there: Money, wallet: str, event_id: Callable[[], str], at: datetime, on: date) -> Told:
    """Any day: the loan is folded to it, and what is due is paid as far as the wallet goes."""
    state = life.stands(before, on)
    amount = _taken(life.due_of(before.currency, state, on), there)
    if not amount:
        return telling.bring(before, state, on)
    return telling.pay(before, state, "repay", amount, wallet, event_id(), at, on)


def _taken(due: Money, there: Money) -> Money:
    return max(min(due, there), due * 0)
