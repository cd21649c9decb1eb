"""The pages of paying at a till: by the merchant's code, opened or pasted; or by one's own code, shown there."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import CodePaid, PayByCode, ShownPayerCode, ShowPayerCode
from farthing.web.customer.collecting import drawn
from farthing.web.forms import comes_back, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()


@router.get("/pay/code")
def code_page(request: Request, text: str = "") -> Response:
    """Who is paid by a code, as the bank knows it, and how much; or the field for a code that was sent as text."""
    return code_form(request, None, text)


def code_form(request: Request, refusal: Refusal | None, text: str = "") -> Response:
    """What the code asks for, with the form as it was filled in where that was refused."""
    who, text = current(request), meant(request, refusal, "text", text)
    if not who.party_id:
        return sign_in_first(request)
    asks = None
    if text:
        try:
            asks = ask(request, who, merchants.asks, who.party_id, text)
        except Refusal as refused:
            refusal = refusal or refused
    wallet = ask(request, who, payments.wallet, who.party_id)
    return again(
        request,
        "customer/pay_code.html",
        who,
        refusal,
        asks=asks,
        text=text,
        wallet=wallet,
        rate=rules.rate_of(asks.fee) if asks else None,
    )


@router.post("/pay/code")
@comes_back(code_form)
def pay(request: Request, fields: Fields) -> Response:
    """Show whom and how much, in figures and words, and ask once more; then pay, and go to the receipt."""
    who = current(request)
    amount = fields.as_money("amount") if str(fields.get("amount")).strip() else None
    text = str(fields.get("text"))

    def show(looked: CodePaid, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "customer/pay_code_confirm.html", who, paid=looked, wallet=wallet, **form)

    return once_more(
        request, fields, taking.pay, PayByCode(str(who.party_id), text, amount), actor=who, show=show,
        then=lambda done: to(f"/activity/{done.reference}", done="true"),
    )  # fmt: skip


@router.get("/pay/mine")
def own_page(request: Request) -> Response:
    """Have one's own code shown, up to an amount."""
    return own_form(request, None)


def own_form(request: Request, refusal: Refusal | None) -> Response:
    """The form of one's own code."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    wallet = ask(request, who, payments.wallet, who.party_id)
    return again(request, "customer/pay_mine.html", who, refusal, wallet=wallet, shown=None)


@router.post("/pay/mine")
@comes_back(own_form)
def show_own(request: Request, fields: Fields) -> Response:
    """A code of one's own, in this answer alone: whoever stands at the till reads it within its time."""
    who = current(request)
    most = fields.as_money("amount") if str(fields.get("amount")).strip() else None
    shown: ShownPayerCode = run(
        request,
        merchants.show_payer_code,
        ShowPayerCode(str(who.party_id), most),
        actor=who,
        key=str(fields.get("key")),
    )
    wallet = ask(request, who, payments.wallet, str(who.party_id))
    return again(request, "customer/pay_mine.html", who, None, wallet=wallet, shown=shown, drawn=drawn(shown.text))
