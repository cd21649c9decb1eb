"""The pages of collecting: a code that others open with the camera of a phone, drawn here, and withdrawn here."""

from __future__ import annotations

import io

import segno
from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from farthing.kit.errors import Refusal
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Collect, CollectCode, WithdrawCollect
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to

router = pages()


@router.get("/collect")
def collect_page(request: Request, code: str = "") -> Response:
    """One's codes; the one that is named, or the newest, is drawn."""
    return collect_form(request, None, code)


def collect_form(request: Request, refusal: Refusal | None, code: str = "") -> Response:
    """The code to show, the others, and the form of a new one."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    codes = ask(request, who, payees.collect_codes, who.party_id)
    shown = next((each for each in codes if each.id == code), codes[0] if codes else None)
    link = f"{request.url.scheme}://{request.url.netloc}/pay/to/{shown.id}" if shown else ""
    return again(
        request, "customer/collect.html", who, refusal, codes=codes, shown=shown, link=link,
        drawn=drawn(link) if link else "",
    )  # fmt: skip


@router.post("/collect")
@comes_back(collect_form)
def collect(request: Request, fields: Fields) -> Response:
    """Make a code, with an amount and a note or without."""
    who = current(request)
    amount = fields.as_money("amount") if str(fields.get("amount") or "").strip() else None
    command = Collect(str(who.party_id), amount, str(fields.get("note") or ""))
    made: CollectCode = run(request, payees.collect, command, actor=who, key=str(fields.get("key")))
    return to("/collect", code=made.id)


@router.post("/collect/withdrawals")
def withdraw(request: Request, fields: Fields) -> Response:
    """A code is no longer good."""
    run(request, payees.withdraw_collect, WithdrawCollect(str(fields.get("code") or "")), actor=current(request))
    return to("/collect")


def drawn(text: str) -> Markup:
    """A text as a QR code (ISO/IEC 18004): SVG with its own light ground, which cameras need in dark pages too."""
    file = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        file, kind="svg", xmldecl=False, svgns=True, nl=False, border=3, dark="#000", light="#fff", omitsize=True,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(file.getvalue().decode())  # noqa: S704 - drawn from its own modules; the text stands nowhere in it
