"""Own the quick way of handing long lists to PostgreSQL: arrays encoded once, in the binary format.

psycopg's own list dumper looks at every element in Python and costs more than the posting itself.
The format is that of ``array_send``: dimensions, null flag, element type, length, lower bound, then
each element behind its length. Never text.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = struct.Struct(">5i")
_FOUR, _EIGHT = struct.Struct(">ii"), struct.Struct(">iq")
_UNKNOWN = (-1).to_bytes(4, signed=True)
_EPOCH = date(2000, 1, 1).toordinal()
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


class Encoded(bytes):
    """An array in PostgreSQL's binary format; the subclass names the element type."""


class Int8s(Encoded):
    """``bigint[]``."""


class Int4s(Encoded):
    """``integer[]``."""


class Dates(Encoded):
    """``date[]``."""


class Uuids(Encoded):
    """``uuid[]``."""


class Texts(Encoded):
    """``text[]``."""


class Byteas(Encoded):
    """``bytea[]``."""


class Instants(Encoded):
    """``timestamptz[]``."""


_TYPES: dict[type[Encoded], tuple[int, int]] = {
    Int8s: (20, 1016), Int4s: (23, 1007), Dates: (1082, 1182), Uuids: (2950, 2951), Texts: (25, 1009),
    Byteas: (17, 1001), Instants: (1184, 1185),
}  # fmt: skip


def _header(kind: type[Encoded], count: int, nulls: int = 0) -> bytes:
    return _HEADER.pack(1, nulls, _TYPES[kind][0], count, 1)


def _fixed(packed: bytes, width: int) -> bytes:
    """Put each element's length before it, by strides instead of one by one."""
    count = len(packed) // width
    step = width + 4
    out = bytearray(step * count)
    out[3::step] = bytes([width]) * count
    for offset in range(width):
        out[4 + offset :: step] = packed[offset::width]
    return bytes(out)


def _holed(kind: type[Encoded], values: Sequence[int | None], element: struct.Struct) -> bytes:
    """Numbers of which some are unknown: such a one is a length below nothing, and no more."""
    width = element.size - 4
    return _header(kind, len(values), 1) + b"".join(
        [_UNKNOWN if value is None else element.pack(width, value) for value in values]
    )


def int8s(values: Sequence[int | None]) -> Int8s:
    """``bigint[]`` of ``values``."""
    if None in values:
        return Int8s(_holed(Int8s, values, _EIGHT))
    return Int8s(_header(Int8s, len(values)) + _fixed(struct.pack(f">{len(values)}q", *values), 8))


def int4s(values: Sequence[int | None]) -> Int4s:
    """``integer[]`` of ``values``."""
    if None in values:
        return Int4s(_holed(Int4s, values, _FOUR))
    return Int4s(_header(Int4s, len(values)) + _fixed(struct.pack(f">{len(values)}i", *values), 4))


def dates(values: Sequence[date | None]) -> Dates:
    """``date[]`` of ``values``."""
    known = {value: value.toordinal() - _EPOCH for value in set(values) if value is not None}  # few days, many rows
    if None in values:
        return Dates(_holed(Dates, [None if value is None else known[value] for value in values], _FOUR))
    days = [known[value] for value in values if value is not None]
    return Dates(_header(Dates, len(days)) + _fixed(struct.pack(f">{len(days)}i", *days), 4))


def uuids(values: Sequence[bytes]) -> Uuids:
    """``uuid[]`` of 16-byte strings."""
    return Uuids(_header(Uuids, len(values)) + _fixed(b"".join(values), 16))


def texts(values: Sequence[str]) -> Texts:
    """``text[]`` of ``values``; a NUL cannot be stored and must have been refused before."""
    if len(values) > 1 and values.count(values[0]) == len(values):  # a column of one currency, kind or empty memo
        text = values[0].encode()
        return Texts(_header(Texts, len(values)) + (len(text).to_bytes(4, "big") + text) * len(values))
    return Texts(_header(Texts, len(values)) + _varied([value.encode() for value in values]))


def byteas(values: Sequence[bytes]) -> Byteas:
    """``bytea[]`` of ``values``."""
    return Byteas(_header(Byteas, len(values)) + _varied(values))


def instants(values: Sequence[datetime]) -> Instants:
    """``timestamptz[]`` of ``values``."""
    spans = [value - _MIDNIGHT for value in values]
    micros = [(span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds for span in spans]
    return Instants(_header(Instants, len(values)) + _fixed(struct.pack(f">{len(values)}q", *micros), 8))


def _varied(values: Sequence[bytes]) -> bytes:
    parts = [b""] * (2 * len(values))
    parts[0::2] = [len(value).to_bytes(4, "big") for value in values]
    parts[1::2] = values
    return b"".join(parts)


def _register(kind: type[Encoded], array_oid: int) -> None:
    class Binary(Dumper):
        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: Encoded) -> bytes:
            return obj

    psycopg.adapters.register_dumper(kind, Binary)


for _kind, (_, _oid) in _TYPES.items():
    _register(_kind, _oid)
