"""Own ``Listing``: a loan that waits for lenders, valued before it is shown; and ``Fill``, a part of it that a lender gives.

Tables: ``market_listing``, ``market_fill``. Never holds money: fills lie on the listing's escrow until the loan is paid out, and
from then on the lenders have notes (:mod:`farthing.funding.holdings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from farthing.kit.inputs import Amount, Flag, Id
from farthing.kit.money import Money
from farthing.kit.words import Words

LISTED, LISTING_PLACED, LISTING_ENDED = "market.listed", "market.placed", "market.ended"
"""Leaves of the log that say so of a listing."""
State = Literal["open", "full", "placed", "failed", "withdrawn"]
"""``open``: lenders are sought. ``full``: enough is there, and lenders may still reflect. ``placed``: its lenders hold the loan.
``failed``, ``withdrawn``: they have their money back, because too little was there by the last day, or the loan was given up. Of
one that failed the own book lends all of it that partners do not, where it is backed."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What is expected of a listed loan, as it was valued on the day of listing, by the curve published then: ``default`` in a
    year, ``lost`` of a default, the whole life's ``expected_loss`` in money, ``expected_return`` a year after losses and fee.
    ``protects``: whether its borrower's fees on the lenders' part go to the protection fund."""

    grade: str
    default: Decimal
    lost: Decimal
    fee: Decimal
    annual: Decimal
    expected_loss: Money
    expected_return: Decimal
    protects: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A loan of ``principal`` of which lenders are sought for ``amount``, a whole number of notes.

    ``kept``: the part that is for who picks it by hand, until the day ``kept_until`` for nobody else; ``picked`` of it is.
    ``per_lender``: what one lender gets at most. ``least``: what must be there by the end of ``closes_on``. ``filled``: what is
    there; ``in_batch``: what a batch that is clearing may fill. ``repaid``: of the lenders' principal, and shared out.
    ``ready_on``: from which day on no lender of it may reflect any more. ``partners``: what partner lenders lend beside them;
    ``backed``: whether the own book lends what is left. ``party_id`` borrows it as ``loan_id``: lenders are told neither.
    """

    id: str
    product: str
    purpose: str
    region: str
    months: int
    principal: Money
    amount: Money
    note: Money
    kept: Money
    kept_until: date
    per_lender: Money
    least: Money
    worth: Worth
    reflection_days: int
    listed_on: date
    closes_on: date
    state: State
    filled: Money
    picked: Money
    in_batch: Money
    repaid: Money
    partners: Money
    backed: bool
    ready_on: date | None = None
    loan_id: str = ""
    party_id: str = ""

    @property
    def sought(self) -> Money:
        """What is still sought."""
        return self.amount - self.filled

    @property
    def rest(self) -> Money:
        """What is sought of nobody: the own book lends it."""
        return self.principal - self.amount - self.partners

    @property
    def pickable(self) -> Money:
        """What may be picked by hand now."""
        return max(min(self.kept - self.picked, self.sought - self.in_batch), self.amount * 0)


@dataclass(frozen=True, slots=True)
class ListingTold:
    """What the log says of a listing when it is opened, placed, or ends otherwise: not whose it is."""

    listing_id: str
    loan_id: str
    product: str
    grade: str
    annual: Decimal
    months: int
    amount: Money
    filled: Money
    closes_on: date
    state: State


@dataclass(frozen=True, slots=True)
class Tally:
    """Listings of one state: how many, what was sought for them and what lenders give of it. ``called``: the state in words."""

    state: State
    called: Words
    listings: int
    amount: Money
    filled: Money


@dataclass(frozen=True, slots=True)
class Fill:
    """A part of a listing that a lender gives, by hand or by a mandate in a batch. ``returned_on``: since when he has it back."""

    listing_id: str
    id: str
    party_id: str
    amount: Money
    filled_on: date
    filled_at: datetime
    batch_id: str = ""
    mandate_id: str = ""
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bid:
    """Pick a part of a listing by hand. ``consents``: although all that one lends is more than the policy pack lets anybody lend
    without saying so."""

    listing_id: Id
    party_id: Id
    amount: Amount
    consents: Flag = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take a fill back while one may reflect."""

    listing_id: Id
    fill_id: Id


@dataclass(frozen=True, slots=True)
class Bidding:
    """A bid that was taken: the fill, the listing after it, and until which day the lender may take it back, if at all."""

    fill: Fill
    listing: Listing
    reflects_until: date | None
    warning: Words
