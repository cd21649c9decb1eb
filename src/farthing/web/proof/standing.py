"""The pages that say by which rules the bank stands: every limit with its article and use, the policy and products in force,
and how long customers wait for an answer. They only read, and name no customer."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.review import service as review
from farthing.credit.review.model import Waiting
from farthing.kernel.run import Ask
from farthing.products.law import service as law
from farthing.products.service import NO_POLICY
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD
from farthing.web.binding import KINDS, editions, limits_of, use_of
from farthing.web.ground import current, kernel_of, page, pages, unless, view
from farthing.web.waiting import by_age, by_kind

router = pages()


@router.get("/proof/limits")
def limits(request: Request) -> Response:
    """Every figure of the law in force with its article, and how much of each limit over the books is used."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"law": unless((NO_POLICY.name,), lambda: ask(law.law)), "limits": limits_of(ask)}

    found = view(request, who, build)
    return page(
        request, "proof/limits.html", who, law=found["law"], charts=[use_of(each) for each in found["limits"]]
    )  # fmt: skip


@router.get("/proof/policies")
def policies(request: Request) -> Response:
    """The policy pack in force and what it refuses, the products in force, and the editions of the rates."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "law": unless((NO_POLICY.name,), lambda: ask(law.law)),
            "refused": unless((NO_POLICY.name,), lambda: ask(shelf.not_allowed)) or [],
            "products": ask(law.standing), "board": unless((NO_BOARD.name,), lambda: ask(shelf.board_view)),
        }  # fmt: skip

    found = view(request, who, build)
    board = found.pop("board")
    return page(
        request, "proof/policies.html", who, rates=None if board is None else editions(board), kinds=KINDS, **found
    )


@router.get("/proof/complaints")
def complaints(request: Request) -> Response:
    """How many customers wait for an answer to a review or a dispute, and for how long; no words of theirs."""
    who = current(request)
    today = kernel_of(request).clock().business_date
    found: list[Waiting] = view(request, who, lambda ask: ask(review.complaints))
    return page(
        request, "proof/complaints.html", who, told=by_kind(found, today), ages=by_age(found, today) if found else None
    )  # fmt: skip
