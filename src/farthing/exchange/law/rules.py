"""Decide what is not shown on a day, and by when a dispute is answered. Pure.

What is hidden is told with its rule, so that it can be shown again where the rule no longer holds; the record is never touched.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.exchange.law.model import Clock, Hide, Law, Repair
from farthing.kit.calendar import add_months, month_end, next_business_day
from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Arrears:
    """One stretch of arrears on one account: since when, its largest sum, when it ended (repaid); none: it goes on.

    ``first_delinquency_on`` never moves, whatever is sold or agreed anew.
    """

    began_on: date
    most: Money
    ended_on: date | None
    first_delinquency_on: date


def hidden_from(law: Law, arrears: Arrears) -> tuple[date, str] | None:
    """From which day on these arrears are not shown, and by which rule; the earliest of those that hold."""
    found = [
        (day, each.rule) for each in law.hides if each.about == "arrears" and (day := _from(each, arrears)) is not None
    ]
    return min(found, default=None)


def is_hidden(law: Law, arrears: Arrears, on: date) -> str:
    """The rule by which these arrears are not shown on a day, or nothing."""
    found = hidden_from(law, arrears)
    return found[1] if found is not None and on >= found[0] else ""


def record_hidden(law: Law, ended_on: date | None, on: date) -> str:
    """The rule by which an entry of a public register is not shown on a day, or nothing."""
    for each in law.hides:
        years = each.years_from_end
        if each.about == "public_record" and years and ended_on and on >= add_months(ended_on, 12 * years):
            return each.rule
    return ""


def _from(hide: Hide, arrears: Arrears) -> date | None:
    if hide.repair is not None:
        return _repaired_from(hide.repair, arrears)
    if hide.years_from_first_delinquency is not None:
        return add_months(arrears.first_delinquency_on, 12 * hide.years_from_first_delinquency)
    if hide.years_from_end is None or arrears.ended_on is None:
        return None
    return add_months(arrears.ended_on, 12 * hide.years_from_end)


def _repaired_from(repair: Repair, arrears: Arrears) -> date | None:
    """Repaid early: from the day of the notice; later: from the end of the month after the one in which it was repaid."""
    ended = arrears.ended_on
    if ended is None or ended > repair.repaid_by or not repair.arose_from <= arrears.began_on <= repair.arose_until:
        return None
    if arrears.most.currency != repair.most.currency or arrears.most.minor > repair.most.minor:
        return None
    if ended <= repair.early_by:
        return repair.early_from
    return month_end(add_months(ended.replace(day=1), 1))


def due_on(clock: Clock, opened_on: date, *, further: bool = False) -> date:
    """The last day on which an answer is in time: calendar days, whatever holidays lie between. A day that a month does not have
    is its last (31 January and a month: 28 or 29 February)."""
    days = clock.further_days if further else 0
    start = add_months(opened_on, clock.months) if clock.months else opened_on + timedelta(days=clock.days or 0)
    return start + timedelta(days=days)


def furnisher_by(clock: Clock, opened_on: date, holidays: Collection[date]) -> date:
    """The last day on which the furnisher is asked: so many business days after it was opened."""
    day = opened_on
    for _ in range(clock.furnisher_business_days):
        day = next_business_day(day, holidays)
    return day
