"""Decide about orders of a fund: buy, redeem, redeem at once, cancel. Pure.

Order of checks: whose, amount, minimum or what is there, caps; the ledger then checks the money. A preview is the
same call without saving. Never pays an instant redemption beyond a cap, and never refuses one for a cap: the rest is
offered for the next trading day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from farthing.kit.actor import Actor
from farthing.kit.money import Money, positive
from farthing.ledger.guards import GuardState
from farthing.ledger.model import JournalEntry, sign_of
from farthing.products.fund import FundTerms
from farthing.products.policy import SavingsPolicy
from farthing.savings.fund import entries, refusals
from farthing.savings.fund.commands import CancelOrder, Offer, Redeem, Redeemed, RedeemNow, Subscribe
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.model import (
    CANCELLED,
    INSTANT,
    PLACED,
    REDEEM,
    SETTLED,
    STATES_ZH,
    SUBSCRIBE,
    Day,
    Fund,
    Holder,
    Order,
)
from farthing.savings.fund.shares import (
    advanced,
    available,
    fund_day,
    less,
    plus,
    taken,
    uncredited,
    with_change,
    worth,
)
from farthing.savings.fund.trading import OrderDays, RedemptionPlan, TradingCalendar, order_days, plan_redemption
from farthing.savings.fund.units import FUND_HOLDING_CAP, FUND_OVER_HOLDING

LINE_GUARD = "fund-liquidity-line"
"""The guard that protects the bank's line; without it in force there is no line, and everything waits a day."""


@dataclass(frozen=True)
class Facts:
    """What orders are decided on: the fund, its terms and accounts, the calendar, the time, and who asks.

    ``moment`` is the bank's wall clock; ``days`` are the index rows that :func:`farthing.savings.fund.shares.advanced` needs.
    """

    fund: Fund
    terms: FundTerms
    at: Paths
    calendar: TradingCalendar
    days: Sequence[Day]
    moment: datetime
    now: datetime
    on: date
    actor: Actor


@dataclass(frozen=True)
class Change:
    """What a decision comes to: the holder and order after it, the entries, and the fund where its totals change."""

    holder: Holder
    order: Order
    entries: tuple[JournalEntry, ...]
    fund: Fund | None = None


def moment_of(local: datetime, day: date) -> datetime:
    """The moment that an order counts from: the bank's local time, but never before the day the fund is in."""
    return local if local.date() >= day else datetime.combine(day, time(0))


def check_own(actor: Actor, party_id: str) -> None:
    """Refuse ``savings.fund_not_yours`` for a customer who acts for another."""
    if not actor.acts_for(party_id):
        raise refusals.FUND_NOT_YOURS(actor=actor.id)


def check_reader(actor: Actor, party_id: str) -> None:
    """Refuse ``savings.fund_not_yours`` to all but the customer and whoever stands for it."""
    check_own(actor, party_id)


def days_of(facts: Facts) -> OrderDays:
    """The days of an order placed now."""
    return order_days(facts.calendar, facts.moment, facts.terms.cut_off)


def _placed(facts: Facts, order_id: str, party_id: str, kind: str, amount: Money) -> Order:
    days = days_of(facts)
    return Order(
        id=order_id, fund=facts.fund.id, party_id=party_id, kind=kind, amount=amount, state=PLACED,
        placed_at=facts.now, trading_on=days.trading_on, earns_change_on=days.earns_change_on,
        settles_on=days.settles_on, due_on=days.trading_on,
    )  # fmt: skip


def subscribe(facts: Facts, holder: Holder, command: Subscribe, order_id: str) -> Change:
    """Buy units. Refuses ``savings.fund_not_yours``, ``money.*``, ``savings.fund_below_minimum``,
    ``savings.fund_holding_cap``; money on its way into the fund counts towards the cap."""
    check_own(facts.actor, command.party_id)
    amount = positive(command.amount)
    if amount < facts.terms.minimum:
        raise refusals.FUND_BELOW_MINIMUM(amount=str(amount), minimum=str(facts.terms.minimum), fund=facts.fund.id)
    cap = facts.terms.holding_max
    now = advanced(facts.terms, holder, facts.days, facts.fund.index.on)
    coming = (now.confirmed + now.buying + amount).decimal()
    if cap is not None and plus(worth(now.holding), coming) > cap.decimal():
        raise FUND_HOLDING_CAP(amount=str(amount), cap=str(cap))
    order = _placed(facts, order_id, command.party_id, SUBSCRIBE, amount)
    after = replace(holder, buying=holder.buying + amount)
    return Change(after, order, (entries.subscribed(facts.at, order, facts.on),))


def redeem(facts: Facts, holder: Holder, command: Redeem, order_id: str) -> Change:
    """Order units out for the next trading day; they earn until the day before. No money moves yet.

    Refuses ``savings.fund_not_yours``, ``money.*``, ``savings.fund_nothing_to_redeem``, ``savings.fund_over_holding``.
    """
    check_own(facts.actor, command.party_id)
    there = available(advanced(facts.terms, holder, facts.days, facts.fund.index.on))
    amount = there if command.amount is None else positive(command.amount)
    if amount.minor <= 0:
        raise refusals.FUND_NOTHING(fund=facts.fund.id)
    if amount > there:
        raise FUND_OVER_HOLDING(amount=str(amount), available=str(there))
    order = _placed(facts, order_id, command.party_id, REDEEM, amount)
    return Change(replace(holder, redeeming=holder.redeeming + amount), order, ())


def check_now(facts: Facts, holder: Holder, command: RedeemNow) -> None:
    """Refuse ``savings.fund_not_yours``, ``money.*``, ``savings.fund_over_holding``: no cap, which is an offer."""
    check_own(facts.actor, command.party_id)
    positive(command.amount)
    there = available(advanced(facts.terms, holder, facts.days, facts.fund.index.on))
    if command.amount > there:
        raise FUND_OVER_HOLDING(amount=str(command.amount), available=str(there))


def line_left(facts: Facts, party_id: str, guards: Sequence[GuardState]) -> Money:
    """How much the guards let the bank advance to a party now: the smallest margin of those that the entry lowers."""
    zero = Money.zero(facts.fund.currency)
    if all(state.key != LINE_GUARD for state in guards):
        return zero
    fen = Money(1, facts.fund.currency)
    probe = entries.advanced(facts.at, _instant(facts, "probe", party_id, fen), facts.on)
    rooms = []
    for state in guards:
        lowers = -sum(
            state.weight_of(line.account, fen.currency) * sign_of(line.account) * line.amount.minor
            for line in probe.postings
        )
        if lowers > 0:
            rooms.append(max(state.figure, 0) // lowers)
    return Money(min(rooms), fen.currency) if rooms else zero


def _instant(facts: Facts, order_id: str, party_id: str, amount: Money) -> Order:
    """An order that is settled as it is placed: its units earn no more from the day the fund is in."""
    day = fund_day(facts.fund, facts.on)
    return Order(
        id=order_id, fund=facts.fund.id, party_id=party_id, kind=INSTANT, amount=amount, state=SETTLED,
        placed_at=facts.now, trading_on=day, earns_change_on=day, settles_on=day, due_on=None, confirmed_on=day,
        applied_on=facts.fund.index.on, settled_on=day,
    )  # fmt: skip


def plan(facts: Facts, holder: Holder, policy: SavingsPolicy, amount: Money, left: Money) -> RedemptionPlan:
    """Split an instant redemption by the caps of the person, of the fund, and of the line (``left``)."""
    zero = Money.zero(amount.currency)
    own = facts.terms.instant_fund_max
    used = facts.fund.instant if facts.fund.instant_on == facts.on else zero
    return plan_redemption(
        policy,
        amount,
        person_used=holder.instant if holder.instant_on == facts.on else zero,
        fund_left=None if own is None else own - used,
        liquidity_left=left,
        next_day_on=days_of(facts).settles_on,
    )


def redeem_now(facts: Facts, holder: Holder, party_id: str, amount: Money, order_id: str) -> Change:
    """Take units out at the fund's index and have the bank pay at once. ``amount`` is what the plan allows."""
    now = advanced(facts.terms, holder, facts.days, facts.fund.index.on)
    earned = uncredited(now)
    left = taken(now.holding, amount)
    order = replace(
        _instant(facts, order_id, party_id, amount),
        units=less(left.units, now.holding.units),
        waiting=less(left.unpaid, now.holding.unpaid),
    )
    zero = Money.zero(amount.currency)
    after = replace(
        now,
        holding=left,
        booked=now.booked + earned - amount,
        paid_out=now.paid_out + amount,
        instant_on=facts.on,
        instant=amount + (now.instant if now.instant_on == facts.on else zero),
    )
    fund = replace(
        with_change(facts.fund, now.holding, left),
        instant_on=facts.on,
        instant=amount + (facts.fund.instant if facts.fund.instant_on == facts.on else zero),
    )
    credit = [entries.credited(facts.at, party_id, earned, fund.index.on, facts.on)] if earned else []
    credit = [replace(entry, linked=True) for entry in credit]
    return Change(after, order, (*credit, entries.advanced(facts.at, order, facts.on)), fund)


def answer_now(facts: Facts, planned: RedemptionPlan, order: Order | None, next_day: Order | None) -> Redeemed:
    """The answer to an instant redemption: what was paid, and the offer for what was not."""
    days = days_of(facts)
    offer = Offer(planned.next_day, days.trading_on, days.settles_on) if planned.next_day else None
    return Redeemed(planned.instant, offer, planned.limited_by, order, next_day)


def nothing_now(planned: RedemptionPlan, limited_by: str) -> RedemptionPlan:
    """The plan once a guard has refused: all of it waits for the next trading day."""
    zero = Money.zero(planned.instant.currency)
    return RedemptionPlan(zero, planned.instant + planned.next_day, planned.next_day_on, limited_by)


def cancel(facts: Facts, holder: Holder, order: Order, command: CancelOrder) -> Change:
    """Take an order back before the cut-off of its trading day.

    Refuses ``savings.fund_not_yours``, ``savings.fund_order_final``, ``savings.fund_past_cut_off``.
    """
    check_own(facts.actor, order.party_id)
    if order.state != PLACED:
        raise refusals.FUND_ORDER_FINAL(order=order.id, state=order.state, state_zh=STATES_ZH[order.state])
    cut_off = (order.trading_on, time.fromisoformat(facts.terms.cut_off))
    if (facts.moment.date(), facts.moment.time()) >= cut_off:
        raise refusals.FUND_PAST_CUT_OFF(order=order.id, cut_off=facts.terms.cut_off, trading_on=order.trading_on)
    after = replace(order, state=CANCELLED, due_on=None)
    if order.kind == SUBSCRIBE:
        freed = replace(holder, buying=holder.buying - order.amount)
        return Change(freed, after, (entries.returned(facts.at, order, facts.on),))
    return Change(replace(holder, redeeming=holder.redeeming - order.amount), after, ())


def order_seen(command: Subscribe | Redeem, order: Order) -> dict[str, Any]:
    """What whoever confirms an order must have seen: the amount and its days."""
    return {
        "kind": order.kind, "amount": order.amount, "trading_on": order.trading_on,
        "earns_change_on": order.earns_change_on, "settles_on": order.settles_on,
    }  # fmt: skip


def redeemed_seen(command: RedeemNow, redeemed: Redeemed) -> dict[str, Any]:
    """What whoever confirms an instant redemption must have seen: what is paid at once, and what becomes of the rest."""
    rest = redeemed.next_day
    return {
        "at_once": redeemed.instant,
        "offer": redeemed.offer,
        "limited_by": redeemed.limited_by,
        "ordered": None if rest is None else order_seen(Redeem(rest.fund, rest.party_id, rest.amount), rest),
    }
