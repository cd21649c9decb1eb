"""The borrower's page of what can be done: what paying more would do, shorter or smaller, and what being late costs."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import ChooseSurplus
from farthing.web import laying_out
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, current, kernel_of, pages, run, to, view

router = pages("/loans/{loan_id}/ahead")


@router.get("")
def ahead(request: Request, loan_id: str, amount: str = "", chosen: str = "") -> Response:
    """What is due, what paying an amount today would do, and what being late costs."""
    typed = Form({"amount": amount}, kernel_of(request))
    try:
        paid = positive(typed.as_money("amount")).plain() if amount.strip() else ""
    except Refusal as refusal:
        request.state.typed = typed
        return ahead_form(request, refusal, loan_id)
    return ahead_form(request, None, loan_id, paid, chosen)


def ahead_form(request: Request, refusal: Refusal | None, loan_id: str, amount: str = "", chosen: str = "") -> Response:
    """The page; the amount as it was typed, where it was refused."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(lending.loan, loan_id)
        return {
            "loan": found, "ahead": ask(acts.ahead, loan_id, amount), "said": laying_out.repaying(found.conditions.repaying)
        }  # fmt: skip

    return again(
        request, "customer/borrow/ahead.html", who, refusal, amount=amount, chosen=chosen, **view(request, who, build)
    )


@router.post("")
@comes_back(ahead_form)
def choose(request: Request, loan_id: str, fields: Fields) -> Response:
    """Choose what paying more does; then the amount is repaid, shown first as every repayment is."""
    surplus = str(fields.get("surplus"))
    command = ChooseSurplus(loan_id, surplus)
    run(request, acts.choose_surplus, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/loans/{loan_id}/ahead", amount=str(fields.get("amount")), chosen=surplus)
