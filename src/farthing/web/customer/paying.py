"""The pages of paying and topping up: shown first in figures and words, done when it is confirmed."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.digits import plain_digits
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, RailPayment, Transfer, Transferred
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, to

router = pages()


@router.get("/pay")
def pay_page(request: Request, done: bool = False, waits: bool = False) -> Response:
    """Pay somebody, or top the wallet up. What was done is read from the wallet, never from the address."""
    return pay_form(request, None, done, waits)


def pay_form(request: Request, refusal: Refusal | None, done: bool = False, waits: bool = False) -> Response:
    """Both forms, the one that was refused as it was filled in."""
    who = current(request)
    if not who.party_id:
        return to("/")
    wallet = ask(request, who, payments.wallet, str(who.party_id))
    last = ask(request, who, payments.history, str(who.party_id), limit=1).movements if done else ()
    return again(request, "customer/pay.html", who, refusal, wallet=wallet, last=last, waits=waits)


@router.post("/pay")
@comes_back(pay_form)
def pay(request: Request, fields: Fields) -> Response:
    """Show the amount in words and ask once more; then pay. What would be refused is refused before it is confirmed."""
    who = current(request)
    command = _command(str(who.party_id), fields)

    def show(_: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        return page(request, "customer/pay_confirm.html", who, command=command, wallet=wallet, **form)

    return once_more(
        request, fields, payments.transfer if isinstance(command, Transfer) else payments.top_up, command, actor=who,
        show=show, then=lambda done: to("/pay", **({"waits": "true"} if _waits(done) else {"done": "true"})),
    )  # fmt: skip


def _waits(done: RailPayment | Transferred) -> bool:
    """Whether the other bank has not answered yet."""
    return isinstance(done, RailPayment) and done.state == "asked"


def _command(party: str, fields: Form) -> MoveByRail | Transfer:
    """What a form asks for: a card's number may be typed in groups, as it is printed on the card."""
    amount = positive(fields.as_money("amount"))
    card = "".join(plain_digits(str(fields.get("card") or "")).replace("-", " ").split())
    if card:
        return MoveByRail(party, amount, card)
    return Transfer(party, str(fields.get("payee") or "").strip(), amount, str(fields.get("memo") or ""))


@router.get("/activity")
def activity(request: Request, cursor: str | None = None) -> Response:
    """Everything that moved in one's wallet, the newest first."""
    who = current(request)
    if not who.party_id:
        return to("/")
    found = ask(request, who, payments.history, who.party_id, cursor=cursor, limit=30)
    return page(request, "customer/activity.html", who, found=found, cursor=cursor)
