"""Own the request to pay, the bill that is split into such requests, and the block that ends them.

Tables: ``pay_request``, ``request_block``, ``bill_split``. A request moves no money: it is paid by a transfer that has its id, or
it is not paid. Neither side is told the other's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, Strict

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, AnyId, Few, Flag, Id, Memo
from farthing.kit.money import Money
from farthing.kit.words import Words

State = Literal["open", "held", "paid", "declined", "expired", "withdrawn"]
"""held: it was paid, and the bank looks at the payment before it goes."""
Side = Literal["made", "received"]
Days = Annotated[int, Strict(), Field(ge=1, le=365)]


@dataclass(frozen=True, slots=True)
class AskToPay:
    """Ask somebody for an amount: ``whom`` by the asker's own word for whoever was looked up; for one's merchant where one is
    named."""

    asker: Id
    whom: Id
    amount: Amount
    reason: Memo = ""
    days: Days = 7
    merchant_id: AnyId = ""


@dataclass(frozen=True, slots=True)
class BillShare:
    """Who has a part in a bill: how much, or an equal part where nobody's amount is said."""

    whom: Id
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class SplitBill:
    """Divide a bill that one paid: equally, or by amounts. ``own``: one has a part in it oneself."""

    maker: Id
    total: Amount
    people: Annotated[tuple[BillShare, ...], Few]
    reason: Memo = ""
    own: Flag = True
    days: Days = 7


@dataclass(frozen=True, slots=True)
class PayRequest:
    """Pay what one was asked for."""

    payer: Id
    request_id: Id


@dataclass(frozen=True, slots=True)
class Decline:
    """Say no, with a word or without."""

    payer: Id
    request_id: Id
    word: Memo = personal("")


@dataclass(frozen=True, slots=True)
class Block:
    """Take no more requests of whoever made this one."""

    payer: Id
    request_id: Id


@dataclass(frozen=True, slots=True)
class Unblock:
    """Take requests of somebody again."""

    payer: Id
    block_id: Id


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request that one made: to be withdrawn, or reminded of."""

    asker: Id
    request_id: Id


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is kept."""

    id: str
    asker: str
    payer: str
    merchant_id: str
    split_id: str
    amount: Money
    reason: str
    asked_at: datetime
    expires_at: datetime
    state: State = "open"
    ended_at: datetime | None = None
    reminded_on: date | None = None
    word: str = ""
    tries: int = 0

    @property
    def payment_id(self) -> str:
        """The name of the transfer that pays it: its own, and one after it for each payment that waited and was not let go."""
        return f"{self.id}:{self.tries + 1}" if self.tries else self.id

    def state_at(self, at: datetime) -> State:
        """How it stands: whose time is over is expired, whether the worker has been there or not."""
        return "expired" if self.state == "open" and self.expires_at <= at else self.state


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as one of its two sides sees it; ``name`` is the other's. ``reference`` finds the payment in one's history,
    ``payment_id`` is its name while it waits."""

    id: str
    own: bool
    state: State
    amount: Money
    asked_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reminded_on: date | None
    split_id: str
    reference: str
    reason: str
    payment_id: str
    name: str = personal()
    word: str = personal("")


@dataclass(frozen=True, slots=True)
class RequestPaid:
    """A request that was paid; ``reference`` finds the payment in one's history. Or its payment waits for a person to look at it,
    until ``held_until`` at most."""

    id: str
    reference: str
    amount: Money
    reason: str
    recorded_at: datetime
    name: str = personal()
    held_until: datetime | None = None
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """Somebody whose requests one does not take."""

    id: str
    blocked_at: datetime
    name: str = personal()


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that was split, as it is kept; ``own`` is its maker's part."""

    id: str
    maker: str
    total: Money
    own: Money
    reason: str
    split_at: datetime


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill and who has paid; ``own`` counts as paid, since its maker paid the whole. ``waits``: what is asked for still;
    ``lost``: what was declined, withdrawn or not answered in time."""

    id: str
    total: Money
    own: Money
    paid: Money
    waits: Money
    lost: Money
    reason: str
    split_at: datetime
    people: tuple[RequestView, ...]
