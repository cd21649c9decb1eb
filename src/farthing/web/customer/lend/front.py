"""The lender's first page: what is missing before lending, where the money is, mandates, and what was given lately; taking a
part of a loan back while one may reflect."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import portfolio_service as portfolios
from farthing.funding.market.lenders_model import AcknowledgeWarning
from farthing.funding.market.listings_model import Fill, Listing, TakeBack
from farthing.funding.market.listings_rules import LIVE, reflects_until
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.customer.lend.common import confirming, shown, state_of
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, current, kernel_of, once_more, pages, run, to

router = pages("/lend")

LATELY = 20
"""So many parts of loans that were given last are shown."""


@router.get("")
def front(request: Request) -> Response:
    """What is missing, or where one's money is."""
    return front_form(request, None)


def front_form(request: Request, refusal: Refusal | None) -> Response:
    """The page; with what was refused."""
    today = kernel_of(request).clock().business_date

    def build(ask: Ask, party: str) -> dict[str, Any]:
        given = [(each, ask(listings.listing, each.listing_id)) for each in ask(listings.fills, party, limit=LATELY)]
        ready = not ask(lenders.lender, party).missing
        return {
            "portfolio": ask(portfolios.portfolio, party), "mandates": ask(mandates.mandates, party),
            "room": ask(mandates.room, party) if ready else None,
            "given": [(fill, listing, state_of(listing), back_until(fill, listing, today)) for fill, listing in given],
        }  # fmt: skip

    return shown(request, "front", refusal, build)


def back_until(fill: Fill, listing: Listing, today: date) -> date | None:
    """Until which day a part may be taken back; none where it may not any more, or never might."""
    until = reflects_until(fill, listing)
    may = fill.returned_on is None and listing.state in LIVE and until is not None and today <= until
    return until if may else None


@router.post("/warning")
@comes_back(front_form)
def warning(request: Request, fields: Fields) -> Response:
    """Show the warning, and keep that it was read once that is said."""
    who = current(request)

    def show(tried: Any, form: dict[str, Any]) -> Any:
        return confirming(request, what="warning", tried=tried, **form)

    command = AcknowledgeWarning(str(who.party_id))
    return once_more(
        request, fields, lenders.acknowledge_warning, command, actor=who, show=show, then=lambda done: to("/lend")
    )


@router.post("/take-backs")
@comes_back(front_form)
def take_back(request: Request, fields: Fields) -> Response:
    """Take a part of a loan back; the money is in the wallet again at once."""
    command: TakeBack = command_of(listings.take_back, fields)
    run(request, listings.take_back, command, actor=current(request), key=str(fields.get("key")))
    return to("/lend")
