"""The page of asking for more on a running loan: what is paid off, what reaches the borrower and what it costs, then the
application; the offer that comes of it is accepted and signed like any other."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUpQuote
from farthing.products import service as products
from farthing.web.customer.applying import PURPOSE_MISSING, check_agreed, consent, consent_until, consented
from farthing.web.forms import Form, comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, pages, run, to, view
from farthing.web.laying_out import often
from farthing.web.topping_up import quoted

router = pages("/loans/{loan_id}/more")


@router.get("")
def more(request: Request, loan_id: str, amount: str = "", instalments: str = "") -> Response:
    """What asking for more would come to, once an amount and a number of instalments are typed."""
    typed = Form({"amount": amount, "instalments": instalments}, kernel_of(request))
    try:
        return more_form(request, None, loan_id, quoted(request, loan_id, typed))
    except Refusal as refusal:
        request.state.typed = typed
        return more_form(request, refusal, loan_id)


def more_form(request: Request, refusal: Refusal | None, loan_id: str, quote: TopUpQuote | None = None) -> Response:
    """The page, as it was filled in where it was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    if refusal is not None and quote is None:
        quote = _again(request, loan_id)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        sold = {each.product: each for each in ask(products.loans_in_force)}
        given = ask(credit.consents, loan.party_id) if who.party_id else []
        return {
            "loan": loan, "settlement": ask(lending.owed, loan_id)[1], "terms": sold.get(loan.conditions.product),
            "agreed": consented(given, today),
        }  # fmt: skip

    return again(
        request, "customer/borrow/more.html", who, refusal, quote=quote, until=consent_until(request), often=often,
        **view(request, who, build),
    )  # fmt: skip


def _again(request: Request, loan_id: str) -> TopUpQuote | None:
    """What an application that was refused had been shown; nothing where that is what was refused."""
    try:
        return quoted(request, loan_id, request.state.typed)
    except Refusal:
        return None


@router.post("")
@comes_back(more_form)
def ask_for_more(request: Request, loan_id: str, fields: Fields) -> Response:
    """Ask, and see the answer at once; the consent it uses is given with it, where none is in force."""
    who = current(request)
    command = command_of(top_ups.top_up, fields, missing={"purpose": PURPOSE_MISSING}, loan_id=loan_id)
    party, today = str(who.party_id), kernel_of(request).clock().business_date
    if not consented(ask(request, who, credit.consents, party), today):
        check_agreed(fields)
        run(request, credit.give_consent, consent(request, party), actor=who, key=f"{fields.get('key')}-consent")
    answer = run(request, top_ups.top_up, command, actor=who, key=str(fields.get("key")))
    return to(f"/offers/{answer.offer.id}" if answer.offer is not None else f"/decisions/{answer.decision_id}")
