"""Decide when the payments of a standing order fall due: from its first day alone, so that no month is ever lost. Pure.

Weekly is each seventh day. Monthly is the first payment's day of the month; where a month has no such day (29 to 31), its last.
With ``last_day`` it is the last day of each month, whatever the first day's number. From a wallet it is paid on that very day, a
holiday too: wallets know none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from farthing.kit.calendar import add_months, month_end
from farthing.payments.standing.model import Plan

LAST = date(9998, 12, 31)
"""Nothing falls due after it."""


def due(plan: Plan, number: int) -> date | None:
    """The day on which the payment of a number (from 0) falls due; none where there is none by the calendar of the plan."""
    if number and plan.every == "once":
        return None
    if plan.every == "week":
        days = (LAST - plan.first_on).days
        found = plan.first_on + timedelta(days=7 * number) if 7 * number <= days else None
    else:
        months = (LAST.year - plan.first_on.year) * 12
        found = _month(plan, number) if number < months else None
    return None if found is None or (plan.until is not None and found > plan.until) else found


def _month(plan: Plan, number: int) -> date:
    return (
        month_end(add_months(plan.first_on.replace(day=1), number))
        if plan.last_day
        else add_months(plan.first_on, number)
    )


def next_due(plan: Plan, number: int, paid_minor: int, amount_minor: int) -> date | None:
    """The same, held to the number of times and the total: none where the order has ended before it."""
    if plan.times is not None and number >= plan.times:
        return None
    if plan.total is not None and paid_minor + amount_minor > plan.total.minor:
        return None
    return due(plan, number)


def coming(plan: Plan, number: int, paid_minor: int, amount_minor: int, count: int) -> Iterator[date]:
    """The next days on which something falls due, as far as each payment is made."""
    for ahead in range(count):
        found = next_due(plan, number + ahead, paid_minor + ahead * amount_minor, amount_minor)
        if found is None:
            return
        yield found
