"""Own identifiers: UUIDv7 (RFC 9562) made by the client, ids derived from a natural key, and prefixed ids.

Never a database sequence: a distributed engine has none (see ``docs/guides/scale.md``).
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
from datetime import datetime
from uuid import UUID

from farthing.kit.errors import malformed

BAD_ID = malformed(
    "ids.malformed", "{text} is not an id of the form {prefix}_...", "{text} 不是形如 {prefix}_... 的编号。"
)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]
_VALUES = {letter: index for index, letter in enumerate(_ALPHABET)}


class IdSource:
    """Source of UUIDv7 and random bits; seeded, it repeats exactly. What opens a door is never drawn from the seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed) if seed is not None else None  # noqa: S311 - seeded runs only

    def bits(self, count: int) -> int:
        """``count`` random bits, from the operating system unless seeded."""
        return self._random.getrandbits(count) if self._random is not None else secrets.randbits(count)

    def octets(self, count: int) -> bytes:
        """``count`` random bytes, as :meth:`bits` draws them."""
        return self.bits(count * 8).to_bytes(count, "big")

    def uuid7(self, now: datetime) -> UUID:
        """A time-ordered UUID (RFC 9562 section 5.7) for the instant ``now``."""
        milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
        if self._random is None:
            drawn = int.from_bytes(os.urandom(10), "big")  # at once: asking twice costs more than all the rest
            high, low = drawn & 0xFFF, drawn >> 18
        else:
            high, low = self._random.getrandbits(12), self._random.getrandbits(62)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)

    @staticmethod
    def token() -> str:
        """256 bits from the operating system as text, for sessions and secrets, seeded or not: whoever knows a town's seed
        knows nobody's session."""
        return encode(secrets.randbits(256), 52)


def encode(value: int, length: int) -> str:
    """Crockford base 32 in lower case, ``length`` letters."""
    pairs = "".join([_PAIRS[value >> shift & 1023] for shift in range(10 * ((length - 1) // 2), -1, -10)])
    return pairs if length % 2 == 0 else pairs[1:]


def bare(ident: str) -> str:
    """A prefixed id without its prefix, as account paths and references carry it."""
    return ident.partition("_")[2]


def prefixed(prefix: str, value: UUID) -> str:
    """The public form of an id: ``loan_01jd...`` (26 letters of Crockford base 32)."""
    return f"{prefix}_{encode(value.int, 26)}"


def parse_prefixed(prefix: str, text: str) -> UUID:
    """Read a prefixed id back; refuses ``ids.malformed``."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != 26 or any(letter not in _VALUES for letter in tail):
        raise BAD_ID(text=text, prefix=prefix)
    number = 0
    for letter in tail:
        number = number << 5 | _VALUES[letter]
    if number >= 1 << 128:
        raise BAD_ID(text=text, prefix=prefix)
    return UUID(int=number)


def derived(text: str) -> UUID:
    """The UUIDv8 (RFC 9562 section 5.8) that a natural key always gives: SHA-256, 122 bits of it."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    number = number & ~(0xF << 76) | 0x8 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=number)


def derived_int63(text: str) -> int:
    """A positive 63-bit number that a natural key always gives (ledger accounts; see decision 0003)."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
