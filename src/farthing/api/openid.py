"""Own the routes of the bank as an OpenID provider: discovery, keys, tokens for a code, claims for a token; and of the partners
that two of the staff register, and what a person sees of it.

What partners' programs read is in the standards' form (RFC 6749, OpenID Connect Core and Discovery), with our code beside it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from farthing.api.ground import UNKEPT, bearer, get, kernel_of, post, router_of
from farthing.api.strict import DescribedRoute
from farthing.identity.authenticators.model import Site
from farthing.identity.outside import service as outside
from farthing.identity.rules import ANONYMOUS, DOOR
from farthing.kit.errors import Refusal
from farthing.parties.vouching import granting_service as granting
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import rules, service
from farthing.parties.vouching.model import KeepTokenKey, RedeemCode, Redeemed, TellClaims, Told

router = router_of("/v1")
standard = APIRouter(include_in_schema=False, route_class=DescribedRoute)
"""What the standards describe, and not our own description: parameters that are not known are passed over."""

post(router, "/openid/partners", service.register_relying_party)
post(router, "/openid/partners/ends", service.end_relying_party, status=200)
get(router, "/openid/partners", service.relying_parties, "after", "limit")
post(router, "/openid/keys/turns", keys.turn_token_key)
get(router, "/openid/logins", outside.own_outside)
post(router, "/openid/logins", outside.link_outside)
post(router, "/openid/logins/ends", outside.unlink_outside, status=200)
get(router, "/openid/told", service.own_tellings, "limit")
post(router, "/openid/consents/ends", service.stop_telling, status=200)

FORM = "application/x-www-form-urlencoded"
LONGEST = 40_000
FOR_A_WHILE = {"Cache-Control": "public, max-age=300"}


def issuer_of(request: Request) -> str:
    """What this bank calls itself in tokens: the address at which people reach its pages."""
    site: Site = request.app.state.site
    return site.origin


@standard.get("/.well-known/openid-configuration")
def discovery(request: Request) -> JSONResponse:
    """Where everything is, and what is supported."""
    return JSONResponse(rules.metadata(issuer_of(request)), headers=FOR_A_WHILE)


@standard.get("/v1/openid/keys")
def published(request: Request) -> JSONResponse:
    """The keys by which id tokens are verified."""
    kernel = kernel_of(request)
    found = kernel.ask(keys.token_keys, actor=ANONYMOUS)
    if not found:
        kernel.run(keys.keep_token_key, KeepTokenKey(), actor=DOOR)
        found = kernel.ask(keys.token_keys, actor=ANONYMOUS)
    return JSONResponse({"keys": found}, headers=FOR_A_WHILE)


@standard.post("/v1/openid/token")
async def token(request: Request) -> JSONResponse:
    """Tokens for a code."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind != FORM or len(body) > LONGEST:
        return _wrong(rules.REQUEST_BAD(problem=rules.NOT_A_FORM))
    return await run_in_threadpool(_token, request, body)


def _token(request: Request, body: bytes) -> JSONResponse:
    try:
        said = said_in(body)
        command = _command(request, said)
    except Refusal as refusal:
        return _wrong(refusal)
    kernel = kernel_of(request)
    problem = kernel.read(lambda tx: granting.unfit(tx, command))
    if problem is not None:
        return _wrong(rules.CODES[problem]())
    done: Redeemed = kernel.run(granting.redeem_code, command, actor=DOOR)
    if done.problem is not None:
        return _wrong(rules.CODES[done.problem]())
    told = {
        "access_token": done.access_token, "token_type": "Bearer", "expires_in": done.seconds, "id_token": done.id_token,
    }  # fmt: skip
    return JSONResponse(told, headers={**UNKEPT, "Pragma": "no-cache"})


def said_in(body: bytes) -> Mapping[str, str]:
    """The fields of a form, each once. Refuses ``parties.openid_request_bad``."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=30)
    except ValueError:
        raise rules.REQUEST_BAD(problem=rules.NOT_A_FORM) from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise rules.REQUEST_BAD(problem=rules.TWICE)
    return dict(pairs)


def _command(request: Request, said: Mapping[str, str]) -> RedeemCode:
    """What a partner's program brought; by one way of proving itself and not by two."""
    if said.get("grant_type") != "authorization_code":
        raise rules.GRANT_TYPE()
    named, secret = _basic(request.headers.get("authorization", ""))
    assertion = said.get("client_assertion", "")
    if "client_secret" in said or (
        assertion and (secret or said.get("client_assertion_type") != rules.BEARER_ASSERTION)
    ):
        raise rules.CLIENT_WRONG()
    client_id = said.get("client_id", named)
    if named and client_id != named:
        raise rules.CLIENT_WRONG()
    code, back, verifier = (said.get(name, "") for name in ("code", "redirect_uri", "code_verifier"))
    short = (code, back, verifier, client_id, secret)
    if any(len(each) > 1_000 for each in short) or "\0" in "".join((*short, assertion)):
        raise rules.REQUEST_BAD(problem=rules.TWICE)
    return RedeemCode(issuer_of(request), code, back, verifier, client_id, secret, assertion)


def _basic(header: str) -> tuple[str, str]:
    """Name and secret of HTTP Basic, each encoded as a form's field is (RFC 6749 section 2.3.1); nothing where there is none."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise rules.CLIENT_WRONG() from None
    return unquote_plus(name), unquote_plus(secret)


def _wrong(refusal: Refusal) -> JSONResponse:
    """A refusal as RFC 6749 section 5.2 writes it."""
    told = rules.token_error(refusal)
    headers = {**UNKEPT, "Pragma": "no-cache"}
    if told["error"] == "invalid_client":
        return JSONResponse(told, 401, headers={**headers, "WWW-Authenticate": 'Basic realm="farthing"'})
    return JSONResponse(told, 400, headers=headers)


@standard.get("/v1/openid/userinfo")
@standard.post("/v1/openid/userinfo")
def userinfo(request: Request) -> JSONResponse:
    """What a person agreed to, for an access token in the header."""
    try:
        carried = bearer(request) or ""
        if not 0 < len(carried) <= 300 or not carried.isprintable():
            raise rules.TOKEN_BAD()
        done: Told = kernel_of(request).run(granting.tell_claims, TellClaims(carried), actor=DOOR)
    except Refusal as refusal:
        told = rules.token_error(refusal)
        error = f'Bearer realm="farthing", error="{told["error"]}", error_description="{told["error_description"]}"'
        return JSONResponse(told, 401, headers={**UNKEPT, "WWW-Authenticate": error})
    return JSONResponse(done.claims, headers=UNKEPT)
