"""Own the routes of open banking: the authorisation server by FAPI 2.0, what institutions read by it, and what a person sees of
it.

What institutions' programs read is in the standards' form (RFC 6749, 9126, 9449, 7662, 7009), with our code beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from farthing.api.ground import UNKEPT, get, kernel_of, post, router_of
from farthing.api.openid import FOR_A_WHILE, FORM, LONGEST, issuer_of, said_in
from farthing.api.strict import DescribedRoute
from farthing.identity import jose
from farthing.identity.counting import wall
from farthing.identity.rules import DOOR
from farthing.kernel.operation import decode
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import rules as vouching
from farthing.parties.vouching.model import READS, KeepTokenKey
from farthing.sharing import proofs, reading_service, rules, service
from farthing.sharing import tokens_service as tokens
from farthing.sharing.model import Given, Push, Pushed, ReadShared, Redeem, Revoke, SharedAnswer
from farthing.sharing.pulling import service as pulling

router = router_of("/v1")
standard = APIRouter(include_in_schema=False, route_class=DescribedRoute)
"""What the standards describe, and not our own description."""

get(router, "/open/consents", service.own, "limit")
get(router, "/open/consents/{consent_id}/receipt", service.receipt)
post(router, "/open/consents/ends", service.stop, status=200)
post(router, "/open/client-key", pulling.make_client_key, status=200)
get(router, "/open/givers", pulling.givers)
post(router, "/open/givers", pulling.register_giver)
post(router, "/open/givers/ends", pulling.end_giver, status=200)
get(router, "/open/pulls/choices", pulling.choosable)
get(router, "/open/pulls", pulling.own_pulls, "limit")
post(router, "/open/pulls", pulling.ask_pull)
post(router, "/open/pulls/back", pulling.come_back, status=200)
post(router, "/open/pulls/ends", pulling.stop_pull, status=200)

NONCE = "DPoP-Nonce"
QUERY = {"account": "account", "from": "from_on", "to": "to_on", "cursor": "cursor", "limit": "limit"}
"""What may stand in the address of a reading, and what it is called inside."""
STATUS = {
    "invalid_client": 401, "invalid_token": 401, "insufficient_scope": 403, "consent_expired": 403, "not_found": 404,
    "too_often": 429,
}  # fmt: skip
AT_TOKEN = {"invalid_token": "invalid_grant", "consent_expired": "invalid_grant"}


@standard.get("/.well-known/oauth-authorization-server/open")
def discovery(request: Request) -> JSONResponse:
    """Where everything is, and what is supported (RFC 8414)."""
    return JSONResponse(rules.metadata(issuer_of(request)), headers=FOR_A_WHILE)


@standard.post("/v1/open/par")
async def push(request: Request) -> Response:
    """Push a request to read accounts (RFC 9126)."""
    return await _posted(request, _pushed)


@standard.post("/v1/open/token")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token, bound to the key of the proof."""
    return await _posted(request, _redeemed)


@standard.post("/v1/open/revoke")
async def revoke(request: Request) -> Response:
    """Give a token back (RFC 7009)."""
    return await _posted(request, _revoked)


@standard.post("/v1/open/introspect")
async def introspect(request: Request) -> Response:
    """How a token of one's own stands (RFC 7662): also the way to find out that a consent was stopped."""
    return await _posted(request, _introspected)


async def _posted(request: Request, then: Callable[[Request, Mapping[str, str]], Response]) -> Response:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    return await run_in_threadpool(_answered, request, body if kind == FORM and len(body) <= LONGEST else None, then)


def _answered(request: Request, body: bytes | None, then: Callable[[Request, Mapping[str, str]], Response]) -> Response:
    try:
        if body is None:
            raise vouching.REQUEST_BAD(problem=vouching.NOT_A_FORM)
        said = said_in(body)
        if said.get("client_assertion_type") != vouching.BEARER_ASSERTION or "client_secret" in said:
            raise vouching.CLIENT_WRONG()
        kernel_of(request).read(lambda tx: tokens.unfit(tx, said.get("client_assertion", ""), _issuer(request)))
        answer = then(request, said)
    except Refusal as refusal:
        return _wrong(request, refusal)
    if NONCE.lower() not in answer.headers:
        answer.headers[NONCE] = nonce_of(request)
    return answer


def _issuer(request: Request) -> str:
    return rules.issuer_of(issuer_of(request))


def _url(request: Request) -> str:
    """The address at which this request was meant to arrive, whatever stands between."""
    return f"{issuer_of(request)}{request.url.path}"


def nonce_of(request: Request) -> str:
    """The nonce that the next proof must carry."""
    kernel = kernel_of(request)
    made = kernel.read(lambda tx: (keys.seed(tx), wall(tx)))
    if made[0] is None:
        kernel.run(keys.keep_token_key, KeepTokenKey(), actor=DOOR)
        made = kernel.read(lambda tx: (keys.seed(tx), wall(tx)))
    return proofs.nonce_at(made[0] or b"", made[1])


def _proof(request: Request, *, needed: bool) -> str:
    """The one DPoP proof of a request (RFC 9449 section 4.3, point 1)."""
    found = request.headers.getlist("dpop")
    if len(found) > 1 or (needed and not found) or (found and not 0 < len(found[0]) <= jose.LONGEST):
        raise proofs.BAD(problem=proofs.NOT_A_PROOF)
    return found[0] if found else ""


def _pushed(request: Request, said: Mapping[str, str]) -> Response:
    proof = _proof(request, needed=False)
    wanted = {name: value for name, value in said.items() if not name.startswith("client_assertion")}
    command = Push(_issuer(request), _url(request), said["client_assertion"], json.dumps(wanted), proof)
    done: Pushed = kernel_of(request).run(tokens.push, command, actor=DOOR)
    return JSONResponse({"request_uri": done.request_uri, "expires_in": done.seconds}, 201, headers=UNKEPT)


def _redeemed(request: Request, said: Mapping[str, str]) -> Response:
    command = decode(Redeem, {
        "issuer": _issuer(request), "url": _url(request), "grant_type": said.get("grant_type", ""),
        "assertion": said["client_assertion"], "proof": _proof(request, needed=True), "code": said.get("code", ""),
        "redirect_uri": said.get("redirect_uri", ""), "verifier": said.get("code_verifier", ""),
        "refresh_token": said.get("refresh_token", ""),
    })  # fmt: skip
    done: Given = kernel_of(request).run(tokens.redeem, command, actor=DOOR)
    if done.problem is not None:
        raise rules.CODES[done.problem]()
    told = {
        "access_token": done.access_token, "token_type": "DPoP", "expires_in": done.seconds,
        **({"refresh_token": done.refresh_token} if done.refresh_token else {}), "consent_id": done.consent_id,
        "authorization_details": [done.details],
    }  # fmt: skip
    return JSONResponse(told, headers={**UNKEPT, "Pragma": "no-cache"})


def _revoked(request: Request, said: Mapping[str, str]) -> Response:
    command = decode(Revoke, {
        "issuer": _issuer(request), "assertion": said["client_assertion"], "token": said.get("token", ""),
    })  # fmt: skip
    kernel_of(request).run(tokens.revoke, command, actor=DOOR)
    return Response(status_code=200, headers=UNKEPT)


def _introspected(request: Request, said: Mapping[str, str]) -> Response:
    assertion, asked = said["client_assertion"], said.get("token", "")
    told = kernel_of(request).read(lambda tx: tokens.introspected(tx, assertion, _issuer(request), asked))
    return JSONResponse(told, headers=UNKEPT)


def _wrong(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal as RFC 6749 section 5.2 writes it."""
    told = rules.told(refusal)
    told["error"] = AT_TOKEN.get(told["error"], told["error"])
    status = 401 if told["error"] == "invalid_client" else 400
    return JSONResponse(told, status, headers={**UNKEPT, "Pragma": "no-cache", NONCE: nonce_of(request)})


def _reading(kind: str) -> Callable[[Request], Response]:
    def read(request: Request) -> Response:
        try:
            done: SharedAnswer = kernel_of(request).run(reading_service.read, _read(request, kind), actor=DOOR)
        except Refusal as refusal:
            return _not_read(request, refusal)
        return JSONResponse(plain(done.body), headers={**UNKEPT, NONCE: nonce_of(request)})

    read.__doc__ = f"What a person lets an institution read: {kind}."
    return read


for _kind in READS:
    standard.add_api_route(f"/v1/open/{_kind}", _reading(_kind), methods=["GET"], name=f"open_{_kind}")


def _read(request: Request, kind: str) -> ReadShared:
    """What a reading asks, of its address and its two headers; a token as a bearer's is none."""
    scheme, _, carried = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "dpop" or not 0 < len(carried) <= 300 or not carried.isprintable():
        raise rules.TOKEN_BAD()
    given = request.query_params
    if set(given) - set(QUERY) or len(given.multi_items()) != len(given):
        raise vouching.REQUEST_BAD(problem=vouching.TWICE)
    values: dict[str, Any] = {QUERY[name]: value for name, value in given.items()}
    if "limit" in values:
        values["limit"] = int(values["limit"]) if values["limit"].isdecimal() and len(values["limit"]) < 4 else 0
    said = {"kind": kind, "method": request.method, "url": _url(request), "token": carried, **values}
    command: ReadShared = decode(ReadShared, {**said, "proof": _proof(request, needed=True)})
    return command


def _not_read(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal as RFC 9449 section 7.1 writes it; ours where the standard has none."""
    told = rules.told(refusal)
    at_fault = told["error"] in ("invalid_dpop_proof", "use_dpop_nonce")
    status = 401 if at_fault else STATUS.get(told["error"], refusal.status)
    headers = {**UNKEPT, NONCE: nonce_of(request)}
    if status == 401:
        algorithms = " ".join(jose.FINANCIAL)
        headers["WWW-Authenticate"] = f'DPoP realm="farthing", error="{told["error"]}", algs="{algorithms}"'
    if status == 429:
        headers["Retry-After"] = "3600"
    return JSONResponse(told, status, headers=headers)
