"""The page of what becomes of one's data here: what would be answered to whoever asks to have them erased, and why."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance.erasure import service as erasure
from farthing.identity.rules import ANONYMOUS
from farthing.web.ground import ask, current, page, pages, sign_in_first, to

router = pages()


@router.get("/me/data")
def data(request: Request) -> Response:
    """Whether one's data can be erased today, are kept by a law until a day, or are needed still."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request) if who is ANONYMOUS else to("/me")
    told = ask(request, who, erasure.erasure_outlook, who.party_id)
    return page(request, "customer/data.html", who, told=told)
