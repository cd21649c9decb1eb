"""Payments that wait for a person: each with the rules that hit it and the forms that let it go or refuse it; the rules in force
with today's hits; pairs whose payments go without a look."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import HeldCase, LetPair, RefuseHeld, ReleaseHeld
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, to, view

router = pages("/ops/fraud")


def front(request: Request, refusal: Refusal | None = None, drafted: bool = False) -> Response:
    """What waits, the rules, the pairs; with what was refused of a form."""

    def build(ask: Ask) -> dict[str, Any]:
        return {"held": ask(fraud.held), "rules": ask(fraud.rules_today), "pairs": ask(fraud.pairs)}

    who = current(request)
    return again(request, "operator/fraud.html", who, refusal, drafted=drafted, **view(request, who, build))


@router.get("")
def shown(request: Request, drafted: bool = False) -> Response:
    """What waits, the one whose time is over first at the head."""
    return front(request, None, drafted)


@router.post("/pairs")
@comes_back(front)
def let_pair(request: Request, fields: Fields) -> Response:
    """Let a pair's payments through, which a second person agrees to; or no longer."""
    note = str(fields.get("note") or "")
    let = fields.get("act") != "end"
    command = LetPair(str(fields.get("payer") or ""), str(fields.get("payee") or ""), let, note)
    done = run(request, fraud.let_pair, command, actor=current(request), key=str(fields.get("key")))
    return to("/ops/fraud", drafted="1") if isinstance(done, Pending) else to("/ops/fraud")


def one(request: Request, refusal: Refusal | None = None, payment_id: str = "", drafted: bool = False) -> Response:
    """The page of a payment; with what was refused of a form."""
    who = current(request)
    found = ask(request, who, fraud.case, payment_id)
    return again(request, "operator/fraud_case.html", who, refusal, case=found, drafted=drafted)


@router.get("/{payment_id}")
def case(request: Request, payment_id: str, drafted: bool = False) -> Response:
    """A payment that waits or waited."""
    return one(request, None, payment_id, drafted)


@router.post("/{payment_id}")
@comes_back(one)
def decide(request: Request, payment_id: str, fields: Fields) -> Response:
    """Let it go, or draft that for a second person where it is large; or refuse it with a reason."""
    who, key = current(request), str(fields.get("key"))
    if fields.get("act") == "refuse":
        run(request, fraud.refuse, RefuseHeld(payment_id, str(fields.get("reason") or "")), actor=who, key=key)
        return to(f"/ops/fraud/{payment_id}")
    found: HeldCase = ask(request, who, fraud.case, payment_id)
    operation = fraud.release_large if found.needs_two else fraud.release
    done = run(request, operation, ReleaseHeld(payment_id, str(fields.get("note") or "")), actor=who, key=key)
    place = f"/ops/fraud/{payment_id}"
    return to(place, drafted="1") if isinstance(done, Pending) else to(place)
