"""Own ``Sale``: a part of a note that its lender offers to sell; and ``Resale``, what somebody's mandate bought of it.

Tables: ``market_sale``, ``market_resale``. Never holds money: a price goes from wallet to wallet when notes change hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from farthing.kit.inputs import Amount, Id
from farthing.kit.money import Money

SaleState = Literal["open", "sold", "stopped", "ended"]
"""``open``: buyers are sought. ``sold``: all of it. ``stopped`` by its seller. ``ended``: nothing of the note is left, or
its loan was given up."""
ResaleState = Literal["planned", "done", "dropped"]
"""``planned`` for the close of its day, ``done``: note and price changed hands, ``dropped``: that could not be done any more."""


@dataclass(frozen=True, slots=True)
class Sell:
    """Offer a part of one's note of a placed listing: ``amount`` of principal that is not repaid."""

    listing_id: Id
    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class StopSale:
    """Sell nothing more of an offer."""

    sale_id: Id


@dataclass(frozen=True, slots=True)
class Sale:
    """What a lender offers of his note: ``offered`` principal, ``sold`` of it so far. What is repaid meanwhile is not sold."""

    id: str
    listing_id: str
    loan_id: str
    party_id: str
    offered: Money
    sold: Money
    since: datetime
    state: SaleState
    ended_on: date | None = None

    @property
    def left(self) -> Money:
        """What of it is not sold."""
        return self.offered - self.sold


@dataclass(frozen=True, slots=True)
class PriceParts:
    """Of what a price is made: a loan ``days_late`` is worth the ``part`` of what it is in time, less the part of its principal
    that is still expected ``to_lose``."""

    days_late: int
    part: Decimal
    to_lose: Decimal


@dataclass(frozen=True, slots=True)
class Resale:
    """A part of a sale that a mandate buys on a day. ``from_mandate``: by which the seller had lent it, none where he picked it
    by hand. ``price`` is for the principal, ``interest`` what the seller earned of it until the day; ``of_left``: what of the
    lenders' principal of the listing was not repaid then. The last four are there once it is done; ``parts`` not of what was
    done before they were kept."""

    id: str
    listing_id: str
    loan_id: str
    sale_id: str
    on: date
    state: ResaleState
    seller: str
    from_mandate: str
    buyer: str
    to_mandate: str
    principal: Money
    price: Money | None = None
    interest: Money | None = None
    of_left: Money | None = None
    parts: PriceParts | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """How the secondary market stands: principal that is ``queued`` by so many ``sellers``, and what was ``sold`` in the last
    ``window_days`` days."""

    queued: Money
    sellers: int
    sold: Money
    window_days: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a sale may take: in ``days``, by what was sold a day lately and is queued before it in turn; none where nothing
    was sold in ``window_days`` days, so that nobody knows. ``takers``: mandates that take such a loan now, with
    money or without; ``before``: principal that is sold before all of this is."""

    days: int | None
    before: Money
    takers: int
    window_days: int


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A sale as its seller is told it: what of it may still be ``left`` to sell, what it is worth today (``price``, and the
    ``interest`` that he earned, of what ``parts``; none while it is not for sale), and how long it may take."""

    sale: Sale
    left: Money
    days_late: int
    price: Money | None
    interest: Money | None
    wait: Wait | None
    parts: PriceParts | None = None


@dataclass(frozen=True, slots=True)
class Traded:
    """What somebody sold and bought of one loan in a while, in minor units: principal, its price, and interest until the day."""

    sold_principal: int
    sold: int
    sold_interest: int
    bought_principal: int
    bought: int
    bought_interest: int


@dataclass(frozen=True, slots=True)
class ResaleLine:
    """A part of a note that somebody sold, or bought, as he is told it: not of or from whom. ``parts``: why at that price."""

    id: str
    listing_id: str
    on: date
    sold: bool
    mandate_id: str
    principal: Money
    price: Money
    interest: Money
    parts: PriceParts | None = None
