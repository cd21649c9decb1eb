"""The pages on which one signs: read, confirm, done. One confirms by a key of this browser, or by another that a form admits."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.signing.agreements import service as agreements
from farthing.signing.custody import service as custody
from farthing.signing.custody.model import AskCertificate, GiveSignature, PreparedTold
from farthing.web import keyed
from farthing.web.customer.agreeing import bank_makes_key
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, ask, current, looked, page, pages, run, sign_in_first, to
from farthing.web.speech import gettext as _

router = pages()


@router.get("/agreements/{agreement_id}/sign")
def confirm(request: Request, agreement_id: str) -> Response:
    """What is signed, by which key, and until when one may step back; whoever's turn it is not goes back to the agreement."""
    return confirmed(request, None, agreement_id)


def confirmed(request: Request, refusal: Refusal | None, agreement_id: str) -> Response:
    """The same, with what stopped the last step."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Any = ask(request, who, agreements.own_agreement, who.party_id, agreement_id)
    mine = next((each for each in found.parties if not each.signed), None)
    if refusal is None and (found.state != "waits" or mine is None or mine.party_id != who.party_id):
        return to(f"/agreements/{agreement_id}")
    own = mine is not None and mine.certificate == "one_time" and "browser" in found.custodies
    said = reads(found, f"/agreements/{found.id}/document.pdf")
    return again(
        request, "customer/agreement_confirm.html", who, refusal, found=found, mine=mine,
        own_key=said if own else None, others=bank_makes_key(found, mine),
    )  # fmt: skip


@router.post("/agreements/{agreement_id}/sign")
@comes_back(confirmed)
def certified(request: Request, agreement_id: str, fields: Fields) -> Response:
    """Have the key that this browser made certified, and hand it the document to sign; whoever has a passkey confirms that."""
    who = current(request)
    command = AskCertificate(
        agreement_id, str(who.party_id),
        *(str(fields.get(name) or "") for name in ("digest", "role", "certificate", "public_key", "possession")),
    )  # fmt: skip
    try:
        proof = keyed.proof(request, who, fields)
        told: PreparedTold = run(request, custody.ask_certificate, command, actor=who, proof=proof)
    except Refusal as refusal:
        if refusal.code != KEY_NEEDED.name:
            raise
        at = f"/agreements/{agreement_id}"
        return by_passkey(request, who, custody.ask_certificate, command, fields, at, _("My agreements"))
    at = f"/agreements/{agreement_id}"
    return signs(request, who, told, at, f"{at}/document.pdf", _("My agreements"))


def reads(told: Any, document: str) -> str:
    """What the browser is told to make a key for: the contract, its digest and where its PDF is."""
    return json.dumps({"agreement": told.id, "digest": told.document_digest, "document": document})


def signs(request: Request, who: Actor, told: PreparedTold, at: str, document: str, label: str) -> HTMLResponse:
    """The page on which the browser signs what was prepared, and goes on to ``at``/signature by itself."""
    said = {
        "agreement": told.agreement_id, "digest": told.document_digest, "start": told.start, "stop": told.stop,
        "certificate": told.certificate_base64, "attributes": told.attributes_base64,
        "document": document, "waiting": f"/agreements/{told.agreement_id}/waiting/{told.id}.pdf",
    }  # fmt: skip
    return page(
        request, "customer/agreement_signing.html", who, at=at, label=label, told=told, own_key=json.dumps(said),
        steps=at.startswith("/agreements/"),
    )  # fmt: skip


def by_passkey(
    request: Request, who: Actor, function: Any, command: Any, fields: Form, at: str, label: str
) -> HTMLResponse:
    """The same, once more, for the passkey to confirm."""
    found = looked(request, who, function, command)
    by_key = keyed.wanted(request, found, partial(run, request, actor=who))
    return page(
        request, "customer/agreement_key.html", who, at=at, label=label, asked=fields.asked, by_key=by_key,
        action="/sign", power=None,
    )  # fmt: skip


@router.get("/agreements/{agreement_id}/waiting/{prepared_id}.pdf")
def waiting(request: Request, agreement_id: str, prepared_id: str) -> Response:
    """The document as it will be signed, the signature's place empty."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    pdf = ask(request, who, custody.prepared_document, who.party_id, prepared_id)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.post("/agreements/{agreement_id}/signature")
@comes_back(confirmed)
def given(request: Request, agreement_id: str, fields: Fields) -> Response:
    """Hand in what this browser signed."""
    who = current(request)
    command = GiveSignature(
        agreement_id, str(who.party_id), str(fields.get("prepared_id")), str(fields.get("signature"))
    )
    run(request, custody.give_signature, command, actor=who)
    return to(f"/agreements/{agreement_id}/signed")


@router.get("/agreements/{agreement_id}/signed")
def done(request: Request, agreement_id: str) -> Response:
    """What one has signed: the document's fingerprint, how long one may step back, and the file to keep."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Any = ask(request, who, agreements.own_agreement, who.party_id, agreement_id)
    mine = next((each for each in found.parties if each.party_id == who.party_id), None)
    waits = next((each for each in found.parties if not each.signed), None)
    return page(request, "customer/agreement_signed.html", who, found=found, mine=mine, waits=waits)
