"""Own whole-number noise: the discrete Laplace distribution, drawn exactly (Canonne, Kamath, Steinke 2020, algorithms 1 and 2).

No float anywhere: a probability is a fraction, and chance is a stream of bits that HMAC-SHA-256 makes of a secret and a question.
The same question has the same noise, so that asking twice teaches nothing. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from fractions import Fraction

from farthing.kit.canonical import canonical


class Stream:
    """Bits for one question, always the same ones."""

    def __init__(self, secret: bytes, question: object) -> None:
        self._key = hmac.new(secret, canonical(question), hashlib.sha256).digest()
        self._block, self._bits, self._left = 0, 0, 0

    def below(self, limit: int) -> int:
        """A whole number from nought to below ``limit``, each as likely: of too large a draw the next is taken."""
        wanted = (limit - 1).bit_length()
        while True:
            drawn = self._take(wanted)
            if drawn < limit:
                return drawn

    def _take(self, bits: int) -> int:
        while self._left < bits:
            block = hmac.new(self._key, self._block.to_bytes(8, "big"), hashlib.sha256).digest()
            self._bits = self._bits << 256 | int.from_bytes(block, "big")
            self._left, self._block = self._left + 256, self._block + 1
        self._left -= bits
        drawn, self._bits = self._bits >> self._left, self._bits & ((1 << self._left) - 1)
        return drawn


def discrete_laplace(scale: Fraction, stream: Stream) -> int:
    """A whole number z with a probability in proportion to exp(-|z| / scale), exactly."""
    above, below = scale.numerator, scale.denominator
    while True:
        start = stream.below(above)
        if not _happens(Fraction(start, above), stream):
            continue
        whole = 0
        while _happens(Fraction(1), stream):
            whole += 1
        size = (start + above * whole) // below
        negative = stream.below(2) == 1
        if not (negative and size == 0):
            return -size if negative else size


def _happens(exponent: Fraction, stream: Stream) -> bool:
    """True with probability exp(-exponent), for an exponent from 0 to 1."""
    number = 1
    while stream.below(exponent.denominator * number) < exponent.numerator:
        number += 1
    return number % 2 == 1
