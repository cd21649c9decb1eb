"""The page of consents: what is allowed, for what, until when, taking it back; and who asked about oneself."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.model import RevokeConsent
from farthing.kernel.run import Ask
from farthing.web.ground import Fields, current, page, pages, run, sign_in_first, to, view

router = pages()


@router.get("/consents")
def consents(request: Request) -> Response:
    """Every consent, and every time a bureau was asked under one."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"consents": ask(credit.consents, party), "inquiries": ask(insight.inquiries, party)}

    return page(request, "customer/borrow/consents.html", who, **view(request, who, build))


@router.post("/consents/revocations")
def take_back(request: Request, fields: Fields) -> Response:
    """Take a consent back. Pressed twice it is taken back once."""
    run(request, credit.revoke_consent, RevokeConsent(str(fields.get("consent_id") or "")), actor=current(request))
    return to("/consents")
