"""Decide which codes are good at an instant. Pure; seeds, times and random bytes are handed in.

Sources: RFC 6238 (TOTP: steps of 30 seconds, one step of clock skew either way), section 5.2 (a code is accepted once); NIST SP
800-63B-4 section 3.1.4. The library computes the codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import pyotp

from farthing.kit.digits import plain_digits
from farthing.kit.errors import conflict, forbidden

STEP_SECONDS, SKEW = 30, 1
SEED_BYTES = 20
RECOVERY = 10
"""Recovery codes of one person."""
RECOVERY_BYTES = 10

NEEDED = forbidden(
    "identity.app_code_needed",
    "Type the code that your app shows too, or one of your recovery codes.",
    "还须输入身份验证器应用显示的动态口令，或一个备用恢复码。",
)
WRONG = forbidden(
    "identity.app_code_wrong",
    "The code is not right, or was used already; wait for the next one that your app shows.",
    "动态口令错误或已使用；请等待应用显示下一个口令。",
)
THERE = conflict(
    "identity.app_codes_there",
    "Codes of an app are asked for already; end them before you set up others.",
    "已启用动态口令；如需重新设置，请先停用。",
)
TRIES, LIFE = 5, timedelta(minutes=15)
"""A seed that was begun is guessed at so often, and waits so long for its first code."""
OVER = conflict(
    "identity.app_codes_over",
    "That was one try too many, or more than fifteen minutes after the seed was shown; begin again with another one.",
    "尝试次数过多，或距显示密钥已超过十五分钟；请重新开始设置。",
)
NONE_BEGUN = conflict(
    "identity.app_codes_not_begun",
    "Codes of an app were not begun, or are asked for already; begin again.",
    "尚未开始设置动态口令，或已启用；请重新开始。",
)


def seed_of(octets: bytes) -> str:
    """A seed as apps take it: base32."""
    return base64.b32encode(octets).decode()


def address(seed: str, name: str) -> str:
    """The address of a seed that apps read from a picture."""
    found: str = pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name="Farthing")
    return found


def typed(code: str) -> str:
    """A code as it was typed: digits of any script, capitals, without spaces and dashes."""
    return "".join(each for each in plain_digits(code).upper() if each.isalnum())[:40]


def step_at(at: datetime) -> int:
    """The time step of an instant."""
    return int(at.timestamp()) // STEP_SECONDS


def step_of(seed: str, code: str, at: datetime, last: int) -> int | None:
    """The time step whose code this is, later than the last that was used; none where it is no good."""
    given, now = typed(code), step_at(at)
    made = pyotp.HOTP(seed)
    found = [
        step
        for step in range(now - SKEW, now + SKEW + 1)
        if hmac.compare_digest(made.at(step).encode(), given.encode())
    ]
    return next((step for step in found if step > last), None)


def recovery_code(octets: bytes) -> str:
    """A recovery code as it is told: eighty random bits in groups."""
    text = base64.b32encode(octets).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_hash(actor_id: str, code: str) -> bytes:
    """Under what a recovery code is kept."""
    return hashlib.sha256(f"recovery\n{actor_id}\n{typed(code)}".encode()).digest()
