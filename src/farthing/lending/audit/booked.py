"""Decide whether the entries of a loan are what its events come to: by account, and by the day that each is effective on. Pure.

Interest that is earned is compared by account alone: on which day it was earned follows from due days that events move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending import entries
from farthing.lending.acts.entries import KINDS, Places, bookings
from farthing.lending.life import PAYING, Life, stands
from farthing.lending.telling import mark_of
from farthing.lending.top_ups.model import PAYS_OFF

Booked = dict[tuple[date | None, str], int]
"""Minor units, a debit positive, by day (none: interest that is earned) and account."""
EARNED = (KINDS["accrual"][0], KINDS["waive"][0])
"""Kinds of entries that say what interest is earned, or is no more."""


def acted(life: Life) -> bool:
    """Whether more happened to a loan than being paid out and repaid: its entries are then known from their leaves alone. An act
    may also be a repayment that is told of today."""
    return bool(mark_of(life)) or any(event.id.startswith("act_") for event in life.events)


def references(life: Life) -> list[str]:
    """What the entries of a loan are called that was paid out and repaid, and no more; some may never have been needed."""
    loan = life.loan
    return [
        entries.disbursement_reference(loan.id),
        *(entries.repayment_reference(loan.id, event.id) for event in life.events if event.kind in PAYING),
        *(entries.accrual_reference(loan.id, str(each.number)) for each in loan.instalments),
    ]


def asked(life: Life, places: Places) -> Booked:
    """What the entries of a loan should say, by its events as of the day of which its obligations tell."""
    found: Booked = {}
    on = life.as_of_on or life.events[0].on
    for (day, _, kind), lines in bookings(life.loan, life.events, stands(life, on), on, places).items():
        for path, amount in lines.items():
            _add(found, (None if kind == "accrual" else day, path), amount)
    first = life.events[0]
    kept = first.about.get(PAYS_OFF)
    pays_off = Money(kept["minor"], life.currency) if kept else None
    lent = replace(life.loan, principal=first.amount)
    paid_out = entries.disbursement(lent, places.wallet, first.on, pays_off)
    return counted([paid_out], found)


def counted(posted: Iterable[JournalEntry], found: Booked) -> Booked:
    """What entries say, added to what was found."""
    for entry in posted:
        for posting in entry.postings:
            day = None if entry.kind in EARNED else entry.effective_on
            _add(found, (day, posting.account), posting.amount.minor)
    return found


def _add(found: Booked, place: tuple[date | None, str], amount: int) -> None:
    found[place] = found.get(place, 0) + amount


def misbooked(life: Life, posted: Iterable[JournalEntry], places: Places) -> list[str]:
    """Where the entries of a loan that the own book holds alone do not say what its events come to."""
    wanted, said = asked(life, places), counted(posted, {})
    currency = life.currency
    return [
        f"comes to {wanted.get(place, 0)} minor units of {currency} on {place[1]}{_of(place[0])} by its events, and its entries"
        f" say {said.get(place, 0)}"
        for place in sorted({*wanted, *said}, key=lambda place: (place[0] or date.min, place[1]))
        if wanted.get(place, 0) != said.get(place, 0)
    ]


def _of(day: date | None) -> str:
    return f" of {day}" if day else " for interest"
