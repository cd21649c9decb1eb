"""The pages of mandates: who may draw, signed under limits of one's own, ended with one tap; debits stopped and had back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import EndMandate, MandateView, PayersDebit
from farthing.web.asking_again import by_key_once_more
from farthing.web.forms import Form, comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to

router = pages()


@router.get("/mandates")
def mandates_page(request: Request) -> Response:
    """Who may draw of one's wallet, and who asks for it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(request, "customer/mandates.html", who, mandates=ask(request, who, debits.mandates, who.party_id))


@router.get("/mandates/{mandate_id}")
def mandate_page(request: Request, mandate_id: str) -> Response:
    """A mandate: to be signed, limited or ended; and its debits."""
    return mandate_form(request, None, mandate_id)


def mandate_form(request: Request, refusal: Refusal | None, mandate_id: str = "") -> Response:
    """The mandate as it stands, and the form of its limits as it was filled in where that was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    mandate_id = meant(request, refusal, "mandate_id", mandate_id)
    found = ask(request, who, debits.mandate, who.party_id, mandate_id)
    return again(request, "customer/mandate.html", who, refusal, mandate=found)


@router.post("/mandates")
@comes_back(mandate_form)
def sign(request: Request, fields: Fields) -> Response:
    """Show what is signed and ask once more; then sign it. Limits of one in force are changed at once."""
    who = current(request)
    if fields.get("change"):
        return _limited(request, who, fields)
    command = command_of(debits.sign, fields, payer=who.party_id)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        return page(request, "customer/mandate_confirm.html", who, mandate=looked, **form)

    return once_more(request, fields, debits.sign, command, actor=who, show=show, then=_signed)


def _limited(request: Request, who: Actor, fields: Form) -> Response:
    """Keep other limits at once; more is confirmed by the passkey of whoever has one."""
    command = command_of(debits.set_limits, fields.but(change=""), payer=who.party_id)

    def show(form: dict[str, Any]) -> HTMLResponse:
        found = ask(request, who, debits.mandate, who.party_id, command.mandate_id)
        wanted = replace(found, each_max=command.each_max, month_max=command.month_max, until=command.until)
        return page(request, "customer/mandate_confirm.html", who, mandate=wanted, **form)

    asking = by_key_once_more(request, fields, debits.set_limits, command, actor=who, show=show)
    return asking or to(f"/mandates/{command.mandate_id}")


def _signed(done: MandateView) -> Response:
    return to(f"/mandates/{done.id}")


@router.post("/mandates/ends")
@comes_back(mandate_form)
def end(request: Request, fields: Fields) -> Response:
    """End it, or refuse it, at once."""
    who, name = current(request), str(fields.get("mandate_id") or "")
    run(request, debits.end, EndMandate(str(who.party_id), name), actor=who)
    return to(f"/mandates/{name}")


@router.post("/mandates/debits")
@comes_back(mandate_form)
def debit(request: Request, fields: Fields) -> Response:
    """Stop a debit before its day, or have it back after it."""
    who, name = current(request), str(fields.get("mandate_id") or "")
    command = PayersDebit(str(who.party_id), name, str(fields.get("debit") or ""))
    function = drawing.refund if fields.get("back") else debits.stop
    run(request, function, command, actor=who, key=str(fields.get("key")))
    return to(f"/mandates/{name}")
