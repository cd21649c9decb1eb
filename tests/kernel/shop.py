"""Operations for tests of the kernel: a shop that sells, and whose large orders need two persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel import attendance
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import Call, operation
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.errors import Refusal, declined
from farthing.kit.words import Words

SOLD_OUT = declined("shop.sold_out", "There is no {item} left.", "{item} 已售完。")


@dataclass(frozen=True, slots=True)
class Sell:
    """Sell a quantity of an item."""

    item: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold, under which number."""

    item: str
    quantity: int
    number: str


@operation("shop.sell", title=Words("shop.sell", "试验"), permission="shop:sell", whose=NOBODYS)
def sell(tx: Tx, command: Sell) -> Sold:
    """Sell; ``caviar`` is always sold out."""
    if command.item == "caviar":
        raise SOLD_OUT(item=command.item)
    return Sold(command.item, command.quantity, tx.new_id("sale"))


@operation("shop.order", title=Words("shop.order", "试验"), permission="shop:order", whose=NOBODYS, four_eyes=True)
def order_two(tx: Tx, command: Sell) -> Sold:
    """Order; always needs a second person."""
    return sell(tx, command)


PRICES = {"tea": 100}
"""What a thing costs today: a test that changes it puts it back."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought at which price, under which number."""

    item: str
    price: int
    number: str


def buy_batch(tx: Tx, calls: Sequence[Call]) -> list[Bought | Refusal]:
    """Buy for many."""
    return [buy(tx, call.command) for call in calls]


def price_of(command: Sell, bought: Bought) -> dict[str, Any]:
    """The price, which whoever confirms must have seen."""
    return {"price": bought.price}


@operation(
    "shop.buy", title=Words("shop.buy", "试验"), permission="shop:buy", whose=NOBODYS, batch=buy_batch, confirm=price_of
)
def buy(tx: Tx, command: Sell) -> Bought:
    """Buy at today's price; ``caviar`` is always sold out."""
    if command.item == "caviar":
        raise SOLD_OUT(item=command.item)
    return Bought(command.item, PRICES["tea"] * command.quantity, tx.new_id("sale"))


@operation(
    "shop.buy_dear", title=Words("shop.buy_dear", "试验"), permission="shop:buy", whose=NOBODYS, four_eyes=True,
    confirm=price_of,
)  # fmt: skip
def buy_dear(tx: Tx, command: Sell) -> Bought:
    """Buy at today's price, which a second person must want."""
    return buy(tx, command)


@dataclass(frozen=True, slots=True)
class Serve:
    """Serve a customer a glass of tea, or many."""

    party_id: str
    glasses: int = 1


@dataclass(frozen=True, slots=True)
class Served:
    """Whom the actor could act for while it served."""

    party_id: str
    acted: bool


@operation(
    "shop.serve",
    title=Words("shop.serve", "试验"),
    permission="shop:serve",
    whose=of("party_id"),
    two_for_another=lambda tx, command: command.glasses > 9,
)
def serve(tx: Tx, command: Serve) -> Served:
    """Serve tea to a customer, who is there."""
    return Served(command.party_id, tx.actor.acts_for(command.party_id))


@dataclass(frozen=True, slots=True)
class Enter:
    """A customer comes in."""

    party_id: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A customer leaves."""

    attendance_id: str


@operation("shop.enter", title=Words("shop.enter", "试验"), permission="shop:door", whose=STAFF)
def enter(tx: Tx, command: Enter) -> attendance.Attendance:
    """Note that a customer is there."""
    return attendance.record(tx, command.party_id, "document")


@operation("shop.leave", title=Words("shop.leave", "试验"), permission="shop:door", whose=STAFF)
def leave(tx: Tx, command: Leave) -> Leave:
    """Note that a customer left."""
    attendance.end(tx, command.attendance_id)
    return command


READ: list[str] = []
"""The order slips that were read, each time one was."""


def read_slip(command: Sell) -> str:
    """Read an order slip; slow, so it is done before a transaction is open."""
    READ.append(command.item)
    if command.item == "scrawl":
        raise SOLD_OUT(item=command.item)
    return command.item.upper()


@operation(
    "shop.order_by_slip",
    title=Words("shop.order_by_slip", "试验"),
    permission="shop:sell",
    whose=NOBODYS,
    prepare=read_slip,
)
def order_by_slip(tx: Tx, command: Sell, item: str) -> Sold:
    """Sell what the slip says."""
    return Sold(item, command.quantity, tx.new_id("sale"))


STOCK: set[str] = set()
"""What stands on the shelf, for the step of a day's close that counts it."""


@operation("shop.take_stock", title=Words("shop.take_stock", "试验"), permission="kernel:close_day", whose=STAFF)
def take_stock(tx: Tx, command: CloseStep) -> Stepped:
    """A step of a day's close that is refused while there is no rice."""
    if "rice" not in STOCK:
        raise SOLD_OUT(item="rice")
    return Stepped(len(STOCK))
