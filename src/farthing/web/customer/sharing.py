"""The pages by which an institution asks to read accounts: what it wants, of which the person picks accounts; and who read what.

The address an institution sends people to is a standard's: of its parameters two are looked at, and the rest was pushed before.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from farthing.identity.rules import ANONYMOUS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties.vouching import rules as vouching
from farthing.sharing import rules, service
from farthing.sharing.model import AgreeToShare, Answered, Asks, Choice, RefuseToShare, StopSharing
from farthing.sharing.templates import templates
from farthing.web.customer.telling import leads
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, run, sign_in_first, to
from farthing.web.speech import language

router = pages()
asked_here = APIRouter(include_in_schema=False)
AT = "/open/authorize"


@asked_here.get(AT)
def authorize(request: Request) -> Response:
    """An institution asks to read accounts."""
    asking = _asking(request, request.url.query)
    if request.headers.get("sec-fetch-site") == "cross-site":
        return leads(request, "customer/sharing_hop.html", ANONYMOUS, asking, f"{AT}?{request.url.query}")
    return _ask_page(request, None, current(request), request.url.query)


def _asking(request: Request, query: str) -> Asks:
    """Who asks, and what; refused on a page of ours, since nobody can be answered whose request is not known."""
    said = vouching.asked(query)
    found: Asks = ask(
        request,
        ANONYMOUS,
        service.asks,
        said.get("client_id", "")[:200] or "-",
        said.get("request_uri", "")[:500] or "-",
    )
    return found


def ask_page(request: Request, refusal: Refusal | None) -> Response:
    """The page on which one picks, with a refusal where that was refused."""
    return _ask_page(request, refusal, current(request), str(request.state.typed.get("asked") or ""))


def _ask_page(request: Request, refusal: Refusal | None, who: Actor, query: str) -> Response:
    if not who.party_id:
        return sign_in_first(request)
    asking = _asking(request, query)
    choices: list[Choice] = ask(request, who, service.choices, asking.request_id)
    shown: HTMLResponse = again(
        request, "customer/sharing_ask.html", who, refusal, asking=asking, choices=choices, asked=query,
        purpose=templates().get(asking.details.template),
    )  # fmt: skip
    return shown


@router.post("/open/decision")
@comes_back(ask_page)
def decide(request: Request, fields: Fields) -> Response:
    """Let the institution read what was picked, once that was shown and confirmed; or nothing."""
    who, query, act = current(request), str(fields.get("asked")), str(fields.get("act"))
    asking = _asking(request, query)
    if act == "refuse":
        done = run(request, service.refuse, RefuseToShare(asking.request_id), actor=who)
        refused = vouching.refused_at(done.redirect_uri, _issuer(request), done.state, vouching.REFUSED())
        return leads(request, "customer/sharing_back.html", who, asking, refused)
    if act != "agree":
        raise UNKNOWN_STEP(step=repr(act[:40]))
    choices: list[Choice] = ask(request, who, service.choices, asking.request_id)
    picked = _picked(fields, choices)
    command = AgreeToShare(asking.request_id, tuple(each.ref for each in picked), "zh" if language() == "zh" else "en")

    def show(_: Answered, form: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "customer/sharing_confirm.html", who, asking=asking, picked=picked,
            purpose=templates().get(asking.details.template), back=f"{AT}?{query}", **form,
        )  # fmt: skip

    def then(done: Answered) -> Response:
        if not done.code:
            raise rules.REQUEST_GONE()  # pressed twice: a code is told once
        answer = vouching.answer_at(done.redirect_uri, _issuer(request), done.state, code=done.code)
        return leads(request, "customer/sharing_back.html", who, asking, answer)

    return once_more(request, fields, service.agree, command, actor=who, show=show, then=then)


def _picked(fields: Form, choices: list[Choice]) -> list[Choice]:
    return [each for each in choices if fields.get(f"account-{each.ref}")]


def _issuer(request: Request) -> str:
    return rules.issuer_of(request.app.state.site.origin)


@router.get("/me/shared")
def shared(request: Request) -> Response:
    """What one lets institutions read, and what each read when."""
    return shared_page(request, None)


def shared_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where stopping was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Any = ask(request, who, service.own)
    return again(
        request, "customer/shared.html", who, refusal, consents=found.consents, read=found.read, purposes=templates()
    )  # fmt: skip


@router.post("/me/shared")
@comes_back(shared_page)
def stop(request: Request, fields: Fields) -> Response:
    """Stop an institution from reading, at once."""
    run(request, service.stop, StopSharing(str(fields.get("consent_id")) or "-"), actor=current(request))
    return to("/me/shared")


@router.get("/me/shared/{consent_id}/receipt.json")
def receipt(request: Request, consent_id: str) -> Response:
    """The receipt of a consent, to keep."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, service.receipt, consent_id)
    headers = {"Content-Disposition": 'attachment; filename="consent.json"', "Cache-Control": "no-store"}
    return Response(json.dumps(found, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)
