"""Own how the zip is read: as a package is written, byte for byte, and no other way.

A zip can say one thing to one program and another to the next: bytes before, between and after the members, two lists of
names, names that climb out of a folder. So nothing is searched for here. The file is walked from its first byte to its
last, and every byte outside the members' own content must be the one that a package has there.
"""

from __future__ import annotations

import re
import struct
import zlib

LARGEST = 200 * 1024 * 1024
MOST_MEMBERS = 10_000
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DAY = 33  # 1980-01-01
_FILE = 0o100644 << 16
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")


def members(raw: bytes) -> dict[str, bytes]:
    """The members of a package by name; ValueError for whatever is not written as a package is."""
    found: dict[str, bytes] = {}
    central = b""
    at = 0
    while raw[at : at + 4] == b"PK\x03\x04":
        name, crc, packed, size, start = _head(raw, at)
        if len(found) >= MOST_MEMBERS or size + sum(map(len, found.values())) > LARGEST:
            raise ValueError("it is larger than a package may be")
        content = _unpacked(raw[start : start + packed], size, name)
        if len(raw) < start + packed or zlib.crc32(content) != crc:
            raise ValueError(f"{name} is torn")
        if any(known.casefold() == name.casefold() for known in found):
            raise ValueError(f"two members are called {name}")
        found[name] = content
        central += _CENTRAL.pack(
            b"PK\x01\x02", 20 | 3 << 8, 20, 0, 8, 0, _DAY, crc, packed, size, len(name), 0, 0, 0, 0, _FILE, at
        ) + name.encode("ascii")
        at = start + packed
    end = _END.pack(b"PK\x05\x06", 0, 0, len(found), len(found), len(central), at, 0)
    if not found or raw[at:] != central + end:
        raise ValueError("it is not written as a package is: use the file as it was handed over, not packed again")
    if list(found) != sorted(found):
        raise ValueError("its members are not in order")
    return found


def _head(raw: bytes, at: int) -> tuple[str, int, int, int, int]:
    """A member's local header: name, CRC, packed and full size, and where its bytes begin."""
    fields = _LOCAL.unpack_from(raw, at)
    crc, packed, size, length = fields[6:10]
    start = at + _LOCAL.size + length
    name = raw[at + _LOCAL.size : start].decode("ascii")
    if fields[1:6] != (20, 0, 8, 0, _DAY) or fields[10] != 0:
        raise ValueError(f"the header of {name!r} is not a package's")
    if _NAME.fullmatch(name) is None or len(name) > 200:
        raise ValueError(f"{name!r} is not a name that a package gives")
    return name, crc, packed, size, start


def _unpacked(raw: bytes, size: int, name: str) -> bytes:
    """Exactly ``size`` bytes out of one deflate stream that ends where its bytes end."""
    stream = zlib.decompressobj(-15)
    content = stream.decompress(raw, size + 1) if size <= LARGEST else b""
    if len(content) != size or not stream.eof or stream.unused_data:
        raise ValueError(f"{name} is torn")
    return content
