"""The marketplace as the bank runs it: what seeks lenders; of each batch what was asked, offered and funded, and how fairly."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from farthing.funding.fairness import service as fairness
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.protection import service as protection
from farthing.kernel.run import Ask
from farthing.web.ground import ask, current, page, page_of, pages, view

router = pages("/ops/market")

AT_ONCE, CLAIMS = 20, 50
"""So many batches stand on a page, and so many listings; so many claims on theirs."""


@router.get("")
def market(request: Request, after: str = "", before: str = "") -> Response:
    """Listings by their state, those that seek lenders, and the batches, the latest first."""
    who = current(request)
    page_of(request, who, listings.board)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "board": ask(listings.board), "listings": ask(listings.listings, after, AT_ONCE),
            "batches": ask(batches.batches, before, AT_ONCE), "fair": ask(fairness.fairness),
        }  # fmt: skip

    found = view(request, who, build)
    more = {
        name: found[name][-1].id if len(found[name]) == AT_ONCE else "" for name in ("listings", "batches")
    }  # fmt: skip
    return page(request, "operator/market.html", who, more=more, after=after, before=before, **found)


@router.get("/protection")
def protected(request: Request, after: str = "") -> Response:
    """The protection fund with its claims, by the ids of their loans."""
    who = current(request)
    page_of(request, who, protection.claims)

    def build(ask: Ask) -> dict[str, Any]:
        return {"fund": ask(protection.fund), "claims": ask(protection.claims, after, CLAIMS)}

    found = view(request, who, build)
    more = found["claims"][-1].loan_id if len(found["claims"]) == CLAIMS else ""
    return page(request, "operator/protection.html", who, after=after, more=more, **found)


@router.get("/batches/{batch_id}.json")
def published(request: Request, batch_id: str) -> Response:
    """What is published of a batch: anybody clears it again from this file. It names nobody."""
    who = current(request)
    page_of(request, who, listings.board)
    content = ask(request, who, batches.published_file, batch_id)
    name = f"{batch_id}.json" if batch_id.isidentifier() else "batch.json"
    return JSONResponse(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})
