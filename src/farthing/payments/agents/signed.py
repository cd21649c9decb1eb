"""Own what a device signs without a network: the bytes of an act, and whether a signature is the device's over them. Pure.

The bytes are canonical JSON (RFC 8785) of the agent, the device, the number and all that the act says, so that an act is good for
no other agent, device, number or amount. The signature is Ed25519 (RFC 8032).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from farthing.kit.calendar import KEPT_YEARS
from farthing.kit.canonical import canonical
from farthing.kit.errors import malformed
from farthing.payments.agents.queued_model import Queued

SCHEME = "farthing-agent-act/1"
KEY, SIGNATURE = 32, 64

BAD_KEY = malformed(
    "agents.bad_key",
    "A device's public key is Ed25519: 32 bytes in base 64.",
    "设备公钥须为 Ed25519 公钥：32 字节，以 Base64 编码。",
)
BAD_TIME = malformed(
    "agents.bad_time",
    "Act {number} says {given} where a moment with its zone should stand: 2026-11-30T16:00:00+08:00.",
    "第 {number} 笔的时间 {given} 不是带时区的时刻；格式如 2026-11-30T16:00:00+08:00。",
)


def message(agent_id: str, act: Queued) -> bytes:
    """What is signed of an act."""
    told = {
        "scheme": SCHEME, "agent": agent_id, "device": act.device_id, "number": act.number, "way": act.way,
        "minor": act.amount.minor, "currency": act.amount.currency, "at": act.at, "phone": act.phone, "code": act.code,
    }  # fmt: skip
    return canonical(told)


def digest(agent_id: str, act: Queued) -> bytes:
    """What the bank keeps of the bytes that were signed."""
    return hashlib.sha256(message(agent_id, act)).digest()


def key_of(text: str) -> bytes:
    """A public key; refuses ``agents.bad_key``."""
    found = _octets(text)
    if len(found) != KEY:
        raise BAD_KEY()
    return found


def holds(public_key: bytes, agent_id: str, act: Queued) -> bool:
    """Whether an act is as the device signed it."""
    signature = _octets(act.signature)
    if len(signature) != SIGNATURE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message(agent_id, act))
    except InvalidSignature:
        return False
    return True


def sign(private_key: Ed25519PrivateKey, agent_id: str, act: Queued) -> str:
    """A device's signature over an act, in base 64: what a device does."""
    return base64.b64encode(private_key.sign(message(agent_id, act))).decode()


def public_of(private_key: Ed25519PrivateKey) -> str:
    """What a device registers, in base 64."""
    return base64.b64encode(private_key.public_key().public_bytes_raw()).decode()


def moment(act: Queued) -> datetime:
    """When an act was made; refuses ``agents.bad_time``."""
    try:
        found = datetime.fromisoformat(act.at)
    except ValueError:
        raise BAD_TIME(number=act.number, given=repr(act.at[:40])) from None
    if found.tzinfo is None or found.year not in KEPT_YEARS:
        raise BAD_TIME(number=act.number, given=repr(act.at[:40]))
    return found


def signature_of(act: Queued) -> bytes:
    """A signature as it is kept."""
    return _octets(act.signature)


def _octets(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
