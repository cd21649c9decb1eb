"""The operator's page of a top-up: what a larger loan that pays a running one off would come to. Nothing is asked for on it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.roll import service as roll
from farthing.lending.top_ups.model import TopUpQuote
from farthing.web.forms import Form
from farthing.web.ground import again, current, kernel_of, page_of, pages, view
from farthing.web.laying_out import often
from farthing.web.operator import told
from farthing.web.topping_up import quoted

router = pages("/ops/loans/{loan_id}/top-up")


@router.get("")
def top_up(request: Request, loan_id: str, amount: str = "", instalments: str = "") -> Response:
    """What a larger loan would come to, once an amount and a number of instalments are typed; why it may not be asked for."""
    who = current(request)
    page_of(request, who, roll.roll)
    typed, refusal, quote = Form({"amount": amount, "instalments": instalments}, kernel_of(request)), None, None
    try:
        quote = quoted(request, loan_id, typed)
    except Refusal as refused:
        request.state.typed, refusal = typed, refused
    return _form(request, refusal, loan_id, quote)


def _form(request: Request, refusal: Refusal | None, loan_id: str, quote: TopUpQuote | None) -> Response:
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        return {
            **told.of_loan(ask, loan), "settlement": ask(lending.owed, loan_id)[1],
            "often": often(loan.conditions.schedule),
        }  # fmt: skip

    return again(request, "operator/top_up.html", who, refusal, quote=quote, **view(request, who, build))
