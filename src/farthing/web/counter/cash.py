"""Cash into a customer's wallet and out of it: shown to the customer first, then done, then a slip."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.tills import cash_service as cash
from farthing.payments.tills import rules
from farthing.payments.tills.model import Cashed, CashIn, CashOut
from farthing.web.counter.customer import back_to, of_customer
from farthing.web.counter.desk import at_desk, turned
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, current, once_more, pages, part, to

router = pages("/counter/customers")

WAYS = ("in", "out")


@router.get("/{party_id}/cash")
def cash_page(request: Request, party_id: str, way: str = "in") -> Response:
    """How much cash comes in, or goes out."""
    return cash_form(request, None, party_id, way)


def cash_form(request: Request, refusal: Refusal | None, party_id: str, way: str = "") -> HTMLResponse:
    """One amount; as it was typed, where it was refused."""
    way = way or str(request.state.typed.get("way"))
    if way not in WAYS:
        raise UNKNOWN_STEP(step=repr(way[:40]))
    return at_desk(
        request, "counter/cash.html", current(request), refusal, lambda ask: of_customer(ask, party_id), way=way
    )  # fmt: skip


@router.post("/{party_id}/cash")
@comes_back(cash_form)
def move(request: Request, party_id: str, fields: Fields) -> Response:
    """Show the customer what moves; move it when it is confirmed."""
    who = current(request)
    function, command = _command(party_id, fields)
    here = f"/counter/customers/{party_id}"

    def show(done: Cashed, form: dict[str, Any]) -> HTMLResponse:
        return turned(request, "counter/turned_cash.html", who, done=done, action=f"{here}/cash", back=here, **form)

    def then(done: Cashed | Pending) -> Response:
        return back_to(party_id, waits=True) if isinstance(done, Pending) else to(f"{here}/slip")

    return once_more(request, fields, function, command, actor=who, show=show, then=then)


def _command(party_id: str, fields: Form) -> tuple[Any, CashIn | CashOut]:
    way, amount = str(fields.get("way")), positive(fields.as_money("amount"))
    if way == "in":
        return cash.cash_in, CashIn(party_id, amount)
    if way == "out":
        return cash.cash_out, CashOut(party_id, amount)
    raise UNKNOWN_STEP(step=repr(way[:40]))


@router.get("/{party_id}/slip")
def slip(request: Request, party_id: str) -> Response:
    """The slip of the last cash that moved in the wallet, to be printed and handed over."""

    def build(ask: Ask) -> dict[str, Any]:
        found = of_customer(ask, party_id)
        kinds = (rules.CASH_IN, rules.CASH_OUT)
        told = part(ask, payments.history, found["party"].id, limit=50) if found["wallet"] else None
        last = next((each for each in told.movements if each.kind in kinds), None) if told else None
        return {**found, "last": last, "institution": ask(parties.institution_name)}

    return at_desk(request, "counter/slip.html", current(request), None, build)
