"""Own where a signature stands in the file: its byte range, and the gap that may hold nothing but its own hexadecimal.

ISO 32000-2 section 12.8.1. A reader that is content with less than this can be shown a file in which other bytes lie in the gap
or after it. Never parses a PDF object: what it is handed are numbers and bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from farthing.signing.judging.encoding import definite

_UPPER, _LOWER = re.compile(rb"[0-9A-F]*"), re.compile(rb"[0-9a-f]*")
_ANY = re.compile(rb"[0-9A-Fa-f\s\x00]*")
_KEY = re.compile(rb"/Contents[\s\x00]*\Z")
_SPACES = re.compile(rb"[\s\x00]*")
_KEY_ROOM = 64


class Misplaced(Exception):
    """A signature that does not stand as one must; ``code`` is the reason's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Placed:
    """A signature in its file: the gap, where coverage begins and ends, its container as it is written, and what is odd of it."""

    start: int
    gap: tuple[int, int]
    end: int
    raw: bytes
    odd: tuple[str, ...]

    def hashed(self, pdf: bytes, algorithm: str) -> bytes:
        """The digest of the bytes that it covers."""
        made = hashlib.new(algorithm, usedforsecurity=False)
        view = memoryview(pdf)
        made.update(view[self.start : self.gap[0]])
        made.update(view[self.gap[1] : self.end])
        return made.digest()

    def covered(self, pdf: bytes) -> bytes:
        """The bytes that it covers, for a signature that is over them and not over their digest."""
        return pdf[self.start : self.gap[0]] + pdf[self.gap[1] : self.end]


def place(pdf: bytes, given: Sequence[Any], written: bytes) -> Placed:
    """Where a signature stands whose dictionary says the range ``given`` and whose ``/Contents`` reads ``written``.

    Raises :class:`Misplaced` for what no untouched signature is; what is merely not as it should be is in ``odd``.
    """
    if len(given) != 4 or any(isinstance(each, bool) or not isinstance(each, int) for each in given):
        raise Misplaced("byte_range_malformed")
    start, first, second, rest = given
    if start < 0 or first <= 0 or rest <= 0 or second <= start + first:
        raise Misplaced("byte_range_malformed")
    gap, end = (start + first, second), second + rest
    if end > len(pdf):
        raise Misplaced("cut_short")
    odd = [] if start == 0 else ["start_not_covered"]
    held = pdf[gap[0] : gap[1]]
    if held[:1] == b"<" and held[-1:] == b">":
        inner, before = held[1:-1], gap[0]
    elif pdf[gap[0] - 1 : gap[0]] == b"<" and pdf[gap[1] : gap[1] + 1] == b">":
        inner, before = held, gap[0] - 1
    else:
        inner, before = _within(held, gap[0], odd)
    if _KEY.search(pdf[max(0, before - _KEY_ROOM) : before]) is None and "uncovered_within" not in odd:
        raise Misplaced("contents_elsewhere")
    raw = _bytes(inner, odd)
    if raw != written:
        raise Misplaced("contents_elsewhere")
    return Placed(start, gap, end, container(raw, odd), tuple(odd))


def _within(held: bytes, at: int, odd: list[str]) -> tuple[bytes, int]:
    """The hexadecimal in a gap that holds more than it; what else is there is covered by nobody."""
    first, last = held.find(b"<"), held.find(b">")
    if first < 0 or last < first:
        raise Misplaced("contents_elsewhere")
    around = held[:first] + held[last + 1 :]
    odd.append("spaces_within" if _SPACES.fullmatch(around) else "uncovered_within")
    if b"/Contents" in held[:first]:
        odd.append("uncovered_within")
    return held[first + 1 : last], at + first


def _bytes(inner: bytes, odd: list[str]) -> bytes:
    if _UPPER.fullmatch(inner) is None and _LOWER.fullmatch(inner) is None:
        if _ANY.fullmatch(inner) is None:
            raise Misplaced("contents_elsewhere")
        odd.append("hexadecimal_mixed")
        inner = bytes(each for each in inner if each not in b" \t\r\n\f\v\x00")
    if len(inner) % 2:
        odd.append("hexadecimal_mixed")
        inner += b"0"
    return bytes.fromhex(inner.decode("ascii"))


def container(raw: bytes, odd: list[str]) -> bytes:
    """The container alone, of what is zero-padded; what else follows it inside its hexadecimal is odd."""
    if not raw.strip(b"\x00"):
        raise Misplaced("contents_empty")
    try:
        _, end = definite(raw)
    except ValueError:
        raise Misplaced("container_unreadable") from None
    if raw[end:].strip(b"\x00"):
        odd.append("container_followed")
    return raw[:end]
