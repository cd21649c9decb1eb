"""Own a fund's days: trading days, the cut-off, when units start and stop to earn, instant redemption, published sums.

CSRC rules for money-market funds: units bought on trading day T earn from the next trading day; units redeemed on T
earn until the day before the next trading day. Never pays an instant redemption beyond a cap: the rest is offered for
the next trading day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from farthing.kit.calendar import is_business_day, next_business_day
from farthing.kit.money import Money, positive
from farthing.products.policy import SavingsPolicy


@dataclass(frozen=True)
class TradingCalendar:
    """Trading days are Mondays to Fridays that are not ``holidays``."""

    holidays: frozenset[date] = frozenset()

    def trades(self, on: date) -> bool:
        """Whether ``on`` is a trading day."""
        return is_business_day(on, self.holidays)

    def after(self, on: date) -> date:
        """The next trading day after ``on``."""
        return next_business_day(on, self.holidays)


@dataclass(frozen=True)
class OrderDays:
    """The days of an order: its trading day, the day from which units (stop to) earn, the day cash moves."""

    trading_on: date
    earns_change_on: date
    settles_on: date


@dataclass(frozen=True)
class RedemptionPlan:
    """How a redemption is paid: at once, and on the next trading day. ``limited_by`` names the cap that was met."""

    instant: Money
    next_day: Money
    next_day_on: date
    limited_by: str | None


@dataclass(frozen=True)
class Publication:
    """Income per 10,000 units as published: non-trading days are added into one figure, on the last of them."""

    on: date
    from_on: date
    days: int
    per_ten_thousand: Decimal


def order_days(calendar: TradingCalendar, placed: datetime, cut_off: str) -> OrderDays:
    """The days of an order placed at a local wall-clock moment; at or after the cut-off it belongs to the next day."""
    day = placed.date()
    in_time = placed.time() < time.fromisoformat(cut_off)
    trading_on = day if calendar.trades(day) and in_time else calendar.after(day)
    following = calendar.after(trading_on)
    return OrderDays(trading_on, following, following)


def plan_redemption(
    policy: SavingsPolicy,
    amount: Money,
    *,
    person_used: Money,
    fund_left: Money | None,
    liquidity_left: Money,
    next_day_on: date,
) -> RedemptionPlan:
    """Split a redemption into what is paid at once and what is offered for the next trading day.

    ``person_used``: this person's instant redemptions of this fund today; ``fund_left``: what the fund's own daily
    total still allows, None without one; ``liquidity_left``: what the liquidity line can still pay.
    """
    positive(amount)
    zero = Money.zero(amount.currency)
    limits: list[tuple[str, Money]] = [("liquidity", liquidity_left)]
    if fund_left is not None:
        limits.insert(0, ("fund_cap", fund_left))
    if policy.instant_redemption is not None:
        limits.insert(0, ("person_cap", policy.instant_redemption - person_used))
    instant, limited_by = amount, None
    for name, left in limits:
        if left < instant:
            instant, limited_by = max(left, zero), name
    return RedemptionPlan(instant, amount - instant, next_day_on, limited_by)


def publications(calendar: TradingCalendar, daily: Sequence[tuple[date, Decimal]]) -> tuple[Publication, ...]:
    """Published figures of consecutive days: a trading day its own, a run of non-trading days their sum."""
    found: list[Publication] = []
    run: list[tuple[date, Decimal]] = []
    for index, (on, figure) in enumerate(daily):
        run.append((on, figure))
        last = index + 1 == len(daily)
        if calendar.trades(on) or last or calendar.trades(daily[index + 1][0]):
            found.append(Publication(on, run[0][0], len(run), sum((each for _, each in run), Decimal(0))))
            run = []
    return tuple(found)
