"""Own the file of payment orders (pain.001) and each order in it.

Tables: ``order_file``, ``order_line``, and ``order_taken``, which says of each order of a customer by which file it was taken
first. An order is paid by a transfer here or a pay-out of its own; how it stands is that payment's state. Never keeps the file
itself, nor the payee's account longer than it is needed to pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Base64, Id
from farthing.kit.money import Money

FileState = Literal["brought", "agreed", "withdrawn"]
LineState = Literal["understood", "waits", "made", "known", "refused"]
"""understood: it can be paid once the file is agreed to; waits: for its day and its turn; made: paid here, or on its way by rail;
known: it was taken before, by another file or an earlier place of this one; refused: it is not paid, and why."""
Way = Literal["here", "rail"]


@dataclass(frozen=True, slots=True)
class BringOrders:
    """Bring a file of credit transfers (pain.001.001.09, base 64) of a customer; nothing moves before it is agreed to."""

    party_id: Id
    content: Base64 = secret()


@dataclass(frozen=True, slots=True)
class AgreeOrders:
    """Agree to a file as it was understood: its orders are paid on their days."""

    party_id: Id
    file_id: Id


@dataclass(frozen=True, slots=True)
class WithdrawOrders:
    """Take back what of a file was not paid yet."""

    party_id: Id
    file_id: Id


@dataclass(frozen=True, slots=True)
class OrderFile:
    """A file as it is kept: ``said`` is what its amounts come to, as it says them."""

    id: str
    party_id: str
    message_id: str
    digest: str
    made_at: datetime
    brought_at: datetime
    lines: int
    state: FileState = "brought"
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order. ``taken_as`` names it among all orders of its customer, ``digest`` is what it says; ``account`` and ``name`` are
    masked once they are not needed any more. ``code`` is why it was refused, ``reason_code`` the same as ISO 20022 has it.
    ``payment_id`` is the transfer or the movement that pays it."""

    file_id: str
    number: int
    party_id: str
    batch: str
    instruction_id: str
    end_to_end_id: str
    uetr: str
    on: date
    said: Decimal
    amount: Money | None
    account: str
    name: str
    memo: str
    taken_as: str
    digest: str
    way: Way
    payee: str
    state: LineState
    code: str = ""
    reason_code: str = ""
    payment_id: str = ""


@dataclass(frozen=True, slots=True)
class OrderTold:
    """An order as its customer sees it: what the file said, and how it stands (``status`` and reason of ISO 20022, our ``code``).
    ``said`` is the amount as the file has it, which may be none that can be paid."""

    number: int
    batch: str
    instruction_id: str
    end_to_end_id: str
    on: date
    said: str
    amount: Money | None
    account: str
    way: Way
    status: str
    reason_code: str
    code: str
    payment_id: str
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class StatusSum:
    """Orders of a file that stand alike, and what they come to as far as their amounts could be read."""

    status: str
    orders: int
    amount: Money


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file as its customer sees it. ``status``: of the whole, as ISO 20022 has it. ``pays``: what was understood and is to be
    paid, or was. ``orders``: the first of them, those with something wrong before the others; ``more`` says that there are."""

    id: str
    message_id: str
    made_at: datetime
    brought_at: datetime
    agreed_at: datetime | None
    state: FileState
    status: str
    sums: tuple[StatusSum, ...]
    pays: Money
    pays_by_rail: Money
    first_on: date | None
    last_on: date | None
    orders: tuple[OrderTold, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to a file as it stands now: pain.002.001.10, base 64."""

    file_id: str
    content: str
