"""Own what every page of a lender shares: the warning is in view on each, and whoever is not signed in signs in first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import lenders_service as lenders
from farthing.funding.market.listings_model import Listing
from farthing.funding.market.listings_rules import LISTING_STATES
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Ask
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.web.ground import again, ask, current, page, sign_in_first, view

Build = Callable[[Ask, str], dict[str, Any]]


def shown(request: Request, name: str, refusal: Refusal | None, build: Build, **more: Any) -> Response:
    """A page of one view of the books, for whoever is signed in; what was typed comes back where it was refused.

    Refuses ``market.none`` where the law in force knows no marketplace.
    """
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def whole(ask: Ask) -> dict[str, Any]:
        return {"standing": ask(lenders.lender, party), **build(ask, party)}

    return again(request, f"customer/lend/{name}.html", who, refusal, **view(request, who, whole), **more)


def confirming(request: Request, **values: Any) -> Any:
    """The page that asks once more, with the warning in view."""
    who = current(request)
    standing = ask(request, who, lenders.lender, str(who.party_id))
    return page(request, "customer/lend/confirm.html", who, standing=standing, **values)


def decoded(function: Callable[..., Any], **values: Any) -> Any:
    """A command that a page put together, by the decoder that reads those of the API; refuses what it does."""
    return operation_of(function).decode(plain(values))


def state_of(listing: Listing) -> Words:
    """What the state of a listing is called."""
    return LISTING_STATES[listing.state]
