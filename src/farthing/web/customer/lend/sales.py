"""Selling notes before they are repaid: what is offered, at what price of what parts and how long it may take; what was sold, and
what was bought."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import listings_service as listings
from farthing.funding.market import portfolio_service as portfolios
from farthing.funding.market.portfolio_model import NoteOfLender
from farthing.funding.resale import rules
from farthing.funding.resale import service as resale
from farthing.funding.resale.model import OnOffer, Sell, StopSale
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.customer.lend.common import confirming, shown
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, current, once_more, pages, run, to

router = pages("/lend/sales")

AT_ONCE = 50
"""So many notes stand on a page, sales, and trades."""


@router.get("")
def sales(request: Request, after: str = "") -> Response:
    """What is offered, what may be, and what changed hands."""
    return sales_form(request, None, after)


def sales_form(request: Request, refusal: Refusal | None, after: str = "") -> Response:
    """The page; with what was refused."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        notes: list[NoteOfLender] = ask(portfolios.notes, party, after, AT_ONCE)
        offered: list[OnOffer] = ask(resale.sales, party, limit=AT_ONCE)
        return {
            "notes": [each for each in notes if each.left], "next": notes[-1].loan_id if len(notes) == AT_ONCE else "",
            "offered": [(each, rules.SALE_STATES[each.sale.state], rules.wait_words(each)) for each in offered],
            "traded": ask(resale.resales, party, limit=AT_ONCE), "queue": ask(resale.queue), "prices": ask(resale.prices),
        }  # fmt: skip

    return shown(request, "sales", refusal, build, after=after)


@router.post("/stops")
@comes_back(sales_form)
def stop(request: Request, fields: Fields) -> Response:
    """Take an offer back; what is sold of it stays sold."""
    command: StopSale = command_of(resale.stop_sale, fields)
    run(request, resale.stop_sale, command, actor=current(request), key=str(fields.get("key")))
    return to("/lend/sales")


@router.get("/{listing_id}")
def sale(request: Request, listing_id: str) -> Response:
    """How much of a note is offered."""
    return sale_form(request, None, listing_id)


def sale_form(request: Request, refusal: Refusal | None, listing_id: str) -> Response:
    """The form; with the amount as it was typed, where it was refused."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        return {"listing": ask(listings.listing, listing_id)}

    return shown(request, "sale", refusal, build)


@router.post("/{listing_id}")
@comes_back(sale_form)
def sell(request: Request, listing_id: str, fields: Fields) -> Response:
    """Show today's price of a part, of what it is made and how long it may take; offer it once that is confirmed."""
    who, here = current(request), f"/lend/sales/{listing_id}"
    command: Sell = command_of(resale.sell, fields, listing_id=listing_id, party_id=str(who.party_id))

    def show(tried: OnOffer, form: dict[str, Any]) -> Any:
        return confirming(
            request, what="sale", tried=tried, action=here, back=here, wait=rules.wait_words(tried), **form
        )

    return once_more(request, fields, resale.sell, command, actor=who, show=show, then=lambda done: to("/lend/sales"))
