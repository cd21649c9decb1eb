"""The pages of files of payment orders: brought, looked at as they were understood, agreed to, followed, answered for."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.iso20022.rules import MOST_BYTES
from farthing.payments.life.reasons import said
from farthing.payments.orders import service as orders
from farthing.payments.orders.model import AgreeOrders, BringOrders, FileTold, WithdrawOrders
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()
UNKEPT = {"Cache-Control": "no-store"}


@router.get("/orders")
def orders_page(request: Request) -> Response:
    """One's files, and the form to bring another."""
    return file_form(request, None)


def file_form(request: Request, refusal: Refusal | None) -> Response:
    """The form of a file, with what was refused of it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    files = ask(request, who, orders.files, who.party_id)
    return again(request, "customer/orders.html", who, refusal, files=files, number=who.party_id)


@router.post("/orders")
@comes_back(file_form)
def bring(request: Request, fields: Fields) -> Response:
    """Take a file and show how it was understood; nothing moves."""
    who, key = current(request), str(fields.get("key"))
    content = base64.b64encode(fields.as_file("file", MOST_BYTES + 1)).decode()
    done: FileTold = run(request, orders.bring, BringOrders(str(who.party_id), content), actor=who, key=key)
    return to(f"/orders/{done.id}")


@router.get("/orders/{file_id}")
def file_page(request: Request, file_id: str) -> Response:
    """A file as it was understood, and how each of its orders stands."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    told = ask(request, who, orders.file, who.party_id, file_id)
    left = ask(request, who, payments.wallet, who.party_id).available
    return page(request, "customer/orders_one.html", who, told=told, left=left, why=said)


@router.post("/orders/agreements")
def agree(request: Request, fields: Fields) -> Response:
    """Show once more what is paid and what is not; then agree to it."""
    who, name = current(request), str(fields.get("file") or "")
    command = AgreeOrders(str(who.party_id), name)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        left = ask(request, who, payments.wallet, who.party_id).available
        return page(request, "customer/orders_confirm.html", who, told=looked, left=left, **form)

    return once_more(request, fields, orders.agree, command, actor=who, show=show, then=lambda _: to(f"/orders/{name}"))


@router.post("/orders/withdrawals")
def withdraw(request: Request, fields: Fields) -> Response:
    """Take back what was not paid yet."""
    who, name = current(request), str(fields.get("file") or "")
    run(request, orders.withdraw, WithdrawOrders(str(who.party_id), name), actor=who, key=str(fields.get("key")))
    return to(f"/orders/{name}")


@router.get("/orders/{file_id}/report.xml")
def report(request: Request, file_id: str) -> Response:
    """The answer to a file as it stands now (pain.002), to be read by the program that made the file."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, orders.report, who.party_id, file_id)
    headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{file_id}.xml"'}
    return Response(base64.b64decode(found.content), media_type="application/xml", headers=headers)
