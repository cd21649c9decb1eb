"""The page of a till: a code with an amount made and shown, a payer's code charged, and the paper that hangs there for ever."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments.merchants import reading_service as reading
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import ChargeByCode, CodePaid, MakeCode, TillCode, WithdrawCode
from farthing.payments.merchants.views import TillView
from farthing.web import names
from farthing.web.customer.collecting import drawn
from farthing.web.customer.poster import poster
from farthing.web.forms import comes_back, meant
from farthing.web.ground import HEADERS, Fields, again, ask, current, pages, run, sign_in_first, to

router = pages("/till")


def link_of(request: Request, code: TillCode) -> str:
    """What a phone's camera opens: the page of paying, with the code as it was signed."""
    return f"{request.url.scheme}://{request.url.netloc}/pay/code?{urlencode({'text': code.text})}"


@router.get("/{till_id}")
def till_page(request: Request, till_id: str) -> Response:
    """Take money at a till."""
    return till_form(request, None, till_id)


def till_form(request: Request, refusal: Refusal | None, till_id: str = "", shown: TillCode | None = None) -> Response:
    """The till, with the code that was just made, or a form as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    till_id = meant(request, refusal, "till", till_id)
    found: TillView = ask(request, who, reading.till, who.party_id, till_id)
    link = link_of(request, shown) if shown else ""
    return again(
        request, "customer/shop/till.html", who, refusal, found=found, shown=shown, link=link,
        drawn=drawn(link) if link else "", shop=names.shop(found.merchant),
    )  # fmt: skip


@router.post("/codes")
@comes_back(till_form)
def make_code(request: Request, fields: Fields) -> Response:
    """Make a code for one payment and show it; or, without an amount, the one that the till has for ever."""
    who, till_id = current(request), str(fields.get("till"))
    static = bool(fields.get("static"))
    amount = None if static else positive(fields.as_money("amount"))
    command = MakeCode(str(who.party_id), till_id, amount, str(fields.get("note") or ""))
    made: TillCode = run(request, merchants.make_code, command, actor=who, key=str(fields.get("key")))
    return to(f"/till/{till_id}") if static else till_form(request, None, till_id, made)


@router.post("/charges")
@comes_back(till_form)
def charge(request: Request, fields: Fields) -> Response:
    """Charge who shows a code, and go to the payment."""
    who = current(request)
    command = ChargeByCode(
        str(who.party_id), str(fields.get("till")), positive(fields.as_money("amount")), str(fields.get("shown")).strip(),
        str(fields.get("note") or ""),
    )  # fmt: skip
    done: CodePaid = run(request, taking.charge, command, actor=who, key=str(fields.get("key")))
    return to(f"/shop/{done.merchant_id}/payments/{done.id}")


@router.post("/withdrawals")
@comes_back(till_form)
def withdraw(request: Request, fields: Fields) -> Response:
    """The paper that hangs there is no longer good."""
    who, till_id = current(request), str(fields.get("till"))
    run(request, merchants.withdraw_code, WithdrawCode(str(who.party_id), till_id), actor=who)
    return to(f"/till/{till_id}")


@router.get("/{till_id}/paper.svg")
def paper(request: Request, till_id: str) -> Response:
    """The paper to hang up: the shop's name and its code, as a drawing that prints sharp at any size."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: TillView = ask(request, who, reading.till, who.party_id, till_id)
    if found.code is None:
        raise rules.NO_CODE()
    text = poster(
        rules.shop_name(found.merchant), f"{found.till.store} · {found.till.name}", link_of(request, found.code)
    )
    return Response(
        text, media_type="image/svg+xml",
        headers={**HEADERS, "Content-Disposition": 'inline; filename="paper.svg"'},
    )  # fmt: skip
