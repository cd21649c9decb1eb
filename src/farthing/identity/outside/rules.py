"""Decide where somebody is sent to sign in elsewhere, and whether what comes back proves who that is. Pure.

Sources: OpenID Connect Core 1.0 sections 3.1.2.1, 3.1.2.7 and 3.1.3.7 (what a client checks); Discovery 1.0 section 4.3; RFC
7636 (PKCE), 9207 (``iss`` against mix-up), 9700 section 4 (attacks), 8176 (``amr``). State, nonce and verifier are hashes of one
secret that the browser alone keeps: the bank keeps none of them, and an answer to somebody else's question is none to hers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from farthing.identity import jose
from farthing.identity.outside.model import Answer, Endpoints, Flow, Provider
from farthing.kit import base64url
from farthing.kit.addresses import is_local, may_be_asked
from farthing.kit.errors import Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import derived, prefixed

LIVES = timedelta(minutes=10)
KEPT = timedelta(days=1)
SKEW = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
"""How long ago an id token may have been made, and for linking how long ago its person may have signed in there."""
ASKED_PER_SOURCE, WINDOW = 300, timedelta(hours=1)
NAME = re.compile("[a-z][a-z0-9-]{0,39}")

PROVIDER_UNKNOWN = not_found(
    "identity.outside_provider_unknown",
    "This bank takes no logins of {provider}; sign in another way.",
    "本行不支持 {provider} 的登录；请使用其他方式登录。",
)
SILENT = declined(
    "identity.outside_silent",
    "{provider} does not answer now ({problem}); sign in here by another way, or try again in a few minutes.",
    "{provider_zh} 暂未应答（{problem_zh}）；请使用本行其他登录方式，或几分钟后重试。",
)
NOT_ASKED = forbidden(
    "identity.outside_not_asked",
    "This answers no question that was put from this browser within ten minutes, or was used before; begin again.",
    "该应答不对应本浏览器十分钟内发起的请求，或已使用；请重新开始。",
)
MIXED_UP = forbidden(
    "identity.outside_mixed_up",
    "The answer is of another institution than {provider}, to which you were sent; nothing was done. Begin again.",
    "应答机构与 {provider_zh} 不符；未办理任何事项。请重新开始。",
)
DECLINED = declined(
    "identity.outside_declined",
    "You did not sign in at {provider}, or did not agree there; nothing was done.",
    "您未在 {provider_zh} 登录或未同意；未办理任何事项。",
)
REFUSED = declined(
    "identity.outside_refused",
    "{provider} refused the sign-in ({problem}); begin again, or sign in here by another way.",
    "{provider_zh} 拒绝了登录（{problem_zh}）；请重新开始，或使用本行其他登录方式。",
)
UNTRUE = forbidden(
    "identity.outside_untrue",
    "What {provider} answered proves nothing ({problem}); nothing was done. Sign in here by another way, and tell the bank.",
    "{provider_zh} 的应答无法采信（{problem_zh}）；未办理任何事项。请使用本行其他登录方式，并告知本行。",
)
UNLINKED = forbidden(
    "identity.outside_unlinked",
    "That login is linked to nobody here, whatever its e-mail or phone. Sign in by a way of this bank, then link it under Me, "
    "Passkeys and devices.",
    "该登录尚未关联本行账户（邮箱或手机号相同亦不视为关联）。请用本行方式登录，再在“我的—通行密钥与设备”中关联。",
)
WEAKER = forbidden(
    "identity.outside_weaker",
    "You have set up codes of an app here, and {provider} says of no second factor; sign in by password and code.",
    "您已启用动态口令，而 {provider_zh} 未表明使用了第二验证因素；请用密码和动态口令登录。",
)
TAKEN = conflict(
    "identity.outside_taken",
    "That login is linked already; unlink it there before it is linked to another.",
    "该登录已关联；如需关联其他账户，请先解除。",
)
NOT_YOURS = not_found(
    "identity.outside_not_found",
    "You have linked no such login {login_id}; look at the list again.",
    "您没有关联 {login_id}；请重新查看列表。",
)
CUSTOMERS_ALONE = declined(
    "identity.outside_customers_alone",
    "Logins elsewhere are for customers; members of staff sign in by ways of this bank alone.",
    "外部登录仅供客户使用；员工只能使用本行方式登录。",
)
TOO_MANY_ASKED = declined(
    "identity.too_many_outside",
    "Too many sign-ins elsewhere were begun from here; try again in an hour, or sign in by password.",
    "此处外部登录请求过于频繁；请一小时后重试，或用密码登录。",
)
BAD_PROVIDER = malformed(
    "identity.outside_provider_bad",
    "The provider {name} in the file of providers is not in order: {problem}.",
    "登录机构文件中的 {name} 配置有误：{problem_zh}。",
)


UNTRUTHS: Mapping[str, str] = {
    "it is no token": "不是令牌",
    "it is no set of keys": "不是公钥集",
    "it is signed in a way that is not taken": "签名算法不被接受",
    "it does not name one key that is known": "所指公钥未知",
    "its signature is not good": "签名无效",
    "its discovery document is of another issuer": "发现文档属于其他机构",
    "its discovery document names no addresses over https": "发现文档中的地址不是 https",
    "it takes no PKCE by S256": "不支持 PKCE（S256）",
    "it takes no secret by HTTP Basic": "不支持以 HTTP Basic 提交密钥",
    "its token is of another issuer": "令牌属于其他机构",
    "its token is for somebody else": "令牌的接收方不是本行",
    "its token is too old, or not yet good": "令牌过期或尚未生效",
    "its token answers another question": "令牌与本次请求不符",
    "its token names nobody": "令牌未指明登录人",
    "it did not ask her to sign in anew": "未要求重新登录",
    "it gave no id token": "未返回身份令牌",
    "its answer cannot be read": "应答无法读取",
}
"""Why what a provider answered proves nothing, in both languages."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What an id token proves: which login it is, since when it is signed in, whether by two factors, and in whose words."""

    login_id: str
    proved_at: datetime
    strong: bool
    vouched_by: str


def untrue(provider: Provider, why: jose.Untrue) -> Refusal:
    """The refusal of what a provider answered."""
    said = str(why)
    return UNTRUE(
        provider=provider.title.en, provider_zh=provider.title.zh, problem=said, problem_zh=UNTRUTHS.get(said, said)
    )


def flow_id_of(flow: str) -> str:
    """Under what a flow is kept."""
    return prefixed("flow", derived(f"outside flow\n{flow}"))


def login_id_of(issuer: str, subject: str) -> str:
    """Under what a login elsewhere is kept: always the same id, from issuer and subject and nothing else."""
    return prefixed("outside", derived(f"outside login\n{issuer}\n{subject}"))


def of_flow(flow: str, what: str) -> str:
    """State, nonce or verifier of a flow: 256 bits each, of which none tells of another."""
    return base64url.encode(hashlib.sha256(f"{what}\n{flow}".encode()).digest())


def discovery_of(provider: Provider) -> str:
    """Where a provider describes itself (Discovery 1.0 section 4.1: an issuer's terminating slash is not doubled)."""
    return f"{provider.issuer.removesuffix('/')}/.well-known/openid-configuration"


def redirect_uri(origin: str, provider: str) -> str:
    """Where a provider sends people back: an address of its own, so that no answer of another comes by it."""
    return f"{origin}/login/outside/{provider}"


def check_provider(provider: Provider) -> Provider:
    """A provider as it is set up; refuses ``identity.outside_provider_bad``. Over TLS, or this very machine for trying out."""
    if not NAME.fullmatch(provider.name):
        raise BAD_PROVIDER(
            name=provider.name,
            problem="name is lower-case letters, digits and dashes",
            problem_zh="name 须为小写字母、数字和连字符",
        )
    if not provider.client_id or not provider.secret:
        raise BAD_PROVIDER(
            name=provider.name, problem="client_id or secret is missing", problem_zh="缺少 client_id 或密钥"
        )
    if not _fits(provider.issuer, provider.issuer) or "?" in provider.issuer:
        raise BAD_PROVIDER(
            name=provider.name, problem="issuer is no https address", problem_zh="issuer 不是 https 地址"
        )
    return provider


def _fits(issuer: str, address: Any) -> bool:
    """Whether an address may be asked: over TLS, or on this machine where the issuer itself is there."""
    return may_be_asked(address, 500) and (is_local(issuer) or not is_local(address))


def endpoints_of(provider: Provider, said: Any) -> Endpoints:
    """What a discovery document says. Raises :class:`farthing.identity.jose.Untrue`."""
    if not isinstance(said, dict) or said.get("issuer") != provider.issuer:
        raise jose.Untrue("its discovery document is of another issuer")
    found = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(_fits(provider.issuer, each) for each in found):
        raise jose.Untrue("its discovery document names no addresses over https")
    if "S256" not in said.get("code_challenge_methods_supported", ["S256"]):
        raise jose.Untrue("it takes no PKCE by S256")
    if "client_secret_basic" not in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        raise jose.Untrue("it takes no secret by HTTP Basic")
    says = said.get("authorization_response_iss_parameter_supported") is True
    return Endpoints(str(found[0]), str(found[1]), str(found[2]), says)


def address(provider: Provider, endpoints: Endpoints, origin: str, flow: str, *, link: bool) -> str:
    """Where somebody is sent. To link a login she signs in there anew: whoever only sits at her open screen cannot."""
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": redirect_uri(origin, provider.name),
        "scope": "openid", "state": of_flow(flow, "state"), "nonce": of_flow(flow, "nonce"),
        "code_challenge": jose.challenge_of(of_flow(flow, "verifier")), "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": str(int(OLDEST.total_seconds()))} if link else {}),
    }  # fmt: skip
    return f"{endpoints.authorization}{'&' if '?' in endpoints.authorization else '?'}{urlencode(asked)}"


def is_asked(answer: Answer) -> bool:
    """Whether an answer is to a question of this very browser."""
    return bool(answer.flow) and hmac.compare_digest(answer.state.encode(), of_flow(answer.flow, "state").encode())


def waits(flow: Flow | None, provider: str, now: datetime) -> bool:
    """Whether somebody who was sent to a provider is waited for."""
    return flow is not None and flow.provider == provider and flow.spent_at is None and flow.expires_at > now


def judged(claims: Mapping[str, Any], provider: Provider, flow: str, now: datetime, *, link: bool) -> Proven:
    """What an id token proves whose signature is good. Precedence: issuer, audience, times, nonce, subject, how.

    Raises :class:`farthing.identity.jose.Untrue`.
    """
    if claims.get("iss") != provider.issuer:
        raise jose.Untrue("its token is of another issuer")
    heard = claims.get("aud")
    heard = [heard] if isinstance(heard, str) else heard
    if not isinstance(heard, list) or provider.client_id not in heard:
        raise jose.Untrue("its token is for somebody else")
    if (len(heard) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise jose.Untrue("its token is for somebody else")
    made, ends = _instant(claims.get("iat")), _instant(claims.get("exp"))
    if made is None or ends is None or ends <= now - SKEW or not now - OLDEST - SKEW <= made <= now + SKEW:
        raise jose.Untrue("its token is too old, or not yet good")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), of_flow(flow, "nonce").encode()):
        raise jose.Untrue("its token answers another question")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise jose.Untrue("its token names nobody")
    proved_at = _instant(claims.get("auth_time"))
    if link and (proved_at is None or now - proved_at > OLDEST + SKEW):
        raise jose.Untrue("it did not ask her to sign in anew")
    amr = claims.get("amr")
    ways = [each for each in amr if isinstance(each, str)] if isinstance(amr, list) else []
    told = f"{provider.name} acr={claims.get('acr', '')} amr={','.join(ways)}"
    said = "".join(each if " " <= each <= "~" else "?" for each in told)[:200]
    return Proven(login_id_of(provider.issuer, subject), min(proved_at or made, now), "mfa" in ways, said)


def _instant(said: Any) -> datetime | None:
    number = isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said < 2**33
    return datetime.fromtimestamp(said, UTC) if number else None
