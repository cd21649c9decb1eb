"""Own the standing order and what became of each of its payments.

Tables: ``standing_order``, ``standing_payment``. A payment is a transfer whose id is the order's and the payment's number; when
it falls due follows from the first day alone, so nothing is written ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, Strict

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Day, Flag, Id, Memo
from farthing.kit.money import Money

Every = Literal["once", "week", "month"]
State = Literal["active", "stopped", "ended"]
Became = Literal["paid", "missed"]
Times = Annotated[int, Strict(), Field(ge=1, le=1_200)]


@dataclass(frozen=True, slots=True)
class MakeStanding:
    """Arrange payments to somebody who was looked up: on ``first_on``, and then each week or month.

    ``last_day``: each on the last day of its month. It ends with the ``until`` day, after so many ``times``, or before all would
    come to more than the ``total``, whichever is first; else it stands until it is stopped.
    """

    payer: Id
    whom: Id
    amount: Amount
    first_on: Day
    every: Every = "once"
    memo: Memo = ""
    last_day: Flag = False
    until: Day | None = None
    times: Times | None = None
    total: Amount | None = None


@dataclass(frozen=True, slots=True)
class StopStanding:
    """Stop it: nothing more is paid."""

    payer: Id
    order_id: Id


@dataclass(frozen=True, slots=True)
class Plan:
    """When an order falls due, and when it ends."""

    first_on: date
    every: Every
    last_day: bool
    until: date | None
    times: int | None
    total: Money | None


@dataclass(frozen=True, slots=True)
class Order:
    """A standing order as it is kept. ``number`` counts payments from 0; the next falls due on ``due_on`` and is tried on
    ``try_on``, not before ``try_at``; ``tries`` were made that day, ``days`` before it went by in vain."""

    id: str
    payer: str
    payee: str
    amount: Money
    memo: str
    plan: Plan
    made_at: datetime
    state: State
    number: int
    due_on: date
    try_on: date
    try_at: datetime
    tries: int = 0
    days: int = 0
    paid: int = 0
    missed: int = 0
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one payment of an order, with the code of why it was not paid."""

    order_id: str
    number: int
    due_on: date
    done_on: date
    became: Became
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of an order as its payer sees it; ``reference`` finds it in one's history."""

    number: int
    due_on: date
    done_on: date
    became: Became
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """A standing order as its payer sees it: whom it pays, masked, the next days, and the latest payments. ``waits``: how often
    the payment that is due was tried in vain."""

    id: str
    amount: Money
    memo: str
    every: Every
    last_day: bool
    first_on: date
    until: date | None
    times: int | None
    total: Money | None
    state: State
    next_on: date | None
    coming: tuple[date, ...]
    waits: int
    paid: int
    missed: int
    made_at: datetime
    payments: tuple[PaymentLine, ...]
    name: str = personal()


MISSED = "standing.missed"
"""The leaf of the log that says that a payment was not made, after all tries."""


@dataclass(frozen=True, slots=True)
class MissedTold:
    """A payment that was not made: of which order and payer, due when, and why."""

    order_id: str
    payer: str
    due_on: date
    amount: Money
    code: str
