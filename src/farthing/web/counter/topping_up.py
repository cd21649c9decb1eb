"""Asking for more at the counter: what a larger loan that pays the running one off comes to, and asking for it on the
customer's behalf. The offer that comes of it she accepts and signs by her own hand."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUpQuote
from farthing.web.counter.customer import of_customer
from farthing.web.counter.desk import at_desk
from farthing.web.counter.loans import one_of
from farthing.web.forms import Form, comes_back, command_of, meant
from farthing.web.ground import Fields, current, kernel_of, pages, run, to
from farthing.web.laying_out import often
from farthing.web.sold import loan_products
from farthing.web.topping_up import quoted

router = pages("/counter/customers/{party_id}/top-up")


@router.get("")
def top_up_page(
    request: Request, party_id: str, loan: str = "", amount: str = "", instalments: str = "", done: bool = False
) -> Response:
    """What asking for more would come to, once an amount and a number of instalments are typed; why it may not be asked for."""
    typed = Form({"amount": amount, "instalments": instalments}, kernel_of(request))
    try:
        return top_up_form(request, None, party_id, loan, done, quoted(request, loan, typed))
    except Refusal as refusal:
        request.state.typed = typed
        return top_up_form(request, refusal, party_id, loan)


def top_up_form(
    request: Request, refusal: Refusal | None, party_id: str, loan: str = "", done: bool = False,
    quote: TopUpQuote | None = None,
) -> HTMLResponse:  # fmt: skip
    """The page, as it was filled in where it was refused; what came of the application where it was sent."""
    loan = meant(request, refusal, "loan_id", loan)
    if refusal is not None:
        quote = _again(request, loan)

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        chosen = one_of(ask, found, loan, lambda each: each.state == "active")
        return {
            **found, "loan": chosen, "called": loan_products(ask),
            "settlement": ask(lending.owed, chosen.id)[1] if chosen else None,
            "offers": ask(lending.offers, found["party"].id, 1) if done and found["there"] else [],
            "quote": quote if chosen and quote and quote.loan_id == chosen.id else None,
        }  # fmt: skip

    return at_desk(request, "counter/top_up.html", current(request), refusal, build, sent=done, often=often)


def _again(request: Request, loan_id: str) -> TopUpQuote | None:
    """What an application that was refused had been shown; nothing where that is what was refused."""
    try:
        return quoted(request, loan_id, request.state.typed)
    except Refusal:
        return None


@router.post("")
@comes_back(top_up_form)
def ask_for_more(request: Request, party_id: str, fields: Fields) -> Response:
    """Ask on the customer's behalf; the answer is there at once."""
    command = command_of(top_ups.top_up, fields)
    run(request, top_ups.top_up, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/counter/customers/{party_id}/top-up", loan=command.loan_id, done="true")
