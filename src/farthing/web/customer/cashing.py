"""The customer's page of cash at an agent: a code for an amount, told to the agent; dropped with one tap."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import AskCash, CashCode, DropCash
from farthing.web.asking_again import by_key_once_more
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page, pages, run, sign_in_first, to

router = pages("/cash")


@router.get("")
def cash_page(request: Request) -> Response:
    """How much in cash; or the code that is good already."""
    return cash_form(request, None)


def cash_form(request: Request, refusal: Refusal | None, shown: CashCode | None = None) -> Response:
    """The form of the amount, as it was filled in where it was refused, with the code that was just made."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    wallet = ask(request, who, payments.wallet, who.party_id)
    stands = shown or ask(request, who, serving.cash_code, who.party_id)
    return again(request, "customer/cash.html", who, refusal, wallet=wallet, stands=stands, shown=shown)


@router.post("")
@comes_back(cash_form)
def make(request: Request, fields: Fields) -> Response:
    """Make the code; it is shown this once."""
    who = current(request)
    command = AskCash(str(who.party_id), positive(fields.as_money("amount")))
    made: list[CashCode] = []
    asking = by_key_once_more(
        request, fields, serving.ask_cash, command, actor=who, done=made.append,
        show=lambda form: page(request, "customer/cash_key.html", who, amount=command.amount, **form),
    )  # fmt: skip
    return asking if asking is not None else cash_form(request, None, made[0])


@router.post("/withdrawals")
@comes_back(cash_form)
def drop(request: Request, fields: Fields) -> Response:
    """No cash any more."""
    who = current(request)
    run(request, serving.drop_cash, DropCash(str(who.party_id), str(fields.get("code"))), actor=who)
    return to("/cash")
