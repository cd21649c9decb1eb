"""The page of a loan that is paid out in parts: what may still be asked for, asking for it, and giving it up."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.web.drawing import asked, foreseen
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, once_more, page, pages, to, view

router = pages("/loans/{loan_id}/draw")


@router.get("")
def draw_page(request: Request, loan_id: str) -> Response:
    """What is agreed of a loan and not paid out."""
    return draw_form(request, None, loan_id)


def draw_form(request: Request, refusal: Refusal | None, loan_id: str) -> Response:
    """The form, as it was filled in where it was refused."""
    who = current(request)
    found = view(request, who, lambda ask: {"loan": ask(lending.loan, loan_id)})
    return again(request, "customer/borrow/draw.html", who, refusal, **found)


@router.post("")
@comes_back(draw_form)
def draw(request: Request, loan_id: str, fields: Fields) -> Response:
    """Show each instalment as it would be and what it costs; pay it out, or give the rest up, when it is confirmed."""
    who = current(request)
    function, command = asked(loan_id, fields)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        seen = foreseen(request, function, command, who)
        return page(request, "customer/borrow/draw_confirm.html", who, loan_id=loan_id, **seen, **form)

    return once_more(
        request, fields, function, command, actor=who, show=show, then=lambda done: to(f"/loans/{loan_id}")
    )
