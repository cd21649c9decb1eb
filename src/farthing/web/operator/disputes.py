"""Disputed payments: those that the bank is to decide, each with all that was said, and the form that decides."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.model import DisputeCase
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, page, pages, run, to, view

router = pages("/ops/disputes")


@router.get("")
def shown(request: Request) -> Response:
    """What is to be decided, the oldest first, and all of them."""

    def build(ask: Ask) -> dict[str, Any]:
        return {"waits": ask(reading.listed), "all": ask(reading.listed, True)}

    who = current(request)
    return page(request, "operator/disputes.html", who, **view(request, who, build))


def one(request: Request, refusal: Refusal | None = None, dispute_id: str = "", drafted: bool = False) -> Response:
    """The page of a dispute; with what was refused of its form."""
    who = current(request)
    found = ask(request, who, reading.case, dispute_id)
    return again(request, "operator/dispute.html", who, refusal, case=found, drafted=drafted)


@router.get("/{dispute_id}")
def case(request: Request, dispute_id: str, drafted: bool = False) -> Response:
    """A dispute with all that was said."""
    return one(request, None, dispute_id, drafted)


@router.post("/{dispute_id}")
@comes_back(one)
def decide(request: Request, dispute_id: str, fields: Fields) -> Response:
    """Decide it, or draft that for a second person."""
    who = current(request)
    found: DisputeCase = ask(request, who, reading.case, dispute_id)
    made = disputes.decide_large if found.needs_two else disputes.decide
    command = command_of(made, fields, dispute_id=dispute_id)
    done = run(request, made, command, actor=who, key=str(fields.get("key")))
    place = f"/ops/disputes/{dispute_id}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
