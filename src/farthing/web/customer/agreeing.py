"""The pages of one's agreements: all of them, one with its text, signed after it was read, stepped back from."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.assurance import agreements_service as packages
from farthing.assurance.agreements_service import PackageAgreement
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties.acting.model import PowerTold
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import Agreed, AgreementTold, SignAgreement, StepBack
from farthing.web.asking_again import by_key_once_more
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, ask, current, page, pages, run, sign_in_first, to

router = pages()


@router.get("/agreements")
def listed(request: Request) -> Response:
    """All agreements that one is a party of, latest first."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    return page(request, "customer/agreements.html", who, found=ask(request, who, agreements.agreements, who.party_id))


@router.get("/agreements/{agreement_id}")
def one(request: Request, agreement_id: str) -> Response:
    """One agreement: what it says, who signed, and signing it."""
    return shown(request, None, agreement_id)


def shown(request: Request, refusal: Refusal | None, agreement_id: str) -> Response:
    """The page of an agreement, with what stopped the last step."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Any = ask(request, who, agreements.own_agreement, who.party_id, agreement_id)
    waits = next((each for each in found.parties if not each.signed), None)
    turn = found.state == "waits" and waits is not None and waits.party_id == who.party_id
    return again(request, "customer/agreement.html", who, refusal, found=found, turn=turn, waits=waits)


@router.post("/agreements/{agreement_id}")
@comes_back(shown)
def act(request: Request, agreement_id: str, fields: Fields) -> Response:
    """Sign the document that was shown, or step back from it."""
    who, step, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if step == "sign":
        asking = signing_asked(request, fields, agreement_id, who, f"/agreements/{agreement_id}")
        return to(f"/agreements/{agreement_id}/signed") if asking is None else asking
    elif step == "back":
        run(request, agreements.step_back, StepBack(agreement_id, str(who.party_id)), actor=who, key=key)
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return to(f"/agreements/{agreement_id}")


def signing_asked(
    request: Request, fields: Form, agreement_id: str, who: Actor, at: str, power: PowerTold | None = None
) -> HTMLResponse | None:
    """Sign the document that was shown, for oneself or under a power, in the role and by the kind of certificate that were shown;
    where it takes a passkey that has not answered yet, the page that asks for it and posts to ``at``."""
    said = [str(fields.get(name) or "") for name in ("role", "certificate")]
    command = SignAgreement(agreement_id, str(who.party_id), str(fields.get("digest")), *said)
    return by_key_once_more(
        request, fields, agreements.sign, command, actor=who,
        show=lambda form: page(request, "customer/agreement_key.html", current(request), at=at, action="", power=power, **form),
    )  # fmt: skip


def bank_makes_key(found: AgreementTold, mine: Agreed | None) -> bool:
    """Whether a form admits that the bank makes the key of a signature: released by the session or a passkey, or its seal's."""
    return not {"session", "passkey"}.isdisjoint(found.custodies) or (mine is not None and mine.certificate == "seal")


@router.post("/agreements/{agreement_id}/evidence")
def evidence(request: Request, agreement_id: str, fields: Fields) -> Response:
    """The evidence package of one's agreement, to be checked without this bank."""
    who = current(request)
    command = PackageAgreement(str(who.party_id), agreement_id)
    made = run(request, packages.package_agreement, command, actor=who)
    name = f"evidence-{agreement_id}.zip" if agreement_id.isidentifier() else "evidence.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(base64.b64decode(made.content_base64), media_type="application/zip", headers=headers)


@router.get("/agreements/{agreement_id}/document.pdf")
def document(request: Request, agreement_id: str) -> Response:
    """The document as it stands."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    pdf = ask(request, who, agreements.own_agreement_pdf, who.party_id, agreement_id)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})
