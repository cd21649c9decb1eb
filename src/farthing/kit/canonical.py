"""Own canonical JSON (RFC 8785): one value, one byte string, whatever machine writes it.

Money is ``{"currency", "minor"}``; dates are ISO 8601; decimals and integers beyond 2**53 are strings, because
RFC 8785 numbers are IEEE doubles. A float is refused: it has no place near money.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785

from farthing.kit.errors import InvariantBroken

_SAFE = 2**53 - 1


class Verbatim:
    """Canonical JSON that whoever knows its shape has made already: a leaf takes the text over as it is."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def plain(value: Any) -> Any:
    """Turn dataclasses, money, dates, ids and decimals into plain JSON values."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if -_SAFE <= value <= _SAFE else str(value)
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [plain(item) for item in value]
    names = _NAMES.get(kind)
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    return _plain(value)


_NAMES: dict[type, tuple[str, ...]] = {}
"""The fields of each dataclass met so far; its fields never change."""


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return value if -_SAFE <= value <= _SAFE else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    if isinstance(value, Verbatim):
        return json.loads(value.text)
    if is_dataclass(value) and not isinstance(value, type):
        _NAMES[type(value)] = tuple(field.name for field in fields(value))
        return plain(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, datetime):
        whole = value if value.tzinfo is None else value.astimezone(UTC)
        return whole.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise InvariantBroken(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of ``value``.

    Python's own encoder writes the same bytes where no float occurs (``plain`` lets none through) and names sort by
    code point as they do by UTF-16 unit, which they do below U+10000; anything else goes to the reference library.
    """
    simple = plain(value)
    text = _ENCODER.encode(simple)
    return rfc8785.dumps(simple) if _BEYOND.search(text) else text.encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_BEYOND = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
"""Characters of two UTF-16 units, and halves of one."""


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).digest()


def readable(value: Any) -> str:
    """Indented JSON for people, same content."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, sort_keys=True)
