"""The page by which a pay-out is called back: what it is, why, what was asked and answered. One recall for each."""

from __future__ import annotations

from typing import get_args

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.life import asked_service as lives
from farthing.payments.life import looking_service as looking
from farthing.payments.life import recall_service as recalls
from farthing.payments.life.model import RecallReason
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, may_any, pages, run, to
from farthing.web.names import named

router = pages("/ops/recalls")
ABOUT = ("recall_asked", "recall_agreed", "recall_refused", "recalled")
"""Facts of a movement that are of its recall."""


def one(request: Request, refusal: Refusal | None = None, payment_id: str = "") -> Response:
    """The page of one; with what was refused of its form."""
    who = current(request)
    ask(request, who, payments.rail_payments, number=payment_id)  # staff alone
    life = ask(request, who, lives.rail_life, payment_id)
    heard = [each for each in life.facts if each.fact.kind in ABOUT]
    reasons = [[each, named(each, "recall_reason")] for each in get_args(RecallReason)]
    can = (
        may_any(who, recalls.recall)
        and not heard
        and life.payment.direction == "out"
        and life.payment.state in recalls.RECALLABLE
    )
    waits = next((each for each in life.asking if each.what == "recall"), None)
    return again(
        request, "operator/recall.html", who, refusal, life=life, heard=heard, reasons=reasons, can=can, waits=waits
    )


@router.get("/{payment_id}")
def shown(request: Request, payment_id: str) -> Response:
    """A pay-out, and its recall."""
    return one(request, None, payment_id)


@router.post("/{payment_id}/looks")
@comes_back(one)
def looked(request: Request, payment_id: str, fields: Fields) -> Response:
    """Note that one looked at it, and what came of that."""
    command = command_of(looking.looked_at, fields, payment_id=payment_id)
    run(request, looking.looked_at, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/payments?number={payment_id}")


@router.post("/{payment_id}")
@comes_back(one)
def call_back(request: Request, payment_id: str, fields: Fields) -> Response:
    """Ask the payee's bank to give it back, once."""
    command = command_of(recalls.recall, fields, payment_id=payment_id)
    run(request, recalls.recall, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/recalls/{payment_id}")
