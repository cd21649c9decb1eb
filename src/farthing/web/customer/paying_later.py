"""The page of payments that go later: listed, taken back with one tap until they go."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import Refusal
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import TakeBackPayment
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to

router = pages()


@router.get("/later")
def later_page(request: Request) -> Response:
    """One's payments that go later, and those that went."""
    return later_form(request, None)


def later_form(request: Request, refusal: Refusal | None) -> Response:
    """The same, with why one was not taken back where that was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, delayed.listed, who.party_id)
    return again(request, "customer/later.html", who, refusal, payments=found)


@router.post("/later/take-backs")
@comes_back(later_form)
def take_back(request: Request, fields: Fields) -> Response:
    """Take it back, at once."""
    who, name = current(request), str(fields.get("payment") or "")
    run(request, delayed.take_back, TakeBackPayment(str(who.party_id), name), actor=who)
    return to("/later")
