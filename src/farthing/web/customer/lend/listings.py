"""What seeks lenders: listings with what is expected of each, and picking a part of one by hand once it was shown."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import listings_service as listings
from farthing.funding.market.listings_model import Bid, Bidding, Listing
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.rates import percent
from farthing.payments import service as payments
from farthing.web.customer.lend.charts import chart, fans
from farthing.web.customer.lend.common import confirming, shown, state_of
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, current, once_more, pages, to

router = pages("/lend/listings")

AT_ONCE = 30
"""So many listings stand on a page."""
NOTES = 20
"""Of so many notes a listing's fan is drawn."""


@router.get("")
def listed(request: Request, after: str = "") -> Response:
    """What seeks lenders now."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        found = ask(listings.listings, after, AT_ONCE)
        return {"listings": found, "next": found[-1].id if len(found) == AT_ONCE else ""}

    return shown(request, "listings", None, build, after=after)


@router.get("/{listing_id}")
def listing(request: Request, listing_id: str) -> Response:
    """One listing: what is expected of it, and picking a part of it."""
    return listing_form(request, None, listing_id)


def listing_form(request: Request, refusal: Refusal | None, listing_id: str) -> Response:
    """The listing; with the amount as it was typed, where it was refused."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        found: Listing = ask(listings.listing, listing_id)
        return {
            "listing": found, "state": state_of(found), "chart": chart(fans(ask, found.note * NOTES, found.worth.grade)),
            "wallet": ask(payments.wallet, party),
            "default": percent(found.worth.default, least=0, most=2),
        }  # fmt: skip

    return shown(request, "listing", refusal, build)


@router.post("/{listing_id}")
@comes_back(listing_form)
def bid(request: Request, listing_id: str, fields: Fields) -> Response:
    """Show what picking a part comes to, and give it once it is confirmed."""
    who, here = current(request), f"/lend/listings/{listing_id}"
    command: Bid = command_of(listings.bid, fields, listing_id=listing_id, party_id=str(who.party_id))

    def show(tried: Bidding, form: dict[str, Any]) -> Any:
        return confirming(request, what="bid", tried=tried, action=here, back=here, **form)

    return once_more(request, fields, listings.bid, command, actor=who, show=show, then=lambda done: to("/lend"))
