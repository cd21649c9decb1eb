"""Own what a payment does to the accrual: what is due on its day, and what paying it changes in the periods after."""

from __future__ import annotations

from datetime import date

from farthing.lending.lives.levels import carry, settle
from farthing.lending.lives.periods import Accrual


def due_amounts(desk: Accrual, place: int, on: date) -> tuple[int, int]:
    """(principal, interest) that a period asks for on a day: interest to that day, principal up to the whole instalment."""
    other = _until(desk, on)
    period = other.periods[place]
    if on <= period.start:
        _whole(desk, other, place)
        other.compute()
    return period.principal, period.interest


def _until(desk: Accrual, on: date) -> Accrual:
    """The desk as if nothing bore after a day."""
    if on >= desk.periods[-1].due:
        found = desk.copy()
        found.compute()
        return found
    found = desk.copy(on)
    settle(found, on)
    return found


def _whole(desk: Accrual, other: Accrual, place: int) -> None:
    """A period that has not begun is paid by its whole instalment, or by all that is left."""
    period = other.periods[place]
    if period.re_aged:
        period.level, period.principal_agreed = desk.periods[place].level, desk.periods[place].principal_agreed
        return
    unsettled = sum(not each.settled for each in other.periods)
    if period.principal_agreed is not None:
        return
    if unsettled > 1:
        period.level = period.agreed
        other.compute()
        period.level -= max(0, period.principal_open - max(0, other.lent - other.repaid))
    elif period.settled and unsettled == 1:
        rest = other.lent - other.repaid + period.paid_principal + period.interest
        period.level = min(period.agreed, rest)


def pay_interest(desk: Accrual, place: int, on: date, amount: int) -> None:
    """Interest of a period is paid."""
    period = desk.periods[place]
    unsettled = [each for each in desk.periods if not each.settled]
    if unsettled and unsettled[-1] is not desk.periods[-1] and unsettled[-1] is period and on >= period.due:
        carry(desk, period, on)
        desk.compute()
    due = sum(each.interest for each in desk.periods)
    paid = sum(each.paid_interest for each in desk.periods)
    period.paid_interest += min(amount, max(0, due - paid)) if paid + amount > due else amount
    settle(desk, on)


def pay_principal(desk: Accrual, place: int, on: date, amount: int) -> None:
    """Principal of a period is paid: it leaves the balance that day, or on its due day where that has passed."""
    if not amount:
        return
    period = desk.periods[place]
    room = desk.lent - desk.repaid
    period.paid_principal += min(amount, room)
    left_on = min(on, period.due)
    desk.move(left_on, -amount)
    settle(desk, left_on)
    several = sum(not each.settled for each in desk.periods) > 1
    if several and on < period.start and period.principal_agreed is None:
        whole = period.agreed + period.credited
        if period.paid > period.whole_level or period.paid == whole:
            period.level = period.paid - period.credited
    settle(desk, left_on)


def pay_as_planned(desk: Accrual, place: int, component: str, on: date, amount: int) -> None:
    """What was paid where it changes no interest: it stands against the plan when that is levelled anew."""
    period = desk.periods[place]
    if component == "principal":
        period.paid_principal += amount
        if not desk.as_planned:
            desk.move(min(on, period.due), -amount)
    elif component == "interest":
        period.paid_interest += amount


def open_on(desk: Accrual, on: date) -> tuple[int, int]:
    """(principal, interest) that would end the loan on a day."""
    other = desk.copy(on)
    settle(other, on)
    paid = sum(each.paid_interest for each in other.periods)
    return max(0, other.lent - other.repaid), max(0, sum(each.interest for each in other.periods) - paid)
