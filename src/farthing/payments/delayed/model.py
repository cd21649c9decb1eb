"""Own the payment that goes later: in two hours or a day, as its payer chose, and revocable until then.

Table: ``delayed_payment``. Its money is held from the moment in which it is made; when it goes, it is the transfer of its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Id, Memo
from farthing.kit.money import Money

When = Literal["two_hours", "next_day"]
State = Literal["waits", "gone", "taken_back", "failed"]


@dataclass(frozen=True, slots=True)
class PayLater:
    """Pay somebody who was looked up, not at once: ``two_hours`` (or what the policy says in its place), or ``next_day``, at this
    hour."""

    payer: Id
    whom: Id
    amount: Amount
    when: When
    memo: Memo = ""


@dataclass(frozen=True, slots=True)
class TakeBackPayment:
    """Take a payment back that has not gone."""

    payer: Id
    payment_id: Id


@dataclass(frozen=True, slots=True)
class Delayed:
    """A payment that goes later, as it is kept. ``code``: why it could not go."""

    id: str
    payer: str
    payee: str
    amount: Money
    memo: str
    made_at: datetime
    goes_at: datetime
    state: State = "waits"
    code: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DelayedView:
    """A payment that goes later, as its payer sees it; ``reference`` finds it in his history once it has gone."""

    id: str
    amount: Money
    memo: str
    made_at: datetime
    goes_at: datetime
    state: State
    code: str
    reference: str
    ended_at: datetime | None
    name: str = personal()


ENDED = "delayed.ended"
"""The leaf of the log that says that a payment went, or could not go."""


@dataclass(frozen=True, slots=True)
class EndedTold:
    """A payment whose time had come: that it went, or why not."""

    payment_id: str
    payer: str
    amount: Money
    state: State
    code: str
