"""What customers ask the bank to look into: reviews of decisions and disputes of data, each with its day; and what the
outside has not answered."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.review import service as review
from farthing.kernel import errands
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, current, kernel_of, page_of, pages, part, run, to, view

router = pages("/ops/complaints")


def shown(request: Request, refusal: Refusal | None = None) -> Response:
    """Everything that waits for an answer, the most urgent first."""
    who = current(request)
    if not who.may("credit:answer"):
        page_of(request, who, errands.unanswered)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "reviews": part(ask, review.open_reviews), "disputes": part(ask, review.open_disputes),
            "errands": part(ask, errands.unanswered), "asking": part(ask, review.complaints) or [],
        }  # fmt: skip

    on = kernel_of(request).clock().business_date
    return again(request, "operator/complaints.html", who, refusal, on=on, **view(request, who, build))


@router.get("")
def complaints(request: Request) -> Response:
    """What waits for an answer."""
    return shown(request)


@router.post("")
@comes_back(shown)
def answer(request: Request, fields: Fields) -> Response:
    """Answer a review or a dispute, in one's own words."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("dispute_id"):
        run(request, credit.answer_dispute, command_of(credit.answer_dispute, fields), actor=who, key=key)
    else:
        run(request, review.answer_review, command_of(review.answer_review, fields), actor=who, key=key)
    return to("/ops/complaints")
