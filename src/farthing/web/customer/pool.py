"""The fund's part of the savings page: buy from one fen, redeem at once or for the next trading day.

An order is shown first as it would be, and placed when it is confirmed. Never says that a fund is insured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import Redeem, RedeemNow, Subscribe
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form
from farthing.web.ground import Fields, current, once_more, page, pages, to

router = pages()


def order_of(party: str, fields: Form) -> tuple[Callable[..., Any], Any]:
    """The operation and command that a form asks for; refuses ``web.unknown_step``."""
    step, fund = str(fields.get("step") or ""), str(fields.get("fund") or "")
    if step == "buy":
        return pool.subscribe, Subscribe(fund, party, fields.as_money("amount"))
    if step == "redeem_now":
        return pool.redeem_now, RedeemNow(fund, party, fields.as_money("amount"), rest_next_day=True)
    if step == "redeem":
        return pool.redeem, Redeem(fund, party, fields.as_money("amount"))
    raise UNKNOWN_STEP(step=repr(step[:40]))


@router.post("/savings/fund")
def order(request: Request, fields: Fields) -> Response:
    """Show what an order would do; place it when it is confirmed."""
    who = current(request)
    function, command = order_of(str(who.party_id), fields)
    at_once = isinstance(command, RedeemNow)
    return once_more(
        request, fields, function, command, actor=who, then=lambda done: to("/savings"),
        show=lambda tried, form: page(
            request, "fund_confirm.html", who, tried=tried, at_once=at_once, amount=command.amount, **form
        ),
    )  # fmt: skip
