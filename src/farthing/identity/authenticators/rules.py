"""Decide what a device's answer proves, when a counter says that a key was copied, and what may be changed. Pure.

Sources: W3C Web Authentication level 3, sections 7.1 (registration), 7.2 (assertion) and 6.1.1 (signature counter); NIST SP
800-63B-4 (phishing resistance, reauthentication). The library does the cryptography; each thing that it would refuse by a
sentence is looked at first, so that each has a code of its own. Attestation says which model a device is, and is not asked for.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
)

from farthing.identity.authenticators.model import Assertion, MadePasskey, Outcome, Site
from farthing.kernel.operation import decode
from farthing.kit import base64url
from farthing.kit.actor import Actor
from farthing.kit.errors import Code, Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import derived, prefixed

UNREADABLE = malformed(
    "identity.passkey_unreadable",
    "What the device answered cannot be read; try again, with another device if it happens again.",
    "无法读取设备返回的内容；请重试，若再次出现请换用其他设备。",
)
UNKNOWN = forbidden(
    "identity.passkey_unknown",
    "This passkey is not known here, or was removed; use another one, or sign in by password.",
    "该通行密钥未登记或已移除；请使用其他通行密钥，或用密码登录。",
)
FOREIGN = forbidden(
    "identity.passkey_foreign",
    "This was signed for another website than {origin}; open the bank's own address and begin again there.",
    "此签名属于 {origin} 以外的网站；请打开本行网址后重新开始。",
)
OTHER_CHALLENGE = forbidden(
    "identity.passkey_other_challenge",
    "This answers another question than the one that was asked, as a copy of an earlier answer does; begin again.",
    "该应答与本次请求不符，可能是此前应答的副本；请重新开始。",
)
UNVERIFIED = forbidden(
    "identity.passkey_unverified",
    "The device did not check that it is you; unlock it by finger, face or PIN when it asks, and try again.",
    "设备未核验您本人；请在提示时用指纹、面容或 PIN 解锁后重试。",
)
FORGED = forbidden(
    "identity.passkey_forged",
    "The signature does not belong to this passkey; nothing was done. Try again, and tell the bank if it happens again.",
    "签名与该通行密钥不符；未办理任何事项。请重试，若再次出现请联系本行。",
)
IS_CLONED = forbidden(
    "identity.passkey_cloned",
    "This passkey seems to have been copied: its counter went back. It was ended, and the bank looks into it; sign "
    "in another way.",
    "该通行密钥疑似被复制（计数倒退），现已停用，本行正在核查；请使用其他方式登录。",
)
CHALLENGE_NOT_GOOD = conflict(
    "identity.challenge_not_good",
    "This question was answered before, is more than five minutes old, or was put to somebody else; begin again.",
    "此次请求已应答、超过五分钟或不属于您；请重新开始。",
)
PROVE_AGAIN = forbidden(
    "identity.prove_again",
    "You signed in more than {minutes} minutes ago; sign in once more before you change how you sign in.",
    "距上次登录已超过 {minutes} 分钟；更改登录方式前请重新登录。",
)
SIGN_IN_AGAIN = forbidden(
    "identity.sign_in_again",
    "You signed in more than {minutes} minutes ago; sign in once more, then do this.",
    "距上次登录已超过 {minutes} 分钟；请重新登录后办理。",
)
OWN_WAY_NEEDED = forbidden(
    "identity.own_way_needed",
    "You are in by a login elsewhere; for this, sign in by a way of this bank's own: password, passkey, or a code to your phone.",
    "您当前通过外部登录进入；办理此项请使用本行的登录方式：密码、通行密钥或短信验证码。",
)
LAST_WAY_IN = declined(
    "identity.last_way_in",
    "This is your last way in; add another passkey or choose a password first.",
    "这是您唯一的登录方式；请先添加其他通行密钥或设置密码。",
)
PASSKEY_NOT_YOURS = not_found(
    "identity.passkey_not_found",
    "You have no passkey {passkey_id}; look at the list again.",
    "您没有通行密钥 {passkey_id}；请重新查看列表。",
)
TOO_MANY = declined(
    "identity.too_many_passkeys",
    "You have {most} passkeys; remove one that you no longer use.",
    "您已有 {most} 个通行密钥；请先移除不再使用的。",
)
KNOWN_ALREADY = conflict(
    "identity.passkey_known",
    "This passkey is registered already.",
    "该通行密钥已登记。",
)
NO_PASSKEY = declined(
    "identity.no_passkey",
    "You have no passkey; add one under Me, Passkeys and devices, or do this with your password within its limit.",
    "您尚未添加通行密钥；请在“我的—通行密钥与设备”中添加，或在限额内使用密码办理。",
)
NAMELESS = malformed(
    "identity.passkey_nameless",
    "Give the passkey a name by which you know the device again.",
    "请为通行密钥取一个便于识别设备的名称。",
)

CODES: Mapping[str, Code] = {
    "not_good": CHALLENGE_NOT_GOOD, "unknown": UNKNOWN, "foreign": FOREIGN, "differs": OTHER_CHALLENGE,
    "unverified": UNVERIFIED, "forged": FORGED, "cloned": IS_CLONED,
}  # fmt: skip
"""What each outcome is told as."""
ASKED_PER_SOURCE, WINDOW = 300, timedelta(hours=1)
"""Challenges to sign in that one network address may ask for in an hour."""
TOO_MANY_ASKED = declined(
    "identity.too_many_challenges",
    "Too many passkeys were tried from here; try again in an hour, or sign in by password.",
    "此处通行密钥登录请求过于频繁；请一小时后重试，或用密码登录。",
)


def site_of(origin: str | None, port: int) -> Site:
    """The site that passkeys are bound to: as set, else this machine's own."""
    address = origin or f"http://localhost:{port}"
    return Site(address, str(urlsplit(address).hostname))


def assertion_of(text: str) -> Assertion:
    """What a device answered, as pages and programs send it: one JSON object. Refuses ``identity.passkey_unreadable``."""
    try:
        found: Assertion = decode(Assertion, json.loads(text))
    except (ValueError, RecursionError, Refusal):
        raise UNREADABLE() from None
    return found


def made_of(text: str, challenge_id: str) -> MadePasskey:
    """The same of a passkey that was made."""
    try:
        found: MadePasskey = decode(MadePasskey, {**json.loads(text), "challenge_id": challenge_id})
    except (ValueError, TypeError, RecursionError, Refusal):
        raise UNREADABLE() from None
    return found


def to_bytes(text: str) -> bytes:
    """Bytes out of base64url; refuses ``identity.passkey_unreadable``."""
    try:
        return base64url.decode(text)
    except (binascii.Error, ValueError):
        raise UNREADABLE() from None


def passkey_id(credential_id: bytes) -> str:
    """The id under which a credential is kept: always the same one."""
    return prefixed("passkey", derived(f"passkey\n{credential_id.hex()}"))


def credential_id(credential: bytes) -> bytes:
    """The id by which a device knows a credential."""
    found: bytes = AttestedCredentialData(credential).credential_id
    return found


def user_id(actor_id: str) -> str:
    """The opaque id of a person that her devices keep beside the passkey; it says nothing about her."""
    return base64url.encode(derived(f"passkey of\n{actor_id}").bytes)


@cache
def server_of(site: Site) -> Fido2Server:
    """The library's verifier for one site and one origin alone."""
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=site.name, id=site.rp_id), verify_origin=lambda said: said == site.origin
    )


def made(site: Site, challenge: bytes, client_data: str, attestation: str) -> tuple[AttestedCredentialData, int]:
    """The credential that a device made, and its counter.

    Refuses, in this order, ``identity.passkey_unreadable``, ``identity.passkey_foreign``, ``identity.passkey_other_challenge``,
    ``identity.passkey_unverified``.
    """
    try:
        said = CollectedClientData(to_bytes(client_data))
        attested = AttestationObject(to_bytes(attestation))
        found = attested.auth_data
        key = None if found.credential_data is None else found.credential_data.public_key
        readable = key is not None and not isinstance(key, UnsupportedKey)
    except Exception:  # the library raises what its parsers raise
        raise UNREADABLE() from None
    outcome = _looked(site, challenge, said, CollectedClientData.TYPE.CREATE, found)
    if not readable or found.credential_data is None:
        raise UNREADABLE()
    if outcome != "ok":
        raise refusal_of(outcome, site)
    state = {"challenge": base64url.encode(challenge), "user_verification": "required"}
    response = {"clientDataJSON": client_data, "attestationObject": attestation}
    shown = base64url.encode(found.credential_data.credential_id)
    whole = {"id": shown, "rawId": shown, "type": "public-key", "response": response}
    try:
        server_of(site).register_complete(state, whole)
    except Exception:
        raise UNREADABLE() from None
    return found.credential_data, found.counter


def judge(
    site: Site, challenge: bytes, credential: bytes, sign_count: int, assertion: Assertion
) -> tuple[Outcome, int]:
    """What an assertion proves, and the counter that it carries; precedence: site, challenge, verification of the person,
    signature, counter. Refuses ``identity.passkey_unreadable``."""
    try:
        said = CollectedClientData(to_bytes(assertion.client_data))
        found = AuthenticatorData(to_bytes(assertion.authenticator_data))
        key = AttestedCredentialData(credential)
    except Exception:
        raise UNREADABLE() from None
    outcome = _looked(site, challenge, said, CollectedClientData.TYPE.GET, found)
    if outcome != "ok":
        return outcome, found.counter
    state = {"challenge": base64url.encode(challenge), "user_verification": "required"}
    response = {
        "clientDataJSON": assertion.client_data, "authenticatorData": assertion.authenticator_data,
        "signature": assertion.signature,
    }  # fmt: skip
    whole = {
        "id": assertion.credential_id, "rawId": assertion.credential_id, "type": "public-key", "response": response,
    }  # fmt: skip
    try:
        server_of(site).authenticate_complete(state, [key], whole)
    except Exception:
        return "forged", found.counter
    return ("cloned" if is_cloned(sign_count, found.counter) else "ok"), found.counter


def _looked(site: Site, challenge: bytes, said: CollectedClientData, kind: Any, found: AuthenticatorData) -> Outcome:
    """What can be seen without the signature. A page within another site's frame is another site."""
    if said.type != kind or said.origin != site.origin or said.cross_origin:
        return "foreign"
    if server_of(site).rp.id_hash != found.rp_id_hash:
        return "foreign"
    if said.challenge != challenge:
        return "differs"
    if not (found.is_user_present() and found.is_user_verified()):
        return "unverified"
    return "ok"


def is_cloned(stored: int, carried: int) -> bool:
    """Whether a counter went back or stands still, though the device counts: two devices hold this key (section 6.1.1).
    Passkeys that are synchronised between devices do not count, and say zero always."""
    return (stored > 0 or carried > 0) and carried <= stored


def refusal_of(outcome: str, site: Site) -> Refusal:
    """An outcome as the refusal that tells it."""
    return CODES[outcome](origin=site.origin) if outcome == "foreign" else CODES[outcome]()


def check_fresh(actor: Actor, now: datetime, within: timedelta) -> None:
    """Refuse ``identity.prove_again`` for whoever proved who that is too long ago, or by no session at all."""
    if actor.by_key:
        return
    if actor.proved is None or now - actor.proved.at > within:
        raise PROVE_AGAIN(minutes=int(within.total_seconds() // 60))


def check_lately(actor: Actor, now: datetime, within: timedelta) -> None:
    """Refuse ``identity.sign_in_again`` for somebody who signed in too long ago and confirms by no key. Of whom no door says a
    sign-in (a program's key, the bank itself) is bound by other rules."""
    if not actor.by_key and actor.proved is not None and now - actor.proved.at > within:
        raise SIGN_IN_AGAIN(minutes=int(within.total_seconds() // 60))


def check_own_way(actor: Actor) -> None:
    """Refuse ``identity.own_way_needed``: another institution's word lets somebody in, and changes nothing about how."""
    if not actor.by_key and actor.proved is not None and actor.proved.how == "outside":
        raise OWN_WAY_NEEDED()


def is_ones_own(actor: Actor, actor_id: str, party_id: str | None) -> bool:
    """Whether a passkey is of whoever acts: of that login, or of the customer whom a program of his own acts for."""
    return actor_id == actor.id or (party_id is not None and party_id == actor.party_id)
