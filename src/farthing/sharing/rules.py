"""Decide what an institution may ask to read, whether a request, a code or a reading is good, and how it is told. Pure.

Sources: FAPI 2.0 Security Profile (Final, February 2025), RFC 9126 (pushed requests alone), RFC 9396 (``authorization_details``),
RFC 7636 (PKCE by S256), RFC 9207 (``iss``), RFC 8414 (metadata), RFC 7009, RFC 7662; Personal Information Protection Law
articles 6, 14, 15 and 45 (least, agreed to, taken back, carried elsewhere).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from farthing.identity import jose
from farthing.kit import strict_json
from farthing.kit.calendar import add_months
from farthing.kit.canonical import canonical
from farthing.kit.errors import Code, Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.words import Words
from farthing.parties.vouching import rules as vouching
from farthing.parties.vouching.model import READS, RelyingParty
from farthing.sharing import proofs
from farthing.sharing.model import Details, Redeem, Said, SharingConsent, SharingRequest
from farthing.sharing.templates import Template, templates

REQUEST_LIVES = timedelta(minutes=9)
"""How long a pushed request waits to be decided (FAPI: less than 600 seconds)."""
CODE_LIVES, TOKEN_LIVES = vouching.CODE_LIVES, vouching.TOKEN_LIVES
KEPT = timedelta(days=1)
"""How long a request is remembered after it, so that a code that comes twice is known."""
URI, CODE, ACCESS, REFRESH = "urn:ietf:params:oauth:request_uri:", "code_", "access_", "refresh_"
TYPE = "farthing-accounts"
LONGEST_DETAILS = 4_000
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NOTICE = "2026-12"
"""The version of the words by which a person is asked; her consent names it."""
PERMISSIONS: Mapping[str, str] = {
    "accounts": "payments:read", "balances": "payments:read", "transactions": "payments:read", "deposits": "savings:read",
    "loans": "lending:read",
}  # fmt: skip
"""What a reader of each kind may, and nothing else: all of it reads."""
OF: Mapping[str, str] = {
    "accounts": "wallet", "balances": "wallet", "transactions": "wallet", "deposits": "deposit", "loans": "loan"
}  # fmt: skip
"""What kind of account each kind is about."""

DETAILS_BAD = malformed(
    "sharing.details_bad",
    "The request says wrongly what it asks to read (authorization_details): {problem}.",
    "authorization_details 不合规范：{problem}。",
)
NOT_REGISTERED = forbidden(
    "sharing.not_registered",
    "{name} is not registered to read {kinds}; two of the bank's staff must want that.",
    "{name} 未登记读取 {kinds}；须经本行两名工作人员同意登记。",
)
REQUEST_GONE = not_found(
    "sharing.request_gone",
    "The institution's request is unknown, older than nine minutes, was decided before, or is another's. Go back to the "
    "institution and begin anew; nothing was shared.",
    "机构的请求不存在、已超过九分钟、已处理或属于其他机构。请返回该机构重新开始；未共享任何信息。",
)
NOTHING_PICKED = declined(
    "sharing.nothing_picked",
    "Pick at least one account; or do not agree.",
    "请至少选择一个账户；或选择不同意。",
)
ACCOUNT_NOT_OFFERED = forbidden(
    "sharing.account_not_offered",
    "{account} is not an account of yours that was asked for; nothing was shared.",
    "{account} 不是您名下被请求的账户；未共享任何信息。",
)
TOKEN_BAD = forbidden(
    "sharing.token_bad",
    "The access token is not good: it is unknown, older than five minutes, or was ended.",
    "访问令牌无效：不存在、超过五分钟或已终止。",
)
CONSENT_ENDED = forbidden(
    "sharing.consent_ended",
    "The consent was ended on {on} ({why}); delete what was read under it, and ask the person anew where she wants that.",
    "该授权已于 {on} 终止（{why}）；请删除据此读取的信息，如本人需要请重新请求授权。",
)
CONSENT_EXPIRED = forbidden(
    "sharing.consent_expired",
    "The consent ran until {until}; ask the person anew where she wants that.",
    "该授权有效期至 {until}，已到期；如本人需要请重新请求授权。",
)
KIND_NOT_AGREED = forbidden(
    "sharing.kind_not_agreed",
    "The person did not agree that {kind} are read.",
    "本人未同意读取 {kind}。",
)
BEYOND = forbidden(
    "sharing.range_beyond",
    "The person agreed that {kind} are read from {from_on} on; ask for no earlier day.",
    "本人同意读取 {kind} 的起始日为 {from_on}；不得请求更早的日期。",
)
RANGE_BAD = malformed(
    "sharing.range_bad",
    "The days asked for are in the wrong order, or this kind has no days.",
    "请求的起止日期颠倒，或该类信息不按日期查询。",
)
ACCOUNT_UNKNOWN = not_found(
    "sharing.account_unknown",
    "The consent holds no such account {account}; take one that accounts listed.",
    "该授权不包含账户 {account}；请使用 accounts 列出的账户。",
)
TOO_OFTEN = declined(
    "sharing.too_often",
    "Under this consent {kind} are asked for at most {most} times a day; come back tomorrow.",
    "该授权下每日最多查询 {kind} {most} 次；请明日再试。",
)
CONSENT_UNKNOWN = not_found(
    "sharing.consent_unknown",
    "You have given no such consent {consent_id}; look at the list again.",
    "您没有该项授权 {consent_id}；请重新查看列表。",
)
ALREADY_ENDED = conflict(
    "sharing.ended_before",
    "This consent has ended already; nothing is shared by it.",
    "该授权已终止；不再据此共享信息。",
)

WHY: Mapping[str, Words] = {
    "person": Words("the person stopped it", "本人撤回"), "institution": Words("the institution gave it back", "机构退回"),
    "code_twice": Words("its code came twice", "授权码重复使用"), "erased": Words("the person was erased", "本人信息已删除"),
}  # fmt: skip
ERRORS: Mapping[str, str] = {
    **vouching.ERRORS, vouching.ADDRESS_UNKNOWN.name: "invalid_request", vouching.UNKNOWN.name: "invalid_client",
    DETAILS_BAD.name: "invalid_authorization_details", NOT_REGISTERED.name: "unauthorized_client",
    proofs.BAD.name: "invalid_dpop_proof", proofs.NONCE_NEEDED.name: "use_dpop_nonce", TOKEN_BAD.name: "invalid_token",
    CONSENT_ENDED.name: "invalid_token", CONSENT_EXPIRED.name: "consent_expired", KIND_NOT_AGREED.name: "insufficient_scope",
    BEYOND.name: "insufficient_scope", ACCOUNT_UNKNOWN.name: "not_found", TOO_OFTEN.name: "too_often",
}  # fmt: skip
"""Each refusal that an institution's program reads, as the standards call it where they do."""
CODES: Mapping[str, Code] = {each.name: each for each in (vouching.CLIENT_WRONG, vouching.GRANT_BAD, proofs.BAD)}
"""What a code can come to at the token endpoint that is no refusal."""


def issuer_of(origin: str) -> str:
    """What the bank calls itself where accounts are read: another issuer than where it tells who somebody is."""
    return f"{origin}/open"


def wanted(said: Said, partner: RelyingParty, on: date) -> tuple[Details, str]:
    """What a pushed request asks for, and the key that it names (``dpop_jkt``). Precedence: nested requests, response type,
    address, PKCE, state, key, details, what the institution is registered for."""
    if "request" in said:
        raise vouching.REQUEST_OBJECT()
    if "request_uri" in said:
        raise vouching.REQUEST_ADDRESS()
    if said.get("client_id", partner.id) != partner.id:
        raise vouching.CLIENT_WRONG()
    if said.get("response_type") != "code":
        raise vouching.RESPONSE_TYPE()
    vouching.check_address(said.get("redirect_uri", ""), partner.redirect_uris, partner.name)
    challenge = said.get("code_challenge", "")
    if said.get("code_challenge_method") != "S256" or not jose.CHALLENGE.fullmatch(challenge):
        raise vouching.REQUEST_BAD(problem=Words("code_challenge (S256) is missing", "缺少 code_challenge（S256）"))
    state, jkt = said.get("state", ""), said.get("dpop_jkt", "")
    if len(state) > 500 or not state.isascii() or not (state.isprintable() or not state):
        raise vouching.REQUEST_BAD(problem=vouching.LONG)
    if jkt and not jose.CHALLENGE.fullmatch(jkt):
        raise vouching.REQUEST_BAD(problem=Words("dpop_jkt is no SHA-256 thumbprint", "dpop_jkt 不是 SHA-256 指纹"))
    details = details_of(said.get("authorization_details", ""), on)
    beyond = [each for each in details.kinds if each not in partner.reads]
    if beyond:
        raise NOT_REGISTERED(name=partner.name, kinds=", ".join(beyond))
    return details, jkt


def details_of(text: str, on: date) -> Details:
    """What a request says that it wants to read, within the ceilings of its template. Refuses ``sharing.details_bad``."""
    try:
        found = strict_json.parse(text.encode()) if 0 < len(text) <= LONGEST_DETAILS else None
    except strict_json.Unreadable:
        found = None
    said = found[0] if isinstance(found, list) and len(found) == 1 else None
    if not isinstance(said, dict) or said.get("type") != TYPE:
        raise DETAILS_BAD(
            problem=Words(f"a list of one object of the type {TYPE}", f"须为仅含一个 {TYPE} 类型对象的列表")
        )
    strange = sorted(set(said) - {"type", "template", "actions", "from", "until"})
    if strange:
        raise DETAILS_BAD(problem=Words("it says something that is not known", "含有未知内容"))
    template = templates().get(said["template"]) if isinstance(said.get("template"), str) else None
    if template is None:
        raise DETAILS_BAD(problem=Words("template is none of ours", "template 不在列表内"))
    kinds = said.get("actions")
    if not isinstance(kinds, list) or not kinds or not all(isinstance(each, str) for each in kinds):
        raise DETAILS_BAD(problem=Words("actions names what is to be read", "actions 须列明读取内容"))
    if len(set(kinds)) != len(kinds) or not set(kinds) <= set(template.months):
        raise DETAILS_BAD(problem=Words("actions holds what this template does not", "actions 超出该用途的范围"))
    until, start = _day(said, "until"), _day(said, "from") if "from" in said else None
    if not on <= until <= on + timedelta(days=template.lives_days):
        days = template.lives_days
        raise DETAILS_BAD(problem=Words(f"until is from today to {days} days on", f"until 须在今日起 {days} 日内"))
    return Details(
        template.id, tuple(each for each in READS if each in kinds), _range(template, kinds, start, on), until
    )


def _range(template: Template, kinds: Sequence[str], start: date | None, on: date) -> date | None:
    """From which day on movements are read: none where none are asked for."""
    months = max((template.months[each] for each in kinds), default=0)
    if not months:
        if start is not None:
            raise DETAILS_BAD(
                problem=Words("nothing that is asked for has days (from)", "所请求内容不按日期提供（from）")
            )
        return None
    earliest = add_months(on, -months)
    if start is None or not earliest <= start <= on:
        raise DETAILS_BAD(
            problem=Words(
                f"from is a day from {earliest} on, and not after today", f"from 须不早于 {earliest} 且不晚于今日"
            )
        )
    return start


def _day(said: Mapping[str, Any], name: str) -> date:
    value = said.get(name)
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise DETAILS_BAD(problem=Words(f"{name} is a day written as 2026-12-31", f"{name} 须为日期，写作 2026-12-31"))


def granted(consent: SharingConsent) -> dict[str, Any]:
    """What was agreed to, as it goes with a token (RFC 9396 section 7.1): the accounts that the person picked too."""
    details = consent.details
    ranged = {"from": details.from_on.isoformat()} if details.from_on is not None else {}
    return {
        "type": TYPE, "template": details.template, "actions": list(details.kinds), **ranged,
        "until": details.until.isoformat(),
        "accounts": [account_id(consent.relying_party_id, consent.party_id, each) for each in consent.accounts],
    }  # fmt: skip


def account_id(client_id: str, party_id: str, ref: str) -> str:
    """By which name an institution knows an account: another one knows it by another."""
    return prefixed("account", derived(f"{client_id}\n{party_id}\n{ref}"))


def number_digest(consent_id: str, number: str) -> str:
    """A holder's number as an institution reads it: whoever knows the number finds out whether it is hers, in one consent."""
    return hashlib.sha256(canonical({"consent_id": consent_id, "number": number})).hexdigest()


def is_open(request: SharingRequest, secret: str, client_id: str, now: datetime) -> bool:
    """Whether a pushed request can be decided: in time, not decided yet, this institution's, under its own address."""
    fits = request.relying_party_id == client_id and vouching.same(request.uri_hash, secret)
    return fits and request.decided_at is None and request.expires_at > now


def is_good(request: SharingRequest, command: Redeem, client_id: str, jkt: str, now: datetime) -> bool:
    """Whether a code that was not used before is this institution's, in time, for its address, and brought by who asked for
    it."""
    return (
        request.relying_party_id == client_id
        and request.code_expires_at is not None
        and request.code_expires_at > now
        and hmac.compare_digest(request.redirect_uri.encode(), command.redirect_uri.encode("utf-8", "replace"))
        and jose.VERIFIER.fullmatch(command.verifier) is not None
        and hmac.compare_digest(request.code_challenge, jose.challenge_of(command.verifier))
        and (request.jkt is None or hmac.compare_digest(request.jkt, jkt))
    )


def check_running(consent: SharingConsent, on: date) -> None:
    """Refuse ``sharing.consent_ended`` and ``sharing.consent_expired``."""
    if consent.ended_at is not None:
        raise CONSENT_ENDED(on=consent.ended_at.date().isoformat(), why=WHY[str(consent.ended_why)])
    if on > consent.details.until:
        raise CONSENT_EXPIRED(until=consent.details.until.isoformat())


def range_of(
    consent: SharingConsent, kind: str, start: date | None, end: date | None, on: date
) -> tuple[date, date] | None:
    """The days of which is read, within those that were agreed to; none for what has no days."""
    if kind not in consent.details.kinds:
        raise KIND_NOT_AGREED(kind=kind)
    agreed = consent.details.from_on if kind == "transactions" else None
    if agreed is None:
        if start is not None or end is not None:
            raise RANGE_BAD()
        return None
    if start is not None and start < agreed:
        raise BEYOND(kind=kind, from_on=agreed.isoformat())
    first, last = start or agreed, min(end or on, on)
    if first > last:
        raise RANGE_BAD()
    return first, last


def told(refusal: Refusal) -> dict[str, str]:
    """A refusal as a program reads it, with our own code beside the standard's."""
    return vouching.token_error(refusal, ERRORS)


def metadata(origin: str) -> dict[str, Any]:
    """The metadata of the authorisation server (RFC 8414 section 2)."""
    issuer, at = issuer_of(origin), f"{origin}/v1/open"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{origin}/open/authorize",
        "pushed_authorization_request_endpoint": f"{at}/par",
        "require_pushed_authorization_requests": True,
        "token_endpoint": f"{at}/token",
        "revocation_endpoint": f"{at}/revoke",
        "introspection_endpoint": f"{at}/introspect",
        "jwks_uri": f"{origin}/v1/openid/keys",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": [vouching.BY_KEY],
        "token_endpoint_auth_signing_alg_values_supported": list(jose.FINANCIAL),
        "revocation_endpoint_auth_methods_supported": [vouching.BY_KEY],
        "introspection_endpoint_auth_methods_supported": [vouching.BY_KEY],
        "dpop_signing_alg_values_supported": list(jose.FINANCIAL),
        "code_challenge_methods_supported": ["S256"],
        "authorization_details_types_supported": [TYPE],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": ["zh", "en"],
    }  # fmt: skip
