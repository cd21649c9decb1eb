"""Own what the close of a day does to the orders that are due: confirm, start to earn, take out, pay. Pure.

A fold over a piece of orders and their holders, in the order given. Each order moves as far as this day lets it:
Monday to Thursday a subscription is confirmed and begins to earn in one step; on a Friday it is confirmed and waits
for Sunday's close. Money is paid after all that, the bank's line first. Never pays from money that may still be
cancelled, nor beyond the fund's cash: what is over stays due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.products.fund import FundTerms
from farthing.savings.fund import entries
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.model import CONFIRMED, PAYABLE, PLACED, SETTLED, SUBSCRIBE, Day, Fund, Holder, Order
from farthing.savings.fund.shares import added, advanced, less, taken, uncredited, with_change

ONE_DAY = timedelta(days=1)


@dataclass
class Piece:
    """One fund's orders of one piece while they are folded, and what changed so far."""

    fund: Fund
    terms: FundTerms
    at: Paths
    days: Sequence[Day]
    holders: dict[str, Holder]
    on: date
    orders: list[Order] = field(default_factory=list)
    posted: list[JournalEntry] = field(default_factory=list)

    def take(self, order: Order) -> None:
        """Move one order as far as this day lets it."""
        before = order
        holder = self.holders[order.party_id]
        if order.state == PLACED:
            order, holder = self._confirm(order, holder)
        if order.state == CONFIRMED and self._due(order):
            step = self._start if order.kind == SUBSCRIBE else self._take_out
            order, holder = step(order, self._touched(holder))
        self.holders[order.party_id] = holder
        if order != before:
            self.orders.append(order)

    def _due(self, order: Order) -> bool:
        return order.due_on is not None and order.due_on <= self.on

    def _confirm(self, order: Order, holder: Holder) -> tuple[Order, Holder]:
        """Confirm at the close of the trading day; an order that missed its close earns from the next day."""
        changes_on = max(order.earns_change_on, self.on + ONE_DAY)
        order = replace(
            order, state=CONFIRMED, confirmed_on=self.on, earns_change_on=changes_on, due_on=changes_on - ONE_DAY
        )
        if order.kind != SUBSCRIBE:
            return order, holder
        self.posted.append(entries.confirmed(self.at, order, self.on))
        x = order.amount
        return order, replace(
            holder,
            buying=holder.buying - x,
            confirmed=holder.confirmed + x,
            booked=holder.booked + x,
            paid_in=holder.paid_in + x,
        )

    def _touched(self, holder: Holder) -> Holder:
        """Bring a holder to the fund's index and credit its whole fen."""
        now = advanced(self.terms, holder, self.days, self.fund.index.on)
        earned = uncredited(now)
        if earned:
            self.posted.append(entries.credited(self.at, holder.party_id, earned, self.fund.index.on, self.on))
        return replace(now, booked=now.booked + earned)

    def _start(self, order: Order, holder: Holder) -> tuple[Order, Holder]:
        """Units begin to earn tomorrow."""
        after = added(holder.holding, order.amount)
        self.fund = with_change(self.fund, holder.holding, after)
        order = replace(
            order,
            state=SETTLED,
            due_on=None,
            applied_on=self.fund.index.on,
            settled_on=self.on,
            units=order.amount.decimal(),
        )
        return order, replace(holder, holding=after, confirmed=holder.confirmed - order.amount)

    def _take_out(self, order: Order, holder: Holder) -> tuple[Order, Holder]:
        """Units have earned their last day; their money is owed until the settlement day's close."""
        after = taken(holder.holding, order.amount)
        self.fund = with_change(self.fund, holder.holding, after)
        order = replace(
            order,
            state=PAYABLE,
            due_on=max(order.settles_on, self.on + ONE_DAY),
            applied_on=self.fund.index.on,
            units=less(after.units, holder.holding.units),
            waiting=less(after.unpaid, holder.holding.unpaid),
        )
        self.posted.append(entries.redeemed(self.at, order, self.on))
        x = order.amount
        return order, replace(
            holder,
            holding=after,
            redeeming=holder.redeeming - x,
            booked=holder.booked - x,
            paid_out=holder.paid_out + x,
        )


def payments(at: Paths, due: Sequence[Order], free: Money, on: date) -> list[tuple[Order, JournalEntry]]:
    """Redemptions that are paid with ``free`` money, in their order, each with its entry; the others stay due."""
    paid = []
    for order in due:
        if order.amount <= free:
            free = free - order.amount
            settled = replace(order, state=SETTLED, due_on=None, settled_on=on)
            paid.append((settled, entries.paid_out(at, order, on)))
    return paid


def line_due(fund: Fund, owed: Money, free: Money, on: date) -> Money:
    """What the fund repays of the bank's line at the close of a trading day: all that is older than this day.

    ``owed`` is the whole line; what was advanced today is repaid at the next trading day's close. ``free`` is the
    fund's cash less that of orders that may still be cancelled.
    """
    today = fund.instant if fund.instant_on == on else Money.zero(fund.currency)
    return max(min(owed - today, free), Money.zero(fund.currency))
