"""More of a loan for a customer who is there: paid out into her wallet, or given up, as she sees it on the page turned to her."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.web.counter.customer import of_customer
from farthing.web.counter.desk import at_desk, turned
from farthing.web.counter.loans import one_of
from farthing.web.drawing import asked, foreseen
from farthing.web.forms import comes_back, meant
from farthing.web.ground import Fields, current, once_more, pages, to
from farthing.web.sold import loan_products

router = pages("/counter/customers/{party_id}/draw")


@router.get("")
def draw_page(request: Request, party_id: str, loan: str = "", done: bool = False) -> Response:
    """What may still be asked for of a loan."""
    return draw_form(request, None, party_id, loan, done)


def draw_form(
    request: Request, refusal: Refusal | None, party_id: str, loan: str = "", done: bool = False
) -> HTMLResponse:
    """The form, as it was filled in where it was refused."""
    loan = meant(request, refusal, "loan_id", loan)

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        fits = one_of(ask, found, loan, lambda each: each.state == "active" and each.undrawn is not None)
        return {**found, "loan": fits, "called": loan_products(ask)}

    return at_desk(request, "counter/draw.html", current(request), refusal, build, sent=done)


@router.post("")
@comes_back(draw_form)
def draw(request: Request, party_id: str, fields: Fields) -> Response:
    """Show the customer who is there what it comes to; do it when it is confirmed."""
    who, loan = current(request), str(fields.get("loan_id"))
    here, (function, command) = f"/counter/customers/{party_id}/draw", asked(loan, fields)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        seen = foreseen(request, function, command, who)
        return turned(request, "counter/turned_draw.html", who, action=here, back=f"{here}?loan={loan}", **seen, **form)

    def then(done: object) -> Response:
        return to(here, loan=loan, done="true")

    return once_more(request, fields, function, command, actor=who, show=show, then=then)
