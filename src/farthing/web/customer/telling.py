"""The pages by which a partner asks who somebody is: what it wants to know, of which the person picks; and the list of all of it.

The address a partner sends people to is a standard's, so that parameters which nobody knows are passed over there. Session
cookies are not sent with a link from elsewhere: such a request is answered by a page of ours that leads on to the same address.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from farthing.identity import service as identity
from farthing.identity.model import LogOut
from farthing.identity.rules import ANONYMOUS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.parties.vouching import granting_service as granting
from farthing.parties.vouching import rules, service
from farthing.parties.vouching.model import Agreed, AgreeToTell, Asking, StopTelling
from farthing.sharing.model import Asks
from farthing.web import cookies
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import HEADERS, Fields, again, ask, current, kernel_of, page, pages, run, sign_in_first, to

router = pages()
asked_here = APIRouter(include_in_schema=False)
AT = "/openid/authorize"


@asked_here.get(AT)
def authorize(request: Request) -> Response:
    """A partner asks who somebody is."""
    query = request.url.query
    asking, said = _asking(request, query)
    try:
        wanted = rules.request_of(said, asking.claims)
    except rules.Answered as told:
        return away(rules.refused_at(told.redirect_uri, _issuer(request), told.state, told.refusal))
    if request.headers.get("sec-fetch-site") == "cross-site":
        return _hop(request, asking)
    who = current(request)
    if "none" in wanted.prompt:
        return _silently(request, who, wanted)
    if who is ANONYMOUS:
        return sign_in_first(request)
    if _must_sign_in(request, who, wanted):
        return page(request, "customer/telling_anew.html", who, asking=asking, asked=query)
    return _consent_page(request, None, who, query)


def _asking(request: Request, query: str) -> tuple[Asking, dict[str, str]]:
    """Who asks, and what; refused on a page of ours, since an answer to an address that is not known would go to anybody."""
    said = rules.asked(query)
    for name in ("client_id", "redirect_uri"):
        said.setdefault(name, "")
    found = ask(request, ANONYMOUS, service.asking, said["client_id"][:200] or "-", said["redirect_uri"][:500])
    return found, said


def _must_sign_in(request: Request, who: Actor, wanted: rules.Request) -> bool:
    return who.party_id is None or rules.too_old(wanted, who.proved, kernel_of(request).wall())


def _silently(request: Request, who: Actor, wanted: rules.Request) -> Response:
    """Answer without asking anybody: a code where a consent to all of it is in force, else why not."""
    try:
        if _must_sign_in(request, who, wanted):
            raise rules.LOGIN_REQUIRED()
        return away(_agreed(request, who, wanted, wanted.claims, silent=True))
    except Refusal as refusal:
        told = refusal if refusal.code in rules.ERRORS else rules.LOGIN_REQUIRED()
        return away(rules.refused_at(wanted.redirect_uri, _issuer(request), wanted.state, told))


def _agreed(
    request: Request, who: Actor, wanted: rules.Request, claims: tuple[str, ...], *, silent: bool = False
) -> str:
    """The address with the code, where a person agreed or had before."""
    command = AgreeToTell(wanted.client_id, wanted.redirect_uri, claims, wanted.nonce, wanted.code_challenge, silent)
    done: Agreed = run(request, granting.agree_to_tell, command, actor=who)
    return rules.answer_at(wanted.redirect_uri, _issuer(request), wanted.state, code=done.code)


def _issuer(request: Request) -> str:
    issuer: str = request.app.state.site.origin
    return issuer


def away(address: str) -> Response:
    """Send the browser to an institution's address: by 303, so that no form is sent along."""
    return RedirectResponse(address, 303, headers={**HEADERS, "Referrer-Policy": "no-referrer"})


def _hop(request: Request, asking: Asking) -> Response:
    """A page of ours that leads on to the same address, for which the browser then sends the session along."""
    return leads(request, "customer/telling_hop.html", ANONYMOUS, asking, f"{AT}?{request.url.query}")


def _back(request: Request, who: Actor, asking: Asking, address: str) -> Response:
    """A page of ours that leads back to a partner: a redirect would be a part of the form that was sent, of which browsers judge
    every further one by our policy, the partner's own too."""
    return leads(request, "customer/telling_back.html", who, asking, address)


def leads(request: Request, template: str, who: Actor, asking: Asking | Asks, onward: str) -> Response:
    """A page of ours that leads on: it says where to by a header and by a link, and not by a redirect."""
    shown = page(request, template, who, asking=asking, onward=onward)
    shown.headers["Refresh"], shown.headers["Referrer-Policy"] = f"0; url={onward}", "no-referrer"
    return shown


def consent_page(request: Request, refusal: Refusal | None) -> Response:
    """The page on which one picks, with a refusal where that was refused."""
    return _consent_page(request, refusal, current(request), str(request.state.typed.get("asked") or ""))


def _consent_page(request: Request, refusal: Refusal | None, who: Actor, query: str) -> Response:
    if not who.party_id:
        return sign_in_first(request)
    asking, said = _asking(request, query)
    wanted = rules.request_of(said, asking.claims)
    person: Party = ask(request, who, parties.own_party, who.party_id)
    shown: HTMLResponse = again(
        request, "customer/telling_ask.html", who, refusal, asking=asking, wanted=wanted, asked=query, person=person,
        adult=rules.told_of(person, ("over_18",), None, kernel_of(request).clock().business_date).get("over_18"),
    )  # fmt: skip
    return shown


@router.post("/openid/decision")
@comes_back(consent_page)
def decide(request: Request, fields: Fields) -> Response:
    """Agree to what was picked, or to nothing."""
    who, query, act = current(request), str(fields.get("asked")), str(fields.get("act"))
    asking, said = _asking(request, query)
    try:
        wanted = rules.request_of(said, asking.claims)
    except rules.Answered as answered:
        raise answered.refusal from None
    if act == "refuse":
        told = rules.REFUSED()
        return _back(request, who, asking, rules.refused_at(wanted.redirect_uri, _issuer(request), wanted.state, told))
    if act != "agree":
        raise UNKNOWN_STEP(step=repr(act[:40]))
    if who.party_id is None or rules.too_old(wanted, who.proved, kernel_of(request).wall(), rules.READING):
        raise rules.LOGIN_REQUIRED()
    return _back(request, who, asking, _agreed(request, who, wanted, _picked(fields, wanted)))


def _picked(fields: Form, wanted: rules.Request) -> tuple[str, ...]:
    """What was ticked of what was asked for."""
    return tuple(each for each in wanted.claims if fields.get(f"claim-{each}"))


@router.post("/openid/anew")
def sign_in_anew(request: Request, fields: Fields) -> Response:
    """Sign out, and come back to what was asked once one has signed in again."""
    who, query = current(request), str(fields.get("asked"))
    _asking(request, query)
    if who is not ANONYMOUS:
        run(request, identity.log_out, LogOut(cookies.session_token(request)), actor=who)
    return cookies.end(request, RedirectResponse(f"/?{urlencode({'next': f'{AT}?{query}'})}", 303))


@router.get("/me/told")
def told(request: Request) -> Response:
    """What one lets partners know, and what each was told when."""
    return told_page(request, None)


def told_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where taking back was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found: Any = ask(request, who, service.own_tellings)
    return again(request, "customer/told.html", who, refusal, consents=found.consents, told=found.told)


@router.post("/me/told")
@comes_back(told_page)
def take_back(request: Request, fields: Fields) -> Response:
    """Take a consent back. Pressed twice it is taken back once."""
    command = StopTelling(str(fields.get("consent_id")) or "-")
    run(request, service.stop_telling, command, actor=current(request))
    return to("/me/told")
