"""Own what the rate of a loan, its penalty and its margin were on each day, by the events that changed them. Pure.

A rate that was lowered by agreement lowered the margin of a loan that floats: the event says to what.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from farthing.lending import life
from farthing.lending.life import Life
from farthing.lending.model import LoanEvent
from farthing.products.floating import next_reset

MARGIN = "margin"
"""Where a lower rate of a loan that floats keeps the margin that it makes."""
Figures = Callable[[date], Decimal]
"""What the reference of a loan was on a day."""


def changes(told: Life) -> list[LoanEvent]:
    """The events by which the rate changed and that stand, in the order of their days; a reset is of the end of its day."""
    gone = {each.about.get("of") for each in told.events if each.kind == "reverse"}
    found = [each for each in told.events if each.kind in ("change_rate", "reset_rate") and each.id not in gone]
    return sorted(found, key=lambda each: (each.on, each.kind == "reset_rate"))


def rate_on(told: Life, on: date) -> Decimal:
    """The rate a year that is agreed for a day: the contract's, or what it was changed to by then."""
    said = [life.as_fact(each).annual for each in changes(told) if each.on <= on]
    return next((rate for rate in reversed(said) if rate is not None), Decimal(told.loan.conditions.annual))


def penalty_on(told: Life, on: date) -> Decimal:
    """What being late costs a year on a day."""
    said = [life.as_fact(each).penalty for each in changes(told) if each.on <= on]
    return next((rate for rate in reversed(said) if rate is not None), Decimal(told.loan.conditions.penalty_annual))


def margin_on(told: Life, on: date) -> Decimal:
    """What is added to the reference on a day: as the contract says, or as it was lowered to by then."""
    follows = told.loan.conditions.floating
    assert follows is not None
    said = [each.about[MARGIN] for each in changes(told) if each.on <= on and MARGIN in each.about]
    return Decimal(said[-1]) if said else Decimal(follows.margin)


def margin_of(told: Life, annual: Decimal, on: date, figure_on: Figures) -> Decimal:
    """The margin that a rate which is agreed on a day makes: what it is above the reference of the last reset before it."""
    return annual - figure_on(last_reset(told, on) or _offered_on(told))


def last_reset(told: Life, before: date) -> date | None:
    """The last day before a day on which the loan's rate was to be set anew."""
    follows, began_on = told.loan.conditions.floating, told.loan.disbursed_on
    if follows is None or began_on is None:
        return None
    day, found = next_reset(follows.resets, began_on, began_on), None
    while day < before:
        day, found = next_reset(follows.resets, began_on, day), day
    return found


def _offered_on(told: Life) -> date:
    follows = told.loan.conditions.floating
    assert follows is not None and follows.on is not None
    return follows.on
