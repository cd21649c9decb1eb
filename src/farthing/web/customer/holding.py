"""The pages of payments that the bank looks at before they go: why one waits, until when, what happens then, taking it back."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import WithdrawHeld
from farthing.web.ground import Fields, ask, current, page, pages, run, sign_in_first, to

router = pages()


@router.get("/held")
def held_page(request: Request) -> Response:
    """One's payments that wait or waited."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(request, "customer/held.html", who, payments=ask(request, who, fraud.own_list, who.party_id))


@router.get("/held/{payment_id}")
def held_one(request: Request, payment_id: str) -> Response:
    """A payment that waits or waited."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, fraud.own, who.party_id, payment_id)
    return page(request, "customer/held_one.html", who, payment=found)


@router.post("/held/withdrawals")
def withdraw(request: Request, fields: Fields) -> Response:
    """Take it back."""
    who, name = current(request), str(fields.get("payment") or "")
    run(request, fraud.withdraw, WithdrawHeld(str(who.party_id), name), actor=who)
    return to(f"/held/{name}")
