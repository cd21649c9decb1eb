"""The pages of paying: whom, seen masked; how much; read once more; done, with a receipt. And of topping up."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import PayLater
from farthing.payments.model import MoveByRail, RailPayment
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Asked, FindPayee, Paid, Pay
from farthing.web.customer.binding import number_of
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()


@router.get("/pay")
def pay_page(request: Request) -> Response:
    """Whom to pay."""
    return pay_form(request, None)


def pay_form(request: Request, refusal: Refusal | None) -> Response:
    """The phone of whom one pays, whom one paid before, and the ways beside it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    recent = ask(request, who, payees.recent_payees, who.party_id)
    return again(request, "customer/pay.html", who, refusal, recent=recent)


@router.post("/pay/payee")
@comes_back(pay_form)
def look_up(request: Request, fields: Fields) -> Response:
    """Look up who answers to a phone; the page after it shows the name, masked."""
    who = current(request)
    command = FindPayee(str(who.party_id), str(fields.get("phone") or ""), str(fields.get("name") or ""))
    found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
    return to(f"/pay/to/{found.id}")


@router.get("/pay/to/{payee}")
def to_whom(request: Request, payee: str) -> Response:
    """How much, under the masked name; whoever opened a code and is not signed in does that first."""
    return amount_form(request, None, payee)


def amount_form(request: Request, refusal: Refusal | None, payee: str = "") -> Response:
    """The form of the amount, as it was filled in where it was refused."""
    who = current(request)
    payee = meant(request, refusal, "payee", payee)
    if not who.party_id:
        return page(request, "customer/asked.html", who, payee=payee)
    wallet = ask(request, who, payments.wallet, who.party_id)
    asked = _asked(request, payee)
    return again(request, "customer/pay_amount.html", who, refusal, wallet=wallet, asked=asked)


def _asked(request: Request, payee: str) -> Asked:
    """Whom an address names: somebody who was looked up, or whoever's code it is."""
    who = current(request)
    if payee.startswith("collect_"):
        found: Asked = ask(request, who, payees.asked, payee)
        return found
    known = ask(request, who, payees.payee, str(who.party_id), payee)
    return Asked(known.id, None, "", known.name, known.named)


@router.post("/pay")
@comes_back(amount_form)
def pay(request: Request, fields: Fields) -> Response:
    """Show whom and how much, in figures and words, and ask once more; then pay, and go to the receipt."""
    who = current(request)
    payee, amount = str(fields.get("payee") or ""), positive(fields.as_money("amount"))
    if fields.get("when") not in ("", "now"):
        return _later(request, fields, command_of(delayed.pay, fields, payer=who.party_id, whom=payee))
    command = Pay(str(who.party_id), payee, amount, str(fields.get("memo") or ""))

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "customer/pay_confirm.html", who, paid=looked, wallet=wallet, **form)

    return once_more(request, fields, payees.pay, command, actor=who, show=show, then=_receipt)


def _later(request: Request, fields: Fields, command: PayLater) -> Response:
    """Show when it goes, and ask once more; then keep the money for it."""
    who = current(request)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/later_confirm.html", who, paid=looked, **form)

    return once_more(request, fields, delayed.pay, command, actor=who, show=show, then=lambda _: to("/later"))


def _receipt(done: Paid) -> Response:
    if done.held_until is not None:
        return to(f"/held/{done.id}")
    return to(f"/activity/{done.reference}", done="true")


@router.get("/top-up")
def top_up_page(request: Request, waits: bool = False) -> Response:
    """Bring money in from a bank card."""
    return top_up_form(request, None, waits)


def top_up_form(request: Request, refusal: Refusal | None, waits: bool = False) -> Response:
    """The form of a top-up, as it was filled in where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    wallet = ask(request, who, payments.wallet, who.party_id)
    cards = [each for each in ask(request, who, bindings.listed, who.party_id) if each.state == "bound"]
    return again(request, "customer/top_up.html", who, refusal, wallet=wallet, waits=waits, cards=cards)


@router.post("/top-up")
@comes_back(top_up_form)
def top_up(request: Request, fields: Fields) -> Response:
    """Show the amount in words and ask once more; then ask the other bank. A card's number may be typed in groups."""
    who = current(request)
    card = number_of(fields.get("card"))
    command = MoveByRail(str(who.party_id), positive(fields.as_money("amount")), card)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "customer/top_up_confirm.html", who, command=command, wallet=wallet, **form)

    return once_more(request, fields, payments.top_up, command, actor=who, show=show, then=_topped_up)


def _topped_up(done: RailPayment) -> Response:
    if done.is_open:
        return to("/top-up", waits="true")
    return to(f"/activity/{payments.rail_reference(done)}", done="true")
