"""Own ``Edition``: the notes of a loan's lenders from a day on, and what they are pledged, given and charged. Pure.

On the loan, and in its contract, the marketplace is one holder with one share. The share is split over its lenders by the rule
by which a loan is split over its holders (:mod:`farthing.lending.held`), so that nobody but this package knows how many they are.
Tables: ``funding_listed``, ``funding_pledge``, ``funding_edition``, ``funding_lender_note``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kit.errors import InvariantBroken

Base = Literal["principal", "interest", "penalty", "fee", "recovered"]


@dataclass(frozen=True, slots=True)
class Fee:
    """What lenders pay the platform of what they receive: ``rate`` (0.01 is one per cent) of the components in ``of``;
    ``recovered`` is whatever comes in once the loan was given up. Pinned when the loan is listed, for its life."""

    rate: Decimal = Decimal(0)
    of: tuple[Base, ...] = ("interest",)

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise InvariantBroken(f"a fee of {self.rate} of what is received")


@dataclass(frozen=True, slots=True)
class Pledged:
    """Whose money, on the escrow of a listing, pays a loan out: parties and minor units, each party once, in their order.
    ``protects``: :class:`Listed`."""

    loan_id: str
    listing_id: str
    currency: str
    fee: Fee
    lenders: Sequence[tuple[str, int]]
    protects: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What of a loan's listing was pinned: from which escrow it is paid out, what its lenders pay, how many they were; whether
    the fees that its borrower pays on their part go to the protection fund (:mod:`farthing.funding.protection`)."""

    loan_id: str
    listing_id: str
    currency: str
    fee: Fee
    lenders: int
    protects: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """The lenders of a loan from a day on, in columns. ``weights``: what of the principal that each lent was not repaid when the
    edition began, in minor units; ``after``: the loan's flows up to this number had been shared out by then."""

    from_on: date
    after: int
    parties: Sequence[str] = field(repr=False)
    weights: Sequence[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Covered:
    """What the protection fund paid the lenders of a loan that was given up, in minor units; what comes in after the loan's flow
    of this number is the fund's until it has that back."""

    paid: int
    after: int
    on: date


@dataclass(frozen=True, slots=True)
class Market:
    """What sharing a loan out over its lenders takes: what was pinned, the editions that matter (the oldest first), and those of
    their wallets (paths) that take no money now. ``covered``: what the protection fund paid of it, if anything."""

    listed: Listed
    editions: Sequence[Edition]
    closed: frozenset[str] = frozenset()
    covered: Covered | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A part of a note goes from one lender to another: ``principal`` minor units of what is not repaid."""

    seller: str
    buyer: str
    principal: int


@dataclass(frozen=True, slots=True)
class Given:
    """What lenders are given of something received: to each, after its fee, and the fees of all; ``protected``: what of their
    part is the protection fund's."""

    net: list[int] = field(repr=False)
    fees: int
    protected: int = 0


@dataclass(frozen=True, slots=True)
class NoteHeld:
    """A lender's note: what it was when it began, and what of it is not repaid, in minor units."""

    loan_id: str
    currency: str
    since: date
    principal: int
    left: int
