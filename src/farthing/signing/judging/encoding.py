"""Own the encoding of a signature's container: how long it is, and the one way in which a reader could have written it.

BER with indefinite or needlessly long lengths is what some makers write; ``definite`` writes the same in DER's way. Never trusts
a length, and goes no deeper than a container is deep.
"""

from __future__ import annotations

DEEPEST = 48
SEQUENCE, SET, OCTETS, INTEGER, OID, NULL, BITS = 0x30, 0x31, 0x04, 0x02, 0x06, b"\x05\x00", 0x03
_CONSTRUCTED, _INDEFINITE, _END = 0x20, 0x80, b"\x00\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element in DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def head(raw: bytes, at: int, limit: int) -> tuple[int, int, int | None]:
    """Tag, where the content begins, and where it ends; no end where the length is indefinite."""
    if at + 2 > limit or raw[at] & 0x1F == 0x1F:
        raise ValueError("no element")
    tag, length, content = raw[at], raw[at + 1], at + 2
    if length == _INDEFINITE:
        if not tag & _CONSTRUCTED:
            raise ValueError("an indefinite length of what has no parts")
        return tag, content, None
    if length & 0x80:
        count = length & 0x7F
        size = int.from_bytes(raw[content : content + count], "big")
        if not 1 <= count <= 4 or content + count > limit:
            raise ValueError("a length that cannot be")
        length, content = size, content + count
    if content + length > limit:
        raise ValueError("an element that is cut short")
    return tag, content, content + length


def definite(raw: bytes, at: int = 0, limit: int | None = None, depth: int = 0) -> tuple[bytes, int]:
    """The element at ``at`` with definite lengths, and where it ended as it was written."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    limit = len(raw) if limit is None else limit
    tag, content, end = head(raw, at, limit)
    if not tag & _CONSTRUCTED:
        assert end is not None
        return raw[at:end], end
    parts = []
    while (content < end) if end is not None else (raw[content : content + 2] != _END):
        part, content = definite(raw, content, end if end is not None else limit, depth + 1)
        parts.append(part)
    written = tlv(tag, *parts)
    if tag == OCTETS | _CONSTRUCTED:  # a string in pieces, as BER allows
        written = tlv(OCTETS, *(part[head(part, 0, len(part))[1] :] for part in parts))
    return written, content if end is not None else content + 2


def children(raw: bytes) -> list[bytes]:
    """The elements within one element that is written with definite lengths."""
    _, at, end = head(raw, 0, len(raw))
    assert end is not None
    found = []
    while at < end:
        _, _, stop = head(raw, at, end)
        if stop is None:
            raise ValueError("an indefinite length")
        found.append(raw[at:stop])
        at = stop
    return found


def value(raw: bytes) -> bytes:
    """The content of one element."""
    return raw[head(raw, 0, len(raw))[1] :]
