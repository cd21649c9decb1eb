"""Decide how a shown code is made and read, and how often one may be tried. Pure; random numbers are handed in."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from farthing.kit.digits import plain_digits
from farthing.kit.errors import declined, not_found

LIFE = timedelta(minutes=10)
DIGITS = 8
DRAWS = 5
"""Codes drawn at most where the one that was drawn is shown by somebody else already."""
WRONG_PER_HOUR = 20
"""Codes that fit nobody, of one member of staff in an hour: so many are mistyped, more are guessed."""
WINDOW = timedelta(hours=1)

SHOWN_UNKNOWN = not_found(
    "parties.shown_code_unknown",
    "Nobody shows this code now; it lives ten minutes and is used once. Ask the customer to show a new one.",
    "现在没有客户出示此码；求助码十分钟内有效，且只能使用一次。请客户重新出示。",
)
TOO_MANY_GUESSES = declined(
    "parties.too_many_shown_codes",
    "Too many codes that nobody shows were typed; find the customer by phone or identity card, or try again in an hour.",
    "输入的无效求助码过多；请按手机号或身份证查找客户，或一小时后重试。",
)


def code_of(number: int) -> str:
    """Eight digits of a random number."""
    return f"{number % 10**DIGITS:0{DIGITS}}"


def written(code: str) -> str:
    """A code as it is shown, in two groups that can be read out."""
    return f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}"


def hashed(code: str) -> bytes:
    """The key that a code is kept under; gaps, and digits of another script, are read as typed."""
    return hashlib.sha256(f"shown-code\n{re.sub(r'[^0-9]', '', plain_digits(code))[:20]}".encode()).digest()
