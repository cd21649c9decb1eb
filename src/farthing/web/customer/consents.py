"""The pages of consents: what is allowed, for what, until when, taking it back; who asked about oneself; a shop's receipts."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.catalogue.model import SOURCES
from farthing.credit.insight import service as insight
from farthing.credit.model import GiveConsent, RevokeConsent
from farthing.credit.rules import PURPOSE
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.payments.merchants import receipts_service as receipts
from farthing.web.customer.applying import check_agreed, consent_until, receipts_allowed
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, pages, run, sign_in_first, to, view

router = pages()


@router.get("/consents")
def consents_page(request: Request) -> Response:
    """Every consent, and every time a bureau was asked under one."""
    return consents_form(request, None)


def consents_form(request: Request, refusal: Refusal | None) -> Response:
    """The consents, and the box by which one's own wallet counts, as it was left where that was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        given = ask(credit.consents, party)
        counts = any("wallet_here" in each.kinds and each.state(today) == "active" for each in given)
        person = ask(parties.own_party, party).kind == "person"
        return {
            "consents": given, "inquiries": ask(insight.inquiries, party), "wallet": person and not counts,
            "until": consent_until(request),
        }  # fmt: skip

    return again(request, "customer/borrow/consents.html", who, refusal, **view(request, who, build))


@router.post("/consents/wallet")
@comes_back(consents_form)
def allow_wallet(request: Request, fields: Fields) -> Response:
    """Allow that one's own wallet counts for a loan application, until a day. Pressed twice it is allowed once."""
    check_agreed(fields)
    who = current(request)
    command = GiveConsent(str(who.party_id), PURPOSE, ("wallet_here",), consent_until(request))
    run(request, credit.give_consent, command, actor=who, key=str(fields.get("key")))
    return to("/consents")


@router.post("/consents/revocations")
def take_back(request: Request, fields: Fields) -> Response:
    """Take a consent back. Pressed twice it is taken back once."""
    run(request, credit.revoke_consent, RevokeConsent(str(fields.get("consent_id") or "")), actor=current(request))
    return to("/consents")


@router.get("/features")
def features(request: Request) -> Response:
    """Everything that may be computed about whoever asks for a loan; anybody may read it."""
    who = current(request)
    found = ask(request, who, insight.features)
    told = [(source, [each for each in found if each.sources[0] == source]) for source in dict.fromkeys(SOURCES)]
    return page(
        request, "customer/borrow/features.html", who, told=[(SOURCES[source], each) for source, each in told if each]
    )


@router.get("/receipts")
def receipts_page(request: Request) -> Response:
    """What one's shops took here, as an application would count it, and whether one allows that."""
    return receipts_form(request, None)


def receipts_form(request: Request, refusal: Refusal | None) -> Response:
    """The receipts, and the box to tick as it was left where that was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "found": ask(receipts.receipts, party),
            "allowed": receipts_allowed(ask(credit.consents, party), today),
            "until": consent_until(request),
        }

    return again(request, "customer/borrow/receipts.html", who, refusal, **view(request, who, build))


@router.post("/receipts")
@comes_back(receipts_form)
def allow_receipts(request: Request, fields: Fields) -> Response:
    """Allow that receipts count for a loan application, until a day. Pressed twice it is allowed once."""
    check_agreed(fields)
    who = current(request)
    command = GiveConsent(str(who.party_id), PURPOSE, ("shop_receipts",), consent_until(request))
    run(request, credit.give_consent, command, actor=who, key=str(fields.get("key")))
    return to("/receipts")
