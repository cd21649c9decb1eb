"""The operator's pages of agreements: all of them, one drawn up under a form, one read and sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kit.errors import Refusal
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, Filled, FormTold, SealAgreement
from farthing.signing.agreements.service import INSTITUTION
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page, page_of_any, pages, run, to

router = pages("/ops/agreements")


@router.get("")
def listed(request: Request, before: str = "") -> Response:
    """The agreements of the bank, latest first."""
    who = current(request)
    found = ask(request, who, agreements.agreements_drawn, before, 20)
    return page(request, "operator/agreements.html", who, found=found, before=before)


@router.get("/new")
def choose(request: Request) -> Response:
    """Choose a form."""
    return new_form(request, None)


@router.get("/new/{form}")
def new_page(request: Request, form: str) -> Response:
    """Fill a form in."""
    return new_form(request, None, form)


def new_form(request: Request, refusal: Refusal | None, form: str = "") -> Response:
    """What a form asks for, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, agreements.draw)
    known = _general(ask(request, who, agreements.forms))
    chosen = next((each for each in known if each.name == form), None)
    roles = [] if chosen is None else [role for role in chosen.roles if role[0] != INSTITUTION]
    return again(request, "operator/agreement_new.html", who, refusal, forms=known, chosen=chosen, roles=roles)


def _general(forms: Sequence[FormTold]) -> list[FormTold]:
    return [each for each in forms if each.general]


@router.post("/new/{form}")
@comes_back(new_form)
def draw(request: Request, fields: Fields, form: str) -> Response:
    """Have it drawn up under the form."""
    who = current(request)
    chosen = next((each for each in _general(ask(request, who, agreements.forms)) if each.name == form), None)
    roles = () if chosen is None else chosen.roles
    named = [
        AgreementParty(name, str(fields.get(f"role_{name}")).strip()) for name, _, _ in roles if name != INSTITUTION
    ]
    filled = [
        Filled(name, str(fields.get(f"field_{name}")).strip()) for name, _, _ in (chosen.fields if chosen else ())
    ]
    key = str(fields.get("key"))
    made: Any = run(request, agreements.draw, DrawAgreement(key, form, tuple(named), tuple(filled)), actor=who, key=key)
    return to(f"/ops/agreements/{made.id}")


@router.get("/{agreement_id}")
def one(request: Request, agreement_id: str, drafted: bool = False) -> Response:
    """One agreement: what it says and who signed."""
    return shown(request, None, agreement_id, drafted)


def shown(request: Request, refusal: Refusal | None, agreement_id: str = "", drafted: bool = False) -> Response:
    """The page of an agreement, with what was refused."""
    who = current(request)
    found: Any = ask(request, who, agreements.agreement, agreement_id)
    waits = next((each for each in found.parties if not each.signed), None)
    seals = found.state == "waits" and waits is not None and waits.role == INSTITUTION
    return again(
        request, "operator/agreement.html", who, refusal, found=found, waits=waits, seals=seals, drafted=drafted
    )


@router.post("/{agreement_id}")
@comes_back(shown)
def seal(request: Request, agreement_id: str, fields: Fields) -> Response:
    """Ask a second member of staff to seal the document that was shown."""
    command = SealAgreement(agreement_id, str(fields.get("digest")))
    run(request, agreements.seal, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/ops/agreements/{agreement_id}", drafted="1")


@router.get("/{agreement_id}/document.pdf")
def document(request: Request, agreement_id: str) -> Response:
    """The document as it stands."""
    pdf = ask(request, current(request), agreements.agreement_pdf, agreement_id)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})
