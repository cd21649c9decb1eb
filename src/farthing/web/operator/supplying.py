"""Supply-chain finance for staff: what is confirmed, passed on, pledged and late, with all that happened."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.supply import reading_service as reading
from farthing.web.ground import ask, current, page, pages

router = pages("/ops/receivables")
AT_ONCE = 50


@router.get("")
def shown(request: Request, after: str = "") -> Response:
    """All receivables, a page at a time."""
    who = current(request)
    found = ask(request, who, reading.all_receivables, after, AT_ONCE)
    more = found[-1].receivable.id if len(found) == AT_ONCE else ""
    return page(request, "operator/receivables.html", who, found=found, after=after, more=more)


@router.get("/{receivable_id}")
def case(request: Request, receivable_id: str) -> Response:
    """A receivable with its pieces and all that happened."""
    who = current(request)
    found = ask(request, who, reading.case, receivable_id)
    return page(request, "operator/receivable.html", who, told=found, names=dict(found.holders))
