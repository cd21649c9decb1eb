"""What anybody may read of the marketplace before and while lending: how fairly it treats lenders, and the protection fund."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.fairness import service as fairness
from farthing.funding.protection import service as protection
from farthing.web.ground import current, page, pages, view

router = pages("/lend")


@router.get("/fairness")
def fairly(request: Request) -> Response:
    """How evenly batches gave, how long money waited, and how many loans failed against what was expected."""
    who = current(request)
    return page(
        request, "customer/lend/fairness.html", who, **view(request, who, lambda ask: {"fair": ask(fairness.fairness)})
    )


@router.get("/protection")
def protected(request: Request) -> Response:
    """What is in the protection fund against what is expected to be lost, and what it paid; or which law forbids it."""
    who = current(request)
    return page(
        request, "customer/lend/protection.html", who, **view(request, who, lambda ask: {"fund": ask(protection.fund)})
    )
