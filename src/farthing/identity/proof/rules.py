"""Decide what a code proves, how long, and how often one may be asked for. Pure; times and codes are handed in.

Sources: NIST SP 800-63B-4 section 3.1.3 (out-of-band: at most ten minutes, at least six digits, throttled, used once).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import timedelta

from farthing.identity.proof.model import Proof, Proved
from farthing.kit.digits import plain_digits
from farthing.kit.errors import declined, forbidden
from farthing.kit.words import Words

LIFE = timedelta(minutes=10)
TRIES = 5
DIGITS = 6
PER_PHONE = 5
"""Codes to one phone in an hour."""
PER_SOURCE = 30
"""Codes asked for from one network address in an hour."""
WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
"""Proofs and counters older than this are forgotten."""

TOO_MANY = declined(
    "identity.too_many_codes",
    "Too many codes were asked for; try again in an hour, or come to a counter.",
    "验证码请求过于频繁；请一小时后重试，或到柜台办理。",
)
NO_GATEWAY = declined(
    "identity.no_gateway",
    "This bank has no way to send a code to a phone; come to a counter with your identity document.",
    "本行尚未开通短信通道；请携带身份证件到柜台办理。",
)
CODE_WRONG = forbidden(
    "identity.code_wrong",
    "The code does not fit what was asked, or is no longer good; a code lives ten minutes and five tries.",
    "验证码与申请不符或已失效；验证码十分钟内有效，最多可试五次。",
)


def code_of(number: int) -> str:
    """Six digits of a random number."""
    return f"{number % 10**DIGITS:0{DIGITS}}"


def typed(code: str) -> str:
    """A code as it was typed, in plain digits."""
    return re.sub(r"[\s-]", "", plain_digits(code))[:20]


def hashed(salt: bytes, *what: str) -> bytes:
    """The salted hash of a code, or of what was asked."""
    return hashlib.sha256(salt + "\n".join(what).encode("utf-8", "replace")).digest()


NOBODY = Words("tell nobody", "请勿告诉任何人")
ALOUD = Words("tell it only the member of staff before you", "仅可告知您面前的工作人员")


def text_of(code: str, why: Words, whom: Words = NOBODY) -> str:
    """What the phone shows; ``why``: what the code is for; ``whom``: who may be told."""
    chinese = f"【法新】验证码 {code}，十分钟内有效，用于{why.zh}。{whom.zh}。"
    return f"{chinese} Farthing: {code} is your code to {why.en}; {whom.en}."


def judge(proof: Proof, asked: Sequence[str], code: str) -> Proved:
    """What a code says about what is asked; precedence: what was asked, the code, the code of another phone."""
    if not hmac.compare_digest(proof.asked, hashed(proof.salt, *asked)):
        return Proved("wrong")
    given = hashed(proof.salt, typed(code))
    if proof.code is not None and hmac.compare_digest(proof.code, given):
        return Proved("proved", proof.party_id)
    if proof.decoy is not None and hmac.compare_digest(proof.decoy, given):
        return Proved("other_phone")
    return Proved("wrong")
