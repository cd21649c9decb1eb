"""Own what each step of a movement posts. Pure.

    pay                what was held moves          ACCOUNT                       amount   assets:cash:RAIL             -amount
    free               what was held is free
    to_transit         what was held is on its way  ACCOUNT                       amount   liabilities:in-transit:RAIL  -amount
    from_transit       it arrived                   liabilities:in-transit:RAIL   amount   assets:cash:RAIL             -amount
    back_from_transit  it never left the rail       liabilities:in-transit:RAIL   amount   ACCOUNT                      -amount
    credit             it came in                   assets:cash:RAIL              amount   ACCOUNT                      -amount
    give_back          it came back                 assets:cash:RAIL              part     ACCOUNT                      -part
    take_back          what came in was taken back  ACCOUNT     what of it is there        assets:returned:RAIL    -the same
                                                    assets:returned:RAIL          part     assets:cash:RAIL             -part

ACCOUNT is a wallet, or the settlement account of a partner. What a wallet no longer has of money that was taken back stays on
``assets:returned:RAIL``: its owner owes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from farthing.kit.money import Money
from farthing.ledger.chart import in_transit_path, rail_path, returned_path, suspense_path
from farthing.ledger.model import AccountSpec, Command, JournalEntry, Posting, Release
from farthing.payments import rules
from farthing.payments.life.model import Suspended
from farthing.payments.life.rules import Booking
from farthing.payments.model import RailPayment
from farthing.payments.wallets import BACK, PAY_OUT, SETTLED, SUSPENSE, TAKEN_BACK


@dataclass(frozen=True, slots=True)
class At:
    """Where a step is booked: the movement after it, its account, the fact's id, what came back by it, and the day."""

    payment: RailPayment
    account: str
    fact: str
    came_back: Money
    on: date
    home: str


def accounts(at: At) -> tuple[AccountSpec, ...]:
    """The house's accounts that a step may post to."""
    currency = at.payment.amount.currency
    return (
        AccountSpec(rail_path(at.payment.rail), currency),
        AccountSpec(in_transit_path(at.payment.rail, currency, at.home), currency, floor=0),
        AccountSpec(returned_path(at.payment.rail, currency, at.home), currency),
    )


def booked(booking: Booking, at: At) -> list[Command]:
    """What a step posts, in order."""
    return _BOOKINGS[booking](at)


def _entry(at: At, name: str, kind: str, debit: str, credit: str, amount: Money) -> JournalEntry:
    base = rules.rail_reference(at.payment)
    return JournalEntry(
        reference=f"{base}:{name}" if name else base,
        kind=kind,
        effective_on=at.on,
        postings=(Posting(debit, amount), Posting(credit, -amount)),
        memo=rules.rail_memo(at.payment),
    )


def _transit(at: At) -> str:
    return in_transit_path(at.payment.rail, at.payment.amount.currency, at.home)


def _pay(at: At) -> list[Command]:
    return [rules.rail_settle(at.payment, at.on)]


def _free(at: At) -> list[Command]:
    return [rules.rail_release(at.payment)]


def _to_transit(at: At) -> list[Command]:
    freed = Release(f"{rules.rail_reference(at.payment)}:freed", rules.hold_of(at.payment), linked=True)
    return [freed, _entry(at, "", PAY_OUT, at.account, _transit(at), at.payment.amount)]


def _from_transit(at: At) -> list[Command]:
    return [_entry(at, "settled", SETTLED, _transit(at), rail_path(at.payment.rail), at.payment.amount)]


def _back_from_transit(at: At) -> list[Command]:
    return [_entry(at, "back", BACK, _transit(at), at.account, at.payment.amount)]


def _credit(at: At) -> list[Command]:
    return [rules.rail_entry(at.payment, at.account, at.on)]


def _give_back(at: At) -> list[Command]:
    return [_entry(at, at.fact, BACK, rail_path(at.payment.rail), at.account, at.came_back)]


def taken_back(at: At) -> str:
    """The reference of what was taken out of a wallet, as much as was there."""
    return f"{rules.rail_reference(at.payment)}:{at.fact}"


def _take_back(at: At) -> list[Command]:
    claim = returned_path(at.payment.rail, at.payment.amount.currency, at.home)
    there = _entry(at, at.fact, TAKEN_BACK, at.account, claim, at.came_back)
    gone = _entry(at, f"{at.fact}:left", TAKEN_BACK, claim, rail_path(at.payment.rail), at.came_back)
    return [replace(there, at_most=True), gone]


_BOOKINGS: dict[Booking, Callable[[At], list[Command]]] = {
    "pay": _pay, "free": _free, "to_transit": _to_transit, "from_transit": _from_transit,
    "back_from_transit": _back_from_transit, "credit": _credit, "give_back": _give_back, "take_back": _take_back,
}  # fmt: skip


def suspended(item: Suspended, on: date, home: str) -> JournalEntry:
    """Money that came in and is nobody's yet.

    assets:cash:RAIL  amount
        liabilities:suspense:RAIL  -amount
    """
    return _suspense(item, "", rail_path(item.rail), suspense_path(item.rail, item.amount.currency, home), on)


def applied(item: Suspended, wallet: str, on: date, home: str) -> JournalEntry:
    """The same, once it is known whose it is.

    liabilities:suspense:RAIL  amount
        WALLET  -amount
    """
    return _suspense(item, ":applied", suspense_path(item.rail, item.amount.currency, home), wallet, on)


def _suspense(item: Suspended, name: str, debit: str, credit: str, on: date) -> JournalEntry:
    postings = (Posting(debit, item.amount), Posting(credit, -item.amount))
    return JournalEntry(
        f"suspense:{item.id}{name}", SUSPENSE, on, postings, f"{item.rail} {item.counterparty}".rstrip()
    )
