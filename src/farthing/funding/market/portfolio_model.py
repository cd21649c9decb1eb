"""Own ``Portfolio`` and ``NoteOfLender``: where a lender's money is, and how late the loans are that he holds notes of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class LateNotes:
    """Notes of loans that are from ``first`` to ``last`` days past due (without ``last``: or more); ``left``: not repaid."""

    first: int
    last: int | None
    loans: int
    left: Money


@dataclass(frozen=True, slots=True)
class NoteOfLender:
    """A note that a lender holds: of which listing, what of it is ``left`` that is not repaid, how late its loan is."""

    loan_id: str
    listing_id: str
    grade: str
    annual: Decimal
    months: int
    purpose: str
    since: date
    left: Money
    days_late: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A lender's money: in the ``wallet`` and free, ``waiting`` on escrow for loans to be paid out, ``left`` of notes of so many
    ``loans``, of which the ``largest`` is lent in one. ``late``: the same notes by how late their loans are, the least first."""

    party_id: str
    wallet: Money
    waiting: Money
    loans: int
    left: Money
    largest: Money
    late: tuple[LateNotes, ...]
