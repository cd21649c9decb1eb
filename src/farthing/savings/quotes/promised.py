"""Own what a deposit earns over time: by any day of its life, and by the end of what is agreed. Pure.

Never has rules of its own: dues and accrual are the product's, and this adds them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.kit.rates import round_fraction
from farthing.products.deposit import Terms
from farthing.savings.quotes.quote import quote
from farthing.savings.rules import accrued_by_contract, behaviour, rule, settle_until
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts, InterestPayment

A_YEAR = timedelta(days=365)
"""How far is looked ahead where nothing ends the agreement by itself."""
LONGEST_HOLIDAY = 14
MOST_POINTS = 24


@dataclass(frozen=True, slots=True)
class Promised:
    """What an agreement gives by a day if it is kept: interest and what was paid in for it.

    ``matures_on``: none where it has no end of its own; ``on`` is that day, or a year later.
    """

    agreement: Agreement
    on: date
    matures_on: date | None
    paid_in: Money
    interest: Money


def end_of(agreement: Agreement, opened_on: date) -> date:
    """The day at which an agreement has given what it promises: the end of its term, else a year later."""
    if agreement.term is None:
        return opened_on + A_YEAR
    if agreement.term.days:
        return opened_on + timedelta(days=agreement.term.days)
    return add_months(opened_on, agreement.term.months)


def promised(terms: Terms, facts: Facts, agreement: Agreement, amount: Money, opened_on: date) -> Promised:
    """What an amount gives if the agreement is kept to its end; refuses what the product refuses.

    What never ends by itself is drawn a year later, on the first day that is no holiday.
    """
    until = end_of(agreement, opened_on)
    while agreement.term is None and until in facts.holidays:
        until += timedelta(days=1)
    events = behaviour(terms).plan(terms, agreement, amount, opened_on, until)
    answer = quote(terms, facts, agreement, events, None if agreement.term else until)
    earned = Fraction(answer.interest.decimal()) + earned_until(terms, facts, answer.deposit, until)
    interest = round_fraction(earned, terms.currency, terms.rounding)
    return Promised(answer.agreement, until, answer.matures_on, answer.principal_in, interest)


def whole_plan(terms: Terms, agreement: Agreement, amount: Money) -> Money:
    """What is paid in by a whole plan that begins with an amount: itself, or one a month of the term."""
    months = agreement.term.months if agreement.term and "collect" in behaviour(terms).takes else 1
    return amount * max(months, 1)


def earned_until(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """What a deposit earns from its state to the start of a day, exactly, in major units: paid on the way and accrued."""
    if deposit.closed_on is not None:
        return Fraction(0)
    changes = list(settle_until(terms, facts, deposit, on))
    paid = total([each.amount for change in changes for each in change.interest], terms.currency)
    last = changes[-1].deposit if changes else deposit
    return Fraction(paid.decimal()) + accrued_by_contract(terms, facts, last, on)


def at_end(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> tuple[InterestPayment, ...]:
    """Every payment of interest if the deposit is closed on a day, or on the first day after it that takes it.

    None where the rules refuse it for another reason than a holiday.
    """
    for later in range(LONGEST_HOLIDAY):
        day = on + timedelta(days=later)
        changes = list(settle_until(terms, facts, deposit, day))
        last = changes[-1].deposit if changes else deposit
        if last.closed_on is not None:
            return _payments(changes)
        try:
            return _payments([*changes, rule(terms, facts, last, Event(day, "close"))])
        except Refusal as refusal:
            if refusal.code != "savings.holiday_value_date":
                return ()
    return ()


def _payments(changes: Sequence[Change]) -> tuple[InterestPayment, ...]:
    return tuple(each for change in changes for each in change.interest)


def days_between(first: date, last: date, today: date) -> list[date]:
    """Days that a course is told by: evenly from the first to the last, not more than a score and four, and today."""
    span = (last - first).days
    if span <= 0:
        return [first]
    step = max(1, -(-span // (MOST_POINTS - 1)))
    found = {first + timedelta(days=days) for days in range(0, span, step)} | {last}
    if first < today < last:
        found.add(today)
    return sorted(found)
