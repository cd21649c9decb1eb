"""Decide who may do what, when a name is locked, and when a session is over. Pure; times are handed in.

Sources: NIST SP 800-63B-4 section 3.1.1 (length over composition, blocklist, rate limiting) and section 2
(reauthentication), OWASP ASVS 3 (sessions), GB/T 22239-2019 8.1.4.1 (lock-out, session time-out) and 8.1.5
(administrators, auditors and security officers are different people).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

from farthing.identity.model import LoggedIn
from farthing.kit.actor import EVERYTHING, Actor
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
FREE_FAILURES = 4
"""So many wrong passwords in a row cost nothing; the next one locks the name."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RENEW_AFTER = timedelta(minutes=5)
LONGEST_KEY_DAYS = 366

SESSION_PREFIX = "fs_"
KEY_PREFIX = "fk_"

NAME_INVALID = malformed(
    "identity.name_invalid",
    "{name} cannot be a login name; customers use a phone as +8613812345678, staff 2 to 40 small letters and digits.",
    "{name} 不能作为登录名;客户使用手机号(如 +8613812345678),员工使用 2 至 40 个小写字母或数字。",
)
NAME_TAKEN = conflict(
    "identity.name_taken",
    "This login name is in use; choose another, or ask an operator to look into it.",
    "该登录名已被使用;请更换,或联系工作人员查询。",
)
PASSWORD_WEAK = malformed(
    "identity.password_weak",
    "The password {problem}; a sentence of four or five words is long enough and easy to keep.",
    "密码不合要求({problem_zh});由四五个词组成的一句话既够长又好记。",
)
ROLE_UNKNOWN = malformed(
    "identity.role_unknown", "There is no role {role}; known are {known}.", "不存在角色 {role};可用:{known}。"
)
ROLE_PARTY = malformed(
    "identity.role_party",
    "A {role} and this party do not go together; a customer's login names one and a member of staff's names none.",
    "角色 {role} 与客户编号不符;客户登录须指定客户编号,员工登录不得指定。",
)
WRONG = forbidden(
    "identity.wrong_login",
    "Name and password do not fit together; try again or reset the password.",
    "登录名与密码不符;请重试或重置密码。",
)
LOCKED = forbidden(
    "identity.locked",
    "Too many wrong passwords; this name is locked until {locked_until}. Wait, or ask an operator.",
    "密码错误次数过多;该登录名锁定至 {locked_until}。请等待或联系工作人员。",
)
NOT_SIGNED_IN = forbidden(
    "identity.not_signed_in",
    "The session or key is unknown, expired or ended; log in again.",
    "会话或密钥无效、已过期或已结束;请重新登录。",
)
LOGIN_UNKNOWN = not_found("identity.login_unknown", "There is no login of {actor_id}.", "不存在 {actor_id} 的登录。")
KEY_UNKNOWN = not_found("identity.key_unknown", "There is no API key {id}.", "不存在 API 密钥 {id}。")
KEY_DAYS = malformed(
    "identity.key_days",
    "A key lives 1 to {longest} days, not {days}.",
    "密钥有效期须为 1 至 {longest} 天,不能为 {days} 天。",
)
CANNOT_ESCALATE = declined(
    "identity.cannot_escalate",
    "{actor} may not hand out the role {role}: it holds permissions that {actor} lacks.",
    "{actor} 无权授予角色 {role}:该角色包含其没有的权限。",
)

_STAFF_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_PHONE_NAME = re.compile(r"\+[1-9][0-9]{6,14}")

COMMON_PASSWORDS = frozenset(
    {"1234567890", "12345678910", "0123456789", "1111111111", "0000000000", "qwertyuiop", "password123",
     "password1234", "1q2w3e4r5t", "qwerty12345", "iloveyou123", "woaini1314", "woaini520520", "a123456789",
     "abc1234567", "zxcvbnm123", "administrator", "letmein1234", "welcome1234", "changeme123"}
)  # fmt: skip
"""The head of every published list of leaked passwords that is long enough to pass the length rule."""

_SELF = {"identity:self"}
_READ_BOOKS = {"ledger:read", "reports:read"}

ROLES: Mapping[str, frozenset[str]] = {
    "customer": frozenset(
        _SELF
        | {"parties:verify", "credit:consent", "credit:import", "credit:assess", "lending:apply", "lending:accept",
           "lending:repay", "signing:sign", "payments:open", "payments:top_up", "payments:transfer",
           "payments:pay_out", "savings:open", "savings:deposit", "savings:withdraw"}
    ),
    "teller": frozenset(
        _SELF
        | {"parties:register", "parties:search", "parties:verify", "payments:open", "payments:top_up",
           "payments:pay_out", "lending:apply", "lending:repay", "savings:open", "savings:deposit",
           "savings:withdraw", "savings:cash", "savings:read", "parties:attend"}
    ),
    "operator": frozenset(
        _SELF
        | _READ_BOOKS
        | {"parties:register", "parties:search", "parties:verify", "lending:fund", "lending:repay", "credit:read",
           "ledger:post", "ledger:reverse", "funding:configure", "kernel:close_day", "approvals:decide",
           "products:publish", "savings:publish", "savings:rates", "savings:fund", "savings:read"}
    ),
    "risk": frozenset(
        _SELF
        | _READ_BOOKS
        | {"parties:search", "credit:assess", "credit:answer", "credit:read", "products:publish", "lending:write_off",
           "savings:rates", "savings:read", "approvals:decide"}
    ),
    "auditor": frozenset(_SELF | _READ_BOOKS | {"parties:search", "credit:read", "evidence:read", "kernel:verify",
                                       "savings:read"}),
    "partner": frozenset(_SELF | {"funding:answer", "funding:read"}),
    "security": frozenset(_SELF | {"identity:manage", "approvals:decide"}),
    "system": frozenset({EVERYTHING}),
}  # fmt: skip
"""Role -> permissions. Nobody but ``system`` both manages logins and moves money (GB/T 22239-2019 8.1.5)."""

ANONYMOUS = Actor("anonymous", frozenset({"identity:log_in", "parties:register"}))
"""Who stands at the door before a log-in: may register and log in."""


def permissions_of(role: str) -> frozenset[str]:
    """What a role may do; refuses ``identity.role_unknown``."""
    try:
        return ROLES[role]
    except KeyError:
        raise ROLE_UNKNOWN(role=role, known=", ".join(sorted(ROLES))) from None


def actor_of(actor_id: str, role: str, party_id: str | None) -> Actor:
    """The actor that a login or key stands for."""
    return Actor(actor_id, permissions_of(role), party_id)


def actor_id_of(name: str, role: str, party_id: str | None) -> str:
    """The id under which a login acts for ever; a customer's phone does not appear in it.

    A customer has a party and nobody else has: refuses ``identity.role_party``.
    """
    permissions_of(role)
    if (role == "customer") != (party_id is not None):
        raise ROLE_PARTY(role=role, must="must" if role == "customer" else "must not")
    return f"customer:{party_id.partition('_')[2]}" if party_id is not None else f"{role}:{name}"


def check_grant(actor: Actor, role: str) -> None:
    """Refuse ``identity.cannot_escalate`` where ``actor`` hands out ``system``, or an API key beyond itself."""
    if EVERYTHING in permissions_of(role) and EVERYTHING not in actor.permissions:
        raise CANNOT_ESCALATE(actor=actor.id, role=role)


def name_of(text: str, role: str) -> str:
    """A login name in normal form; refuses ``identity.name_invalid``."""
    name = normal_name(text)
    shape = _PHONE_NAME if role == "customer" else _STAFF_NAME
    if not shape.fullmatch(name):
        raise NAME_INVALID(name=repr(text[:60]))
    return name


def normal_name(text: str) -> str:
    """The one spelling of a typed name that is looked up; never refuses, so that it tells a guesser nothing."""
    kept = "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isprintable())
    return re.sub(r"[\s()-]", "", kept).lower()[:60]


def check_password(password: str, name: str) -> str:
    """A password in normal form (NFKC), or refuse ``identity.password_weak``. Length counts, composition does not."""
    text = unicodedata.normalize("NFKC", password)
    bare = text.casefold()
    if len(text) < SHORTEST_PASSWORD:
        raise PASSWORD_WEAK(problem=f"is shorter than {SHORTEST_PASSWORD}", problem_zh=f"少于 {SHORTEST_PASSWORD} 位")
    if len(text) > LONGEST_PASSWORD:
        raise PASSWORD_WEAK(problem=f"is longer than {LONGEST_PASSWORD}", problem_zh=f"多于 {LONGEST_PASSWORD} 位")
    if bare in COMMON_PASSWORDS or len(set(bare)) < 4:
        raise PASSWORD_WEAK(problem="is one that everybody tries first", problem_zh="过于常见")
    if name.lstrip("+").removeprefix("86") in bare:
        raise PASSWORD_WEAK(problem="contains the login name", problem_zh="包含登录名")
    return text


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when a name is locked after ``failures`` wrong passwords in a row: 1, 2, 4... minutes, at most an hour."""
    if failures <= FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES - 1, 10)
    return now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """Whether a lock still holds."""
    return locked_until is not None and now < locked_until


def expires_at(created_at: datetime, seen_at: datetime) -> datetime:
    """When a session ends if nothing more happens: idle too long, or simply old."""
    return min(seen_at + IDLE, created_at + ABSOLUTE)


def renew_due(seen_at: datetime, now: datetime) -> bool:
    """Whether a session in use should be renewed; not at each request, so that reading a page writes nothing."""
    return now - seen_at >= RENEW_AFTER


def require_logged_in(result: LoggedIn) -> str:
    """The session's token, or refuse ``identity.locked`` or ``identity.wrong_login`` (for the doors)."""
    if result.outcome == "locked":
        raise LOCKED(locked_until=result.locked_until)
    if result.outcome != "ok" or result.token is None:
        raise WRONG()
    return result.token
