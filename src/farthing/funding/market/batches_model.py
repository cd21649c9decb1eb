"""Own ``MarketBatch``: a call auction of the marketplace on the ledger, from the money set aside to the last fill.

Tables: ``market_batch``, ``market_offered``. Never decides who gets what: :mod:`farthing.funding.clearing` does, from the
published document and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from farthing.kit.inputs import Id
from farthing.kit.money import Money

BatchState = Literal["opened", "done"]


@dataclass(frozen=True, slots=True)
class MarketBatch:
    """A batch. ``digest`` is of its published document, ``fills_digest`` of what it comes to. ``asked``: by its listings,
    ``offered``: by its mandates, ``funded``: of both. ``gini``, ``lowest``, ``median``, ``highest`` are of the parts of what
    they asked for that mandates were given; ``envied``: listings of which a lender who was given less would take a note of one
    who was given more."""

    id: str
    rule: str
    opened_at: datetime
    opened_on: date
    state: BatchState
    listings: int
    mandates: int
    asked: Money
    offered: Money
    digest: str
    funded: Money | None = None
    fills_digest: str = ""
    gini: Decimal | None = None
    lowest: Decimal | None = None
    median: Decimal | None = None
    highest: Decimal | None = None
    envied: int | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """Gather what is listed and what mandates offer, now, and set their money aside."""

    slot: Id


@dataclass(frozen=True, slots=True)
class BatchStep:
    """One piece of what a batch does."""

    batch_id: Id


@dataclass(frozen=True, slots=True)
class Offered:
    """What a mandate offers in a batch: under its ``name`` in the document, held in its lender's wallet."""

    batch_id: str
    name: str
    mandate_id: str
    party_id: str
    offered: Money
    placed: Money | None = None
    held: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a mandate was given in a batch, and why it was not more: of the listings that ``fit``, so many were ``full``, at his
    own limit of one loan or of a grade. ``name`` is what it is called in the published document."""

    batch_id: str
    digest: str
    name: str
    mandate_id: str
    rule: str
    asked: Money
    filled: Money
    fills: tuple[ReceiptLine, ...]
    fit: int
    full: int
    at_loan_limit: int
    at_grade_limit: int


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A part of a listing that was given, at a rate a year; not ``kept`` where the listing was over when the batch ended."""

    listing_id: str
    amount: Money
    annual: Decimal
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """A live mandate as a batch gathers it: what it may still lend, since when its money waits, what its lender holds by
    borrower (party ids)."""

    mandate_id: str
    party_id: str
    room: int
    waits_since: datetime
    holds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A batch before it is opened: its document, and what of which wallet it sets aside, by name in the document."""

    document: dict[str, object]
    offered: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What became of a step: how many mandates or loans it came to, and whether the batch is done with it."""

    batch_id: str
    handled: int
    over: bool
