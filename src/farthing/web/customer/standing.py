"""The pages of standing payments: arranged after a review of their days, followed, stopped with one tap."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import OrderView, StopStanding
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()


@router.get("/standing")
def standing_page(request: Request) -> Response:
    """One's standing payments, and whom one may arrange a new one with."""
    return whom_form(request, None)


def whom_form(request: Request, refusal: Refusal | None) -> Response:
    """The list, and the phone of whom one pays."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    orders, recent = (
        ask(request, who, standing.listed, who.party_id),
        ask(request, who, payees.recent_payees, who.party_id),
    )
    return again(request, "customer/standing.html", who, refusal, orders=orders, recent=recent)


@router.post("/standing/people")
@comes_back(whom_form)
def look_up(request: Request, fields: Fields) -> Response:
    """Look up who answers to a phone; the page after it shows the name, masked."""
    who = current(request)
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    return to(f"/standing/to/{found.id}")


@router.get("/standing/to/{payee}")
def to_whom(request: Request, payee: str) -> Response:
    """How much, from when and how often, under the masked name."""
    return order_form(request, None, payee)


def order_form(request: Request, refusal: Refusal | None, payee: str = "") -> Response:
    """The form of a standing payment, as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    payee = meant(request, refusal, "whom", payee)
    return again(
        request, "customer/standing_new.html", who, refusal, payee=ask(request, who, payees.payee, who.party_id, payee)
    )


@router.post("/standing")
@comes_back(order_form)
def make(request: Request, fields: Fields) -> Response:
    """Show whom, how much and the next days, and ask once more; then arrange it."""
    who = current(request)
    command = command_of(standing.make, fields, payer=who.party_id, last_day=bool(fields.get("last_day")))

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/standing_confirm.html", who, order=looked, **form)

    return once_more(request, fields, standing.make, command, actor=who, show=show, then=_made)


def _made(done: OrderView) -> Response:
    return to(f"/standing/{done.id}")


@router.get("/standing/{order_id}")
def order_page(request: Request, order_id: str) -> Response:
    """A standing payment, its next days, and what became of each payment."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(
        request, "customer/standing_one.html", who, order=ask(request, who, standing.order, who.party_id, order_id)
    )


@router.post("/standing/stops")
def stop(request: Request, fields: Fields) -> Response:
    """Stop it at once."""
    who, name = current(request), str(fields.get("order") or "")
    run(request, standing.stop, StopStanding(str(who.party_id), name), actor=who)
    return to(f"/standing/{name}")
