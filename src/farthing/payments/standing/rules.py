"""Decide about standing orders: what may be arranged, and what becomes of one after each try. Pure.

A due payment is tried so often a day, and on so many days, as the policy says; the close of a day is its last try. Then it is
missed: that is told, and the order goes on with the next. Nothing is dropped, and nothing is paid later than it was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from farthing.kit.errors import InvariantBroken, conflict, declined, malformed, not_found
from farthing.kit.money import positive
from farthing.payments import rules as wallets
from farthing.payments.standing.dates import next_due
from farthing.payments.standing.model import Done, MakeStanding, Order, OrderView, Plan
from farthing.products.standing_orders import StandingOrders

UNKNOWN = not_found("standing.unknown", "There is no such standing payment.", "没有这项定期付款。")
STOPPED = conflict(
    "standing.not_active",
    "This standing payment has ended already; nothing more is paid.",
    "此定期付款已结束，不再付款。",
)
PASSED = malformed(
    "standing.passed",
    "{day} has gone by; the first payment is on {today} or later.",
    "{day} 已过；首次付款日不得早于 {today}。",
)
TOO_FAR = malformed(
    "standing.too_far",
    "The first payment is within {days} days; {day} is later.",
    "首次付款须在 {days} 天以内；{day} 过晚。",
)
NEVER = malformed(
    "standing.never",
    "By its end or its total this would never pay anything; leave them out, or say later and more.",
    "按所填的截止日或总额，一笔也不会支付；请留空或调大。",
)
ONCE = malformed(
    "standing.once",
    "A payment on one day has no end of its own; leave end, number and total out.",
    "单次付款不设截止日、次数或总额；请留空。",
)
TOO_MANY = declined(
    "standing.too_many",
    "{most} standing payments of yours are in force ({article}); stop one first.",
    "您已有 {most} 项生效的定期付款（{article_zh}）；请先停用一项。",
)
FARTHEST = 366


def plan_of(command: MakeStanding) -> Plan:
    """When what is arranged falls due."""
    return Plan(command.first_on, command.every, command.last_day, command.until, command.times, command.total)


def check_make(command: MakeStanding, today: date) -> Plan:
    """Refuse what cannot be arranged, before anybody is looked up; answers when it falls due."""
    positive(command.amount)
    wallets.check_memo(command.memo)
    if command.first_on < today:
        raise PASSED(day=command.first_on.isoformat(), today=today.isoformat())
    if (command.first_on - today).days > FARTHEST:
        raise TOO_FAR(days=FARTHEST, day=command.first_on.isoformat())
    if command.every == "once" and (command.until or command.times or command.total or command.last_day):
        raise ONCE()
    if command.total is not None:
        positive(command.total)
    plan = plan_of(command)
    if (command.total and command.total.currency != command.amount.currency) or (
        next_due(plan, 0, 0, command.amount.minor) is None
    ):
        raise NEVER()
    return plan


def check_count(limits: StandingOrders, active: int) -> None:
    """Refuse ``standing.too_many``."""
    if active >= limits.orders_max:
        raise TOO_MANY(most=limits.orders_max, article=limits.article.en, article_zh=limits.article.zh)


def first(order_id: str, payer: str, payee: str, command: MakeStanding, plan: Plan, at: datetime) -> Order:
    """A new order, before anything of it was tried."""
    due_on = next_due(plan, 0, 0, command.amount.minor)
    if due_on is None:
        raise InvariantBroken("a plan that was checked falls due once at least")
    return Order(order_id, payer, payee, command.amount, command.memo, plan, at, "active", 0, due_on, due_on, at)


def transfer_id(order_id: str, number: int) -> str:
    """The id of the transfer that is a payment of an order: one, whoever tries and how often."""
    return f"{order_id}.{number}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to: the order as it stands after it, and what became of the payment where that is known now."""

    order: Order
    done: Done | None


def after_try(order: Order, code: str, limits: StandingOrders, on: date, at: datetime, closing: bool) -> Tried:
    """What follows a try: paid (no ``code``), to be tried again later that day or the next, or missed for that code.

    ``closing``: the day is being closed, so this was its last try.
    """
    if not code:
        return _went_on(
            replace(order, paid=order.paid + 1), Done(order.id, order.number, order.due_on, on, "paid", "", at)
        )
    tries = order.tries + 1
    if tries < limits.day_tries and not closing:
        return Tried(replace(order, tries=tries, try_at=at + timedelta(minutes=limits.minutes)), None)
    if order.days + 1 < limits.days:
        return Tried(replace(order, tries=0, days=order.days + 1, try_on=on + timedelta(days=1), try_at=at), None)
    missed = Done(order.id, order.number, order.due_on, on, "missed", code, at)
    return _went_on(replace(order, missed=order.missed + 1), missed)


def _went_on(order: Order, done: Done) -> Tried:
    """The order goes on with its next payment, or has ended."""
    number = order.number + 1
    due_on = next_due(order.plan, number, order.paid * order.amount.minor, order.amount.minor)
    if due_on is None:
        return Tried(replace(order, number=number, state="ended", ended_at=done.at, tries=0, days=0), done)
    return Tried(replace(order, number=number, due_on=due_on, try_on=due_on, try_at=done.at, tries=0, days=0), done)


def made_seen(command: MakeStanding, done: OrderView) -> dict[str, Any]:
    """What whoever confirms a standing payment must have seen: whom, how much, and when it is paid."""
    return {
        "name": done.name, "amount": done.amount, "memo": done.memo, "every": done.every, "coming": list(done.coming),
        "until": done.until, "times": done.times, "total": done.total,
    }  # fmt: skip
