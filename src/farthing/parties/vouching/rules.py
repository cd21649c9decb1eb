"""Decide what a partner may ask, whether its request and its proof are good, and what a person's answer says. Pure.

Sources: RFC 6749 (authorization code), RFC 7636 and 9700 (PKCE always, by S256 alone; exact addresses; codes once), RFC 9207
(``iss`` in the answer), OpenID Connect Core 1.0 sections 3.1 (code flow), 5 (claims), 8 (pairwise subjects) and 9 (authentication
of clients), RFC 8176 (``amr``); Personal Information Protection Law articles 6, 14 and 15 (least, agreed to, taken back).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard
from urllib.parse import parse_qsl, urlencode, urlsplit

from farthing.identity import jose
from farthing.kit.actor import Actor, Proved
from farthing.kit.errors import Code, Refusal, forbidden, malformed, not_found
from farthing.kit.words import Words
from farthing.parties.model import PHONE_MATCHED, Party
from farthing.parties.rules import ADULT_YEARS, age_years
from farthing.parties.vouching.model import CLAIMS, Grant, RedeemCode

CODE_LIVES, TOKEN_LIVES, ID_TOKEN_LIVES = timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=5)
ASSERTION_LIVES = timedelta(hours=1)
"""For how long an assertion of a client may be good at most: libraries write an hour. It is good once, as its code is."""
KEY_SIGNS, KEY_STAYS = timedelta(days=90), timedelta(hours=1)
"""How long a key signs, and how long after that it is still published: every token by it has expired by then."""
LONGEST_REQUEST = 2_900
SKEW = timedelta(seconds=30)
ASSERTION_KNOWN = ASSERTION_LIVES + 2 * SKEW
"""For how long it is remembered that an assertion came: until none of that name is good any more."""
JUST_NOW, READING = 120, timedelta(minutes=10)
"""Seconds for which a sign-in counts as having been just now: who is asked to sign in anew must be able to come back."""
SCOPES: Mapping[str, str] = {"profile": "name", "verification": "verification", "over_18": "over_18", "phone": "phone"}
"""What each scope asks for; ``profile`` and ``phone`` are OpenID's own, of which we tell the name and the number alone."""
SECRET_BASIC, BY_KEY = "client_secret_basic", "private_key_jwt"
BEARER_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
WEAK, STRONG = "urn:farthing:one-factor", "urn:farthing:two-factor"
AMR: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "password": (WEAK, ("pwd",)), "password_code": (STRONG, ("pwd", "otp", "mfa")), "passkey": (STRONG, ("pop", "user", "mfa")),
    "code": (WEAK, ("sms",)),
}  # fmt: skip
"""How somebody signed in, as a partner reads it; of what is not here it is told nothing."""

UNKNOWN = not_found(
    "parties.openid_client_unknown",
    "No partner of this bank is registered as {client_id}, or its registration has ended; nothing was told to anybody.",
    "本行没有登记为 {client_id} 的合作方，或其登记已终止；未向任何人提供信息。",
)
ADDRESS_UNKNOWN = forbidden(
    "parties.openid_redirect_unknown",
    "The address to which the answer should go is not one that {name} has registered here; nothing was told to anybody.",
    "接收答复的地址不是{name}在本行登记的地址；未向任何人提供信息。",
)
REQUEST_BAD = malformed(
    "parties.openid_request_bad",
    "The partner's request is not in order: {problem}.",
    "合作方的请求不合规范：{problem}。",
)
RESPONSE_TYPE = malformed(
    "parties.openid_response_type",
    "This bank answers by a code alone (response_type=code).",
    "本行仅支持授权码方式（response_type=code）。",
)
REQUEST_OBJECT = malformed(
    "parties.openid_request_object",
    "This bank takes no request as a token; send the parameters themselves.",
    "本行不接受以令牌形式提交的请求；请直接提交参数。",
)
REQUEST_ADDRESS = malformed(
    "parties.openid_request_uri",
    "This bank fetches no request from elsewhere; send the parameters themselves.",
    "本行不从其他地址读取请求；请直接提交参数。",
)
SCOPE = malformed(
    "parties.openid_scope",
    "The scope must hold openid, and beside it only what the partner is registered for: {problem}.",
    "scope 须包含 openid，且仅限合作方登记的范围：{problem}。",
)
LOGIN_REQUIRED = forbidden(
    "parties.openid_login_required",
    "Nobody is signed in here, or not lately enough, and the partner wants nobody to be asked.",
    "当前无人登录，或登录时间过早，而合作方要求不作提示。",
)
CONSENT_REQUIRED = forbidden(
    "parties.openid_consent_required",
    "The person has not agreed to all of this, or has taken it back, and the partner wants nobody to be asked.",
    "本人未同意全部内容或已撤回同意，而合作方要求不作提示。",
)
REFUSED = forbidden(
    "parties.openid_refused", "The person did not agree; nothing was told.", "本人未同意；未提供任何信息。"
)
CLAIM_NOT_ASKED = malformed(
    "parties.openid_claim_not_asked",
    "{name} did not ask for {claim}; only what was asked for can be agreed to.",
    "{name}未请求 {claim}；只能同意其请求的内容。",
)
CLIENT_WRONG = forbidden(
    "parties.openid_client_wrong",
    "The program did not prove that it is the partner's; look at its secret or key, and at how it is registered here.",
    "程序未能证明其属于该合作方；请核对密钥及登记的认证方式。",
)
GRANT_BAD = forbidden(
    "parties.openid_grant_bad",
    "The code is not good: it is unknown, another's, older than a minute, was used before, or its consent has ended. Ask the "
    "person anew.",
    "授权码无效：不存在、属于他方、超过一分钟、已使用或同意已终止。请重新请求本人授权。",
)
GRANT_TYPE = malformed(
    "parties.openid_grant_type",
    "This bank gives tokens for a code alone (grant_type=authorization_code).",
    "本行仅凭授权码发放令牌（grant_type=authorization_code）。",
)
TOKEN_BAD = forbidden(
    "parties.openid_token_bad",
    "The access token is not good: it is unknown, older than five minutes, or its consent has ended.",
    "访问令牌无效：不存在、超过五分钟或同意已终止。",
)
NOT_SIGNED_IN_HERE = forbidden(
    "parties.openid_session_needed",
    "Only a customer who has signed in herself agrees to this; a program and a member of staff cannot.",
    "仅客户本人登录后方可同意；程序和工作人员不得代为办理。",
)
CONSENT_UNKNOWN = not_found(
    "parties.openid_consent_unknown",
    "You have given no such consent {consent_id}; look at the list again.",
    "您没有该项同意 {consent_id}；请重新查看列表。",
)
TWICE = Words("it says something twice, or is too long", "内容重复或过长")
LONG = Words("state and nonce are at most 500 printable characters", "state 和 nonce 至多 500 个可见字符")
NOT_A_FORM = Words(
    "it is no form (application/x-www-form-urlencoded), or too long",
    "不是表单（application/x-www-form-urlencoded）或过长",
)

ERRORS: Mapping[str, str] = {
    REQUEST_BAD.name: "invalid_request", RESPONSE_TYPE.name: "unsupported_response_type",
    REQUEST_OBJECT.name: "request_not_supported", REQUEST_ADDRESS.name: "request_uri_not_supported",
    SCOPE.name: "invalid_scope", LOGIN_REQUIRED.name: "login_required", CONSENT_REQUIRED.name: "consent_required",
    REFUSED.name: "access_denied", CLIENT_WRONG.name: "invalid_client", GRANT_BAD.name: "invalid_grant",
    GRANT_TYPE.name: "unsupported_grant_type", TOKEN_BAD.name: "invalid_token",
}  # fmt: skip
"""Each refusal that a partner's program reads, as the standards call it."""
CODES: Mapping[str, Code] = {each.name: each for each in (CLIENT_WRONG, GRANT_BAD)}
"""What a code can come to at the token endpoint."""


@dataclass(frozen=True, slots=True)
class Request:
    """A partner's request that is in order. ``claims`` are what it asks for; ``prompt`` and ``max_age`` how it wants the person
    to be asked."""

    client_id: str
    redirect_uri: str
    state: str
    claims: tuple[str, ...]
    nonce: str
    code_challenge: str
    prompt: frozenset[str]
    max_age: int | None


class Answered(Exception):
    """A request that is not in order, of which its partner is told at its own address."""

    def __init__(self, redirect_uri: str, state: str, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.redirect_uri, self.state, self.refusal = redirect_uri, state, refusal


def asked(query: str) -> dict[str, str]:
    """The parameters of a request as they were sent. One that is too long, not in ASCII, or says something twice has a
    parameter without a name too."""
    said = parse_qsl(query[:LONGEST_REQUEST], keep_blank_values=True)[:60]
    found = dict(said)
    if len(found) != len(said) or len(query) > LONGEST_REQUEST or not query.isascii():
        found[""] = ""
    return found


def herself(actor: Actor) -> str:
    """The customer who signed in herself: no program, no helper under a power, nobody of the staff. Refuses
    ``parties.openid_session_needed``."""
    if actor.party_id is None or actor.proved is None or actor.is_program or actor.under is not None:
        raise NOT_SIGNED_IN_HERE()
    return actor.party_id


def check_address(redirect_uri: str, known: Sequence[str], name: str) -> None:
    """Refuse an address that is not, letter by letter, one that was registered (RFC 9700 section 2.1)."""
    if redirect_uri not in known:
        raise ADDRESS_UNKNOWN(name=name)


def request_of(said: Mapping[str, str], allowed: Sequence[str]) -> Request:
    """A request whose partner and address are known already. Raises :class:`Answered`.

    Precedence: form, request objects, response type, response mode, scope, PKCE, nonce, prompt, age.
    """
    try:
        return _in_order(said, allowed)
    except Refusal as refusal:
        state = said.get("state", "")
        raise Answered(said["redirect_uri"], state if _short(state) else "", refusal) from None


def _in_order(said: Mapping[str, str], allowed: Sequence[str]) -> Request:
    if "" in said:
        raise REQUEST_BAD(problem=TWICE)
    if "request" in said:
        raise REQUEST_OBJECT()
    if "request_uri" in said:
        raise REQUEST_ADDRESS()
    if said.get("response_type") != "code":
        raise RESPONSE_TYPE()
    if said.get("response_mode", "query") != "query":
        raise REQUEST_BAD(problem=Words("response_mode is query", "response_mode 须为 query"))
    if said.get("code_challenge_method") != "S256" or not jose.CHALLENGE.fullmatch(said.get("code_challenge", "")):
        raise REQUEST_BAD(problem=Words("code_challenge (S256) is missing", "缺少 code_challenge（S256）"))
    if not all(_short(said.get(name, "")) for name in ("state", "nonce")):
        raise REQUEST_BAD(problem=LONG)
    prompt = frozenset(said.get("prompt", "").split())
    if not prompt <= {"none", "login", "consent", "select_account"} or ("none" in prompt and len(prompt) > 1):
        raise REQUEST_BAD(
            problem=Words("prompt is none, or login and consent", "prompt 须为 none，或为 login、consent")
        )
    age = said.get("max_age")
    if age is not None and not re.fullmatch("[0-9]{1,9}", age):
        raise REQUEST_BAD(problem=Words("max_age is a number of seconds", "max_age 须为秒数"))
    return Request(
        said["client_id"], said["redirect_uri"], said.get("state", ""), _claims(said.get("scope", ""), allowed),
        said.get("nonce", ""), said["code_challenge"], prompt, None if age is None else int(age),
    )  # fmt: skip


def _short(text: str) -> bool:
    return len(text) <= 500 and text.isascii() and (not text or text.isprintable())


def _claims(scope: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """What a scope asks for; scopes that nobody here knows are passed over (Core section 3.1.2.1)."""
    scopes = scope.split()
    if "openid" not in scopes:
        raise SCOPE(problem="openid")
    wanted = {SCOPES[each] for each in scopes if each in SCOPES}
    beyond = sorted(wanted.difference(allowed))
    if beyond:
        raise SCOPE(problem=", ".join(beyond))
    return tuple(each for each in CLAIMS if each in wanted)


def too_old(request: Request, proved: Proved | None, now: datetime, reading: timedelta = timedelta(0)) -> bool:
    """Whether the person must sign in anew: longer ago than the partner takes, or just now where it wants that;
    ``reading``: how long she may have read the page that asks."""
    if proved is None:
        return True
    ages = [age for age in (request.max_age, JUST_NOW if "login" in request.prompt else None) if age is not None]
    return bool(ages) and now - proved.at > timedelta(seconds=max(min(ages), JUST_NOW)) + reading


def answer_at(redirect_uri: str, issuer: str, state: str, **more: str) -> str:
    """Where the browser is sent with an answer; ``iss`` says whose it is, against mix-up (RFC 9207)."""
    given = {**more, **({"state": state} if state else {}), "iss": issuer}
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{urlencode(given)}"


def refused_at(redirect_uri: str, issuer: str, state: str, refusal: Refusal) -> str:
    """The same with a refusal, as the standards call it."""
    return answer_at(redirect_uri, issuer, state, error=ERRORS[refusal.code], error_description=_ascii(refusal.detail))


def _ascii(text: str) -> str:
    """A description as RFC 6749 lets it be written: no quotation mark, no backslash."""
    return "".join(each if " " <= each <= "~" and each not in '"\\' else " " for each in text)[:300]


def token_error(refusal: Refusal, errors: Mapping[str, str] = ERRORS) -> dict[str, str]:
    """A refusal as a program reads it, with our own code beside the standard's."""
    found = errors.get(refusal.code, "invalid_request")
    return {"error": found, "error_description": _ascii(refusal.detail), "code": refusal.code}


def hashed(text: str) -> bytes:
    """Under what codes, tokens and secrets are kept: they are 256 random bits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def same(kept: bytes | None, text: str) -> bool:
    """Whether a text is the one whose hash is kept."""
    return kept is not None and hmac.compare_digest(kept, hashed(text))


def taken_apart(text: str, prefix: str, kind: str = "grant") -> tuple[str, str]:
    """The id of a grant, or of another ``kind`` of thing, that a code or a token names, and its secret part."""
    tail, _, secret = text.removeprefix(prefix).partition("_")
    fine = text.startswith(prefix) and tail.isascii() and tail.isalnum()
    return (f"{kind}_{tail}", secret) if fine else ("", "")


def asserts(claims: Mapping[str, Any], client_id: str, audiences: Sequence[str], now: datetime) -> bool:
    """Whether an assertion of a client says what it must (RFC 7523 section 3, Core section 9); lasting an hour at most."""
    heard = claims.get("aud")
    heard = [heard] if isinstance(heard, str) else heard
    ends = claims.get("exp")
    begins = [claims.get(name, 0) for name in ("nbf", "iat")]
    if not (isinstance(heard, list) and _is_number(ends) and all(map(_is_number, begins))):
        return False
    said = claims.get("iss") == client_id and claims.get("sub") == client_id and bool(claims.get("jti"))
    lasts = now.timestamp() - SKEW.total_seconds() < ends <= (now + ASSERTION_LIVES + SKEW).timestamp()
    return said and lasts and max(begins) <= (now + SKEW).timestamp() and bool(set(map(str, heard)) & set(audiences))


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_good(grant: Grant, command: RedeemCode, client_id: str, now: datetime) -> bool:
    """Whether a code that was not used before is its partner's, in time, for its address, and brought by who asked for it."""
    verifier = command.verifier
    return (
        grant.relying_party_id == client_id
        and grant.expires_at > now
        and hmac.compare_digest(grant.redirect_uri.encode(), command.redirect_uri.encode("utf-8", "replace"))
        and jose.VERIFIER.fullmatch(verifier) is not None
        and hmac.compare_digest(grant.code_challenge, jose.challenge_of(verifier))
    )


def id_claims(grant: Grant, issuer: str, subject: str, access_token: str, now: datetime) -> dict[str, Any]:
    """What an id token says: who it is for this partner, how and when the person proved that, and nothing else."""
    at = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer, "sub": subject, "aud": grant.relying_party_id, "iat": at,
        "exp": at + int(ID_TOKEN_LIVES.total_seconds()), "auth_time": int(grant.proved_at.timestamp()),
        "at_hash": jose.half_hash(access_token),
    }  # fmt: skip
    if grant.nonce:
        claims["nonce"] = grant.nonce
    if grant.proved_by in AMR:
        claims["acr"], amr = AMR[grant.proved_by]
        claims["amr"] = list(amr)
    return claims


def told_of(person: Party, claims: Sequence[str], checked_at: datetime | None, on: date) -> dict[str, Any]:
    """What is told of a person: exactly what was agreed to. Whether she is of age is said, never her birthday."""
    said: dict[str, Any] = {}
    if "name" in claims:
        said["name"] = person.name
    if "verification" in claims:
        said["verification"] = {
            "level": person.verification_level,
            **({} if checked_at is None else {"checked_at": checked_at.isoformat(timespec="seconds")}),
        }
    if "over_18" in claims and person.born_on is not None:
        said["over_18"] = age_years(person.born_on, on) >= ADULT_YEARS
    if "phone" in claims:
        said["phone_number"] = person.phone
        said["phone_number_verified"] = person.verification_level >= PHONE_MATCHED
    return said


def metadata(issuer: str) -> dict[str, Any]:
    """The discovery document (OpenID Connect Discovery 1.0 section 3, RFC 9207 section 3)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/openid/authorize",
        "token_endpoint": f"{issuer}/v1/openid/token",
        "userinfo_endpoint": f"{issuer}/v1/openid/userinfo",
        "jwks_uri": f"{issuer}/v1/openid/keys",
        "scopes_supported": ["openid", *SCOPES],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [jose.OURS],
        "token_endpoint_auth_methods_supported": [SECRET_BASIC, BY_KEY],
        "token_endpoint_auth_signing_alg_values_supported": list(jose.ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash",
            "name", "phone_number", "phone_number_verified", "over_18", "verification",
        ],
        "acr_values_supported": [WEAK, STRONG],
        "ui_locales_supported": ["zh", "en"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }  # fmt: skip
