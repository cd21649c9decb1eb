"""Own fees and penalties: which instalment a charge falls into, how much a share of something is, and what is forgiven."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farthing.lending.lives.events import Component, Event
from farthing.lending.lives.instalments import Instalment, nothing
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.names import unpaid
from farthing.lending.lives.refusals import NO_SUCH_INSTALMENT, more_than_open
from farthing.lending.plans.factors import minor


def charge(loan: Loan, event: Event) -> None:
    """A fee or a penalty becomes an obligation of the instalment in whose period it is due; after the last one, of its own."""
    parts = nothing()
    for instalment in _asked(loan, event):
        amount = event.amount if event.share is None else minor(event.share * _base(loan, event, instalment))
        instalment.owed[event.component] += amount
        instalment.met(event.on)
        parts[event.component] += amount
    loan.note(event, parts)


def _asked(loan: Loan, event: Event) -> list[Instalment]:
    due_on = event.due_on or event.on
    if event.each:
        return [each for each in loan.of_plan if each.due_on > event.on]
    for number, instalment in enumerate(loan.of_plan):
        if (instalment.start < due_on or (number == 0 and instalment.start <= due_on)) and due_on <= instalment.due_on:
            return [instalment]
    return [additional(loan, due_on)]


def additional(loan: Loan, on: date) -> Instalment:
    """The one instalment after the plan, which takes what comes later; it moves with what comes last."""
    found = next((each for each in loan.instalments if each.additional), None)
    if found is None:
        found = Instalment(loan.of_plan[-1].due_on, on, additional=True)
        loan.instalments.append(found)
    found.due_on = max(found.due_on, on)
    return found


def _base(loan: Loan, event: Event, instalment: Instalment) -> Decimal:
    """What a share is of: of one instalment where each bears it, else of the whole loan."""
    among = [instalment] if event.each else loan.instalments
    if event.base == "overdue":
        return Decimal(sum(each.outstanding for each in loan.instalments if each.due_on < event.on))
    interest = sum(each.owed["interest"] for each in among)
    lent = sum(each.owed["principal"] for each in among) if event.each else loan.paid_out
    return Decimal({"lent": lent, "interest": interest}.get(event.base, lent + interest))


def waive(loan: Loan, event: Event) -> None:
    """What is owed of one component is forgiven, the oldest first, or on one instalment."""
    component: Component = "interest" if event.do == "waive_interest" else event.component
    left, parts = event.amount, nothing()
    among = [each for each in loan.instalments if event.due_on in (None, each.due_on)]
    if not among:
        raise NO_SUCH_INSTALMENT(due_on=event.due_on)
    open_now = sum(each.open(component) for each in among)
    if left > open_now:
        raise more_than_open(event, open_now, loan.agreement.terms.currency, unpaid(component))
    for instalment in among:
        taken = min(left, instalment.open(component))
        instalment.waived[component] += taken
        instalment.met(event.on)
        parts[component] += taken
        left -= taken
    loan.note(event, parts)
