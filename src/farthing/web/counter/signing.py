"""Signing at the counter: an agreement that waits for the customer who is there is shown and read out; a second member of staff,
who was there too, approves the signature."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.signing.agreements import service as agreements
from farthing.signing.custody import service as custody
from farthing.signing.custody.model import SignAtCounter
from farthing.web.counter.customer import of_customer
from farthing.web.counter.desk import at_desk
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, ask, current, pages, run, to

router = pages("/counter/customers/{party_id}/agreements")


@router.get("")
def waiting_here(request: Request, party_id: str) -> Response:
    """The agreements whose next signature is this customer's, with all that they say."""
    return shown(request, None, party_id)


def shown(request: Request, refusal: Refusal | None, party_id: str) -> HTMLResponse:
    """The same, with what stopped the last step."""

    def build(asked: Ask) -> dict[str, Any]:
        found = of_customer(asked, party_id)
        party = found["party"].id
        all_of_hers: Any = asked(agreements.agreements, party) if found["there"] else []
        turn = [
            (each, next(one for one in each.parties if not one.signed))
            for each in all_of_hers
            if each.state == "waits" and next(one for one in each.parties if not one.signed).party_id == party
        ]
        return {**found, "turn": turn}

    return at_desk(request, "counter/sign.html", current(request), refusal, build)


@router.post("")
@comes_back(shown)
def sign(request: Request, party_id: str, fields: Fields) -> Response:
    """Ask for the signature, once it was shown and read out; it waits for the second."""
    command = SignAtCounter(str(fields.get("agreement_id")), party_id, str(fields.get("digest")))
    run(request, custody.sign_at_counter, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/customers/{party_id}", waits="1")


@router.get("/{agreement_id}/document.pdf")
def document(request: Request, party_id: str, agreement_id: str) -> Response:
    """The document that is shown."""
    pdf = ask(request, current(request), agreements.own_agreement_pdf, party_id, agreement_id)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})
