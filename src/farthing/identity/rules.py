"""Decide who may do what, when a name is locked, and when a session is over. Pure; times are handed in.

Sources: NIST SP 800-63B-4 section 3.1.1 (length over composition, blocklist, rate limiting) and section 2
(reauthentication), OWASP ASVS 3 (sessions), GB/T 22239-2019 8.1.4.1 (lock-out, session time-out) and 8.1.5
(administrators, auditors and security officers are different people).
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

import phonenumbers

from farthing.identity.codes.rules import NEEDED as CODE_NEEDED
from farthing.identity.codes.rules import WRONG as CODE_WRONG
from farthing.identity.model import DisableLogin, LoggedIn
from farthing.identity.roles import DECIDES, DUTIES, NOT_STAFF, ROLES, SELF, UNBOUNDED
from farthing.identity.weak import is_weak
from farthing.kit.actor import EVERYTHING, PUBLIC, SECOND_FIRST, Actor, How
from farthing.kit.digits import plain_digits
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.printable import unprintable

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
SHORTEST_NAME_WITHIN = 4
"""A login name this long may not stand in its password."""
FREE_FAILURES = 4
"""So many wrong passwords in a row from one place or device cost nothing; the next one locks."""
FREE_FAILURES_OF_STRANGERS = 30
"""So many wrong passwords an hour at one name from devices that were never logged in; then these are slowed, all."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
WINDOW = timedelta(hours=1)
"""How long strangers' failures are counted together."""
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RENEW_AFTER = timedelta(minutes=5)
LONGEST_KEY_DAYS = 366

SESSION_PREFIX = "fs_"
KEY_PREFIX = "fk_"
DEVICE_PREFIX = "fd_"

NAME_INVALID = malformed(
    "identity.name_invalid",
    "{name} cannot be a login name; customers use a phone as +8613812345678, staff 2 to 40 small letters and digits.",
    "{name} 不能作为登录名；客户使用手机号（如 +8613812345678），员工使用 2 至 40 个小写字母或数字。",
)
NAME_TAKEN = conflict(
    "identity.name_taken",
    "This login name is in use; choose another, or ask an operator to look into it.",
    "该登录名已被使用；请更换，或联系工作人员查询。",
)
PASSWORD_WEAK = malformed(
    "identity.password_weak",
    "The password {problem}; a sentence of four or five words is long enough and easy to keep.",
    "密码不合要求（{problem_zh}）；由四五个词组成的一句话既够长又好记。",
)
ROLE_UNKNOWN = malformed(
    "identity.role_unknown", "There is no role {role}; known are {known}.", "不存在角色 {role}；可用：{known}。"
)
ROLE_PARTY = malformed(
    "identity.role_party",
    "A {role} and this party do not go together; a customer's login names one and a member of staff's names none.",
    "角色 {role} 与客户编号不符；客户的登录账户须指定客户编号，员工的不得指定。",
)
ROLE_NOT_STAFF = malformed(
    "identity.role_not_staff",
    "The role {role} has no staff login; customers prove their phone when they register, programs get an API key.",
    "角色 {role} 没有员工登录账户；客户注册时须验证手机，程序使用 API 密钥。",
)
PERSON_INVALID = malformed(
    "identity.person_invalid",
    "A member of staff has a name and a resident identity number or a staff number of 1 to 30 letters and digits.",
    "员工须有姓名，以及居民身份号码或 1 至 30 位字母数字的工号。",
)
PERSON_DIFFERS = conflict(
    "identity.person_differs",
    "That number belongs to another name; compare the documents.",
    "该号码属于另一姓名；请核对证件。",
)
PERSON_CONFLICT = declined(
    "identity.person_conflict",
    "This person has the login {other} already, and one of the two roles approves for others; disable that login first.",
    "此人已有登录账户 {other}，且其中一个角色可复核他人事项；请先停用另一账户。",
)
DUTIES_APART = declined(
    "identity.duties_apart",
    "This person has the login {other}: who runs the bank, who audits it and who hands out logins are three people. Give the "
    "role {role} to somebody else, or disable that login first.",
    "此人已有登录账户 {other}：系统管理、审计管理与安全管理须由三人分别担任。请将角色 {role} 授予他人，或先停用该账户。",
)
NOT_FOR_OTHERS = declined(
    "identity.not_for_others",
    "{actor} may not make a key that acts as a customer; only the customer may.",
    "{actor} 不得签发以客户身份行事的密钥；只有客户本人可以。",
)
PROGRAM_NAME = malformed(
    "identity.program_name",
    "A program acts under a name of its own, such as program:settlement, not as {name}.",
    "程序须以自己的名称行事，例如 program:settlement，不得使用 {name}。",
)
SESSION_UNKNOWN = not_found(
    "identity.session_unknown",
    "You have no open session {session_id}; look at the list again.",
    "您没有会话 {session_id}；请重新查看列表。",
)
WRONG = forbidden(
    "identity.wrong_login",
    "Name and password do not fit together; try again or reset the password.",
    "登录名与密码不符；请重试或重置密码。",
)
LOCKED = forbidden(
    "identity.locked",
    "Too many wrong passwords from here; try again after {locked_until}, or use a device on which you were logged in before.",
    "此处密码错误次数过多；请在 {locked_until} 之后重试，或使用曾经登录过的设备。",
)
SAME_PASSWORD = declined(
    "identity.same_password",
    "The new password is the old one; choose another.",
    "新密码与旧密码相同；请另选密码。",
)
NOT_SIGNED_IN = forbidden(
    "identity.not_signed_in",
    "The session or key is unknown, expired or ended; log in again.",
    "会话或密钥无效、已过期或已结束；请重新登录。",
)
LOGIN_UNKNOWN = not_found(
    "identity.login_unknown", "There is no login of {actor_id}.", "不存在 {actor_id} 的登录账户。"
)
KEY_UNKNOWN = not_found("identity.key_unknown", "There is no API key {id}.", "不存在 API 密钥 {id}。")
KEY_DAYS = malformed(
    "identity.key_days",
    "A key lives 1 to {longest} days, not {days}.",
    "密钥有效期须为 1 至 {longest} 天，不能为 {days} 天。",
)
CANNOT_ESCALATE = declined(
    "identity.cannot_escalate",
    "{actor} may not hand out the role {role}: it holds permissions that {actor} lacks.",
    "{actor} 无权授予角色 {role}：该角色包含其没有的权限。",
)

_STAFF_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_PROGRAM_NAME = re.compile(r"program:[a-z][a-z0-9._-]{0,39}")
_PHONE_NAME = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_TYPED = re.compile(r"\+?[0-9]{7,18}")
_PERSON_NUMBER = re.compile(r"[0-9A-Z-]{1,30}")
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")

HOME_REGION = "CN"
"""Where a phone without a country is at home."""

ANONYMOUS = Actor("anonymous", frozenset({"identity:log_in", "parties:enrol", PUBLIC}))
"""Who stands at the door before a log-in: may prove who it is, and log in."""
DOOR = Actor("door", frozenset({"identity:attest"}))
"""The door itself, which compared a password with no transaction open and says what came of it."""


def permissions_of(role: str) -> frozenset[str]:
    """What a role may do; refuses ``identity.role_unknown``."""
    try:
        return ROLES[role]
    except KeyError:
        raise ROLE_UNKNOWN(role=role, known=", ".join(sorted(ROLES))) from None


def actor_of(
    actor_id: str, role: str, party_id: str | None, person_id: str | None = None, *, must_change: bool = False,
    needs_second: bool = False,
) -> Actor:  # fmt: skip
    """The actor that a login stands for; one who must change the password first, or has to set up a second factor, may do that
    alone."""
    if must_change or needs_second:
        return Actor(actor_id, frozenset(SELF) if must_change else _SECOND_FIRST, party_id, person_id=person_id)
    return Actor(actor_id, permissions_of(role), party_id, person_id=person_id)


_SECOND_FIRST = frozenset(SELF | {SECOND_FIRST})


def needs_second(person_id: str | None, how: How, made_at: datetime, now: datetime, grace: timedelta | None) -> bool:
    """Whether a session of the staff that began so may only set up a second factor: the policy asks for one (``grace`` after the
    login was made), and it was not begun by one. A sandbox's link stands for whoever shows the bank."""
    strong = how in ("passkey", "password_code", "link")
    return person_id is not None and grace is not None and not strong and now >= made_at + grace


def second_first(actor: Actor) -> bool:
    """Whether an actor may do nothing before it has signed in by a second factor."""
    return SECOND_FIRST in actor.permissions


def must_change_first(actor: Actor) -> bool:
    """Whether an actor may do nothing before it has chosen a password of its own."""
    return actor.permissions == frozenset(SELF)


def actor_of_key(actor_id: str, role: str, party_id: str | None) -> Actor:
    """The actor that an API key stands for. A key is no person: it is none of two, whose other could be its holder."""
    granted = permissions_of(role)
    if EVERYTHING in granted:
        return Actor(actor_id, granted, party_id)
    return Actor(actor_id, granted - {DECIDES}, party_id, is_program=True)


def actor_id_of(name: str, role: str, party_id: str | None) -> str:
    """The id under which a login acts for ever; a customer's phone does not appear in it.

    A customer has a party and nobody else has: refuses ``identity.role_party``.
    """
    permissions_of(role)
    if (role == "customer") != (party_id is not None):
        raise ROLE_PARTY(role=role, must="must" if role == "customer" else "must not")
    return f"customer:{party_id.partition('_')[2]}" if party_id is not None else f"{role}:{name}"


def check_grant(actor: Actor, role: str, actor_id: str, party_id: str | None = None) -> None:
    """Who may hand a role out (a customer's only the customer), and that a program acts under a name of its own.

    Refuses ``identity.cannot_escalate``, ``identity.not_for_others``, ``identity.program_name``.
    """
    if EVERYTHING in actor.permissions:
        return
    permissions_of(role)
    if role in UNBOUNDED:
        raise CANNOT_ESCALATE(actor=actor.id, role=role)
    if party_id is not None and actor.party_id != party_id:
        raise NOT_FOR_OTHERS(actor=actor.id)
    if not _PROGRAM_NAME.fullmatch(actor_id):
        raise PROGRAM_NAME(name=repr(actor_id[:60]))


def of_an_officer(command: DisableLogin) -> bool:
    """Whether a login to be closed is a security officer's."""
    return command.actor_id.startswith("security:")


def check_staff_role(role: str) -> None:
    """Refuse ``identity.role_not_staff`` for a role that is not a person's of the staff."""
    permissions_of(role)
    if role in NOT_STAFF:
        raise ROLE_NOT_STAFF(role=role)


def check_second_login(role: str, others: Iterable[tuple[str, str]]) -> None:
    """Refuse ``identity.duties_apart`` where a person with other logins (actor, role) would answer for two of the three duties,
    and ``identity.person_conflict`` where it could approve what it asks for."""
    held = list(others)
    for actor_id, other in held:
        if role in DUTIES and DUTIES.get(other, DUTIES[role]) != DUTIES[role]:
            raise DUTIES_APART(role=role, other=actor_id)
    for actor_id, other in held:
        if DECIDES in permissions_of(role) | permissions_of(other):
            raise PERSON_CONFLICT(other=actor_id)


def person_of(name: str, number: str) -> tuple[str, str]:
    """A person's name and number key in normal form; refuses ``identity.person_invalid``."""
    plain_name = " ".join(unicodedata.normalize("NFKC", name).split())
    plain = plain_digits(number).replace(" ", "").upper()
    if not 1 <= len(plain_name) <= 120 or unprintable(plain_name) is not None or not _PERSON_NUMBER.fullmatch(plain):
        raise PERSON_INVALID()
    return plain_name, resident_key(plain) if _RESIDENT_ID.fullmatch(plain) else f"staff:{plain}"


def resident_key(number: str) -> str:
    """Under what a resident identity number is kept of a person of the staff."""
    return f"cn.resident_id:{number}"


def name_of(text: str, role: str) -> str:
    """A login name in normal form; refuses ``identity.name_invalid``."""
    name = normal_name(text)
    shape = _PHONE_NAME if role == "customer" else _STAFF_NAME
    if not shape.fullmatch(name):
        raise NAME_INVALID(name=repr(text[:60]))
    return name


def normal_name(text: str) -> str:
    """The one spelling of a typed name that is looked up; never refuses, so that it tells a guesser nothing.

    A phone is read as people write it: 138 0013 8000, 0086..., digits of any script, brackets and dashes.
    """
    kept = "".join(letter for letter in plain_digits(text) if letter.isprintable() or letter.isspace())
    bare = re.sub(r"[\s()\-\u2010-\u2015]", "", kept).lower()[:60]
    if _PHONE_TYPED.fullmatch(bare):
        with contextlib.suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(bare, HOME_REGION)
            if phonenumbers.is_valid_number(number):
                return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return bare


def check_password(password: str, name: str = "") -> str:
    """A password in normal form (NFKC), or refuse ``identity.password_weak``. Length counts, composition does not."""
    text = unicodedata.normalize("NFKC", password)
    bare = text.casefold()
    if len(text) < SHORTEST_PASSWORD:
        raise PASSWORD_WEAK(problem=f"is shorter than {SHORTEST_PASSWORD}", problem_zh=f"少于 {SHORTEST_PASSWORD} 位")
    if len(text) > LONGEST_PASSWORD:
        raise PASSWORD_WEAK(problem=f"is longer than {LONGEST_PASSWORD}", problem_zh=f"多于 {LONGEST_PASSWORD} 位")
    if is_weak(bare):
        raise PASSWORD_WEAK(problem="is one that everybody tries first", problem_zh="过于常见")
    own = name.lstrip("+").removeprefix("86")
    if len(own) >= SHORTEST_NAME_WITHIN and own in bare:
        raise PASSWORD_WEAK(problem="contains the login name", problem_zh="包含登录名")
    return text


def counted(*what: str) -> bytes:
    """The key under which tries are counted: a hash, so that who was tried is not kept."""
    return hashlib.sha256("\n".join(what).encode("utf-8", "replace")).digest()


def counters_of(name: str, device: str | None, source: str) -> tuple[tuple[bytes, bool], ...]:
    """The counters that a log-in is held against, in the order in which they are locked, and whether each is of one
    place alone: of a device that is known, its own; of a stranger, that of the place and that of all strangers."""
    if device is not None:
        return ((counted("device", name, device), True),)
    return (counted("source", name, source), True), (counted("strangers", name), False)


def source_of(address: str) -> str:
    """The network address that tries are counted by: IPv4 whole, of IPv6 the network of one subscriber (/64)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def device_name_of(text: str) -> str:
    """What a device calls itself, as the list of sessions shows it."""
    return "".join(letter for letter in text if letter.isprintable())[:120]


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when one place or device is locked out after ``failures`` wrong passwords in a row: 1, 2, 4... minutes, at
    most an hour."""
    if failures <= FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES - 1, 10)
    return now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def slow_after(failures: int, now: datetime) -> datetime | None:
    """Until when all devices that were never logged in wait at a name that strangers try again and again: a minute."""
    return None if failures <= FREE_FAILURES_OF_STRANGERS else now + FIRST_LOCK


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
    """The session's token, or refuse (for the doors) ``identity.locked``, ``identity.app_code_needed``,
    ``identity.app_code_wrong`` or ``identity.wrong_login``."""
    if result.outcome == "locked":
        raise LOCKED(locked_until=result.locked_until)
    if result.outcome == "code":
        raise CODE_NEEDED()
    if result.why == "code":
        raise CODE_WRONG()
    if result.outcome != "ok" or result.token is None:
        raise WRONG()
    return result.token
