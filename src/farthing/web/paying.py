"""The pages of paying and topping up: shown first in figures and words, done when it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.digits import plain_digits
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from farthing.payments.rules import check_outside_account
from farthing.signing.capitals import capitals
from farthing.web.ground import Fields, again, ask, current, page, pages, preview, run, to, yuan

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
    return again(request, "pay.html", who, refusal, wallet=wallet, last=last, waits=waits)


@router.post("/pay")
def pay(request: Request, fields: Fields) -> Response:
    """Show the amount in words and ask once more; then pay. What would be refused is refused before it is confirmed."""
    who = current(request)
    command = _command(str(who.party_id), fields)
    key = str(fields.get("key"))
    if not fields.get("confirmed"):
        if isinstance(command, Transfer):
            preview(request, who, payments.transfer, command)
        else:
            check_outside_account(command.outside_account)
        return page(
            request, "pay_confirm.html", who, asked=fields, command=command, words=capitals(command.amount),
            wallet=ask(request, who, payments.wallet, str(who.party_id)),
        )  # fmt: skip
    if isinstance(command, Transfer):
        run(request, payments.transfer, command, actor=who, key=key)
    else:
        moved = run(request, payments.top_up, command, actor=who, key=key)
        if moved.state == "asked":
            return to("/pay", waits="true")
    return to("/pay", done="true")


def _command(party: str, fields: Mapping[str, Any]) -> MoveByRail | Transfer:
    """What a form asks for: a card's number may be typed in groups, as it is printed on the card."""
    amount = positive(yuan(fields.get("amount")))
    card = "".join(plain_digits(str(fields.get("card") or "")).replace("-", " ").split())
    if card:
        return MoveByRail(party, amount, card)
    return Transfer(party, str(fields.get("payee") or "").strip(), amount, str(fields.get("memo") or ""))
