"""Own what each day of a fund brought one holder, told from the holder's orders and the fund's index. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from farthing.products.fund import FundTerms
from farthing.savings.fund.commands import IncomeOfDay
from farthing.savings.fund.model import SUBSCRIBE, Day, Order
from farthing.savings.fund.shares import added, less, taken, walked, worth
from farthing.savings.fund.units import Holding

ONE_DAY = timedelta(days=1)


def income_by_day(
    terms: FundTerms, orders: Sequence[Order], days: Sequence[Day], from_on: date, to_on: date
) -> list[IncomeOfDay]:
    """The income of each day of a range on which units earned, oldest first.

    ``orders``: all that were applied, in the order of their days; ``days``: the rows at which they were applied, those of
    carry, and every day of the range and the one before it. A holding is brought forward from the last order to each day,
    as it is when it is touched, so that nothing is rounded on the way.
    """
    by_day = {day.on: day for day in days}
    kept = now = Holding(Decimal(0), Decimal(0), Decimal(0))
    kept_on = date.min
    found: list[IncomeOfDay] = []
    for until, due in _stops(orders, by_day, from_on, to_on):
        before, now = now, walked(terms, kept, kept_on, days, until) if worth(kept) else kept
        if from_on <= until and worth(before):
            row = by_day[until]
            found.append(IncomeOfDay(until, before.units, row.per_ten_thousand, less(worth(now), worth(before))))
        if due:
            kept, kept_on = Holding(now.units, now.unpaid, by_day[until].value), until
            for order in due:
                kept = added(kept, order.amount) if order.kind == SUBSCRIBE else taken(kept, order.amount)
            now = kept
    return found


def _stops(
    orders: Sequence[Order], by_day: Mapping[date, Day], from_on: date, to_on: date
) -> list[tuple[date, list[Order]]]:
    """The days at which the holding is looked at, each with the orders that were applied at its index."""
    due: dict[date, list[Order]] = {}
    for order in orders:
        if order.applied_on is not None and order.applied_on <= to_on:
            due.setdefault(order.applied_on, []).append(order)
    range_days = {on for on in by_day if from_on - ONE_DAY <= on <= to_on}
    return [(on, due.get(on, [])) for on in sorted(range_days | set(due))]
