"""Own canonical JSON (RFC 8785): one value, one byte string, whatever machine writes it.

Money is ``{"currency", "minor"}``; dates are ISO 8601; decimals and integers beyond 2**53 are strings, because
RFC 8785 numbers are IEEE doubles. A float is refused: it has no place near money.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring  # the C one, which json.dumps itself uses
from operator import attrgetter
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


def written(value: Any) -> str:
    """The RFC 8785 text of ``value``.

    Written in one pass, which no float survives. The strings are those of Python's own encoder, which are the reference
    library's; names sort by code point as they do by UTF-16 unit, which they do below U+10000; a text with a character
    beyond goes to the reference library.
    """
    text = _writer(type(value), _other)(value)
    if not text.isascii() and _BEYOND.search(text):
        return rfc8785.dumps(plain(value)).decode()
    return text


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of ``value``."""
    return written(value).encode()


def _instant(value: datetime) -> str:
    if value.tzinfo is UTC:  # nearly all are: the same, without asking
        return f'"{value.isoformat()[:-6]}Z"'
    return f'"{_scalar(value)}"'


def _integer(value: int) -> str:
    return str(value) if -_SAFE <= value <= _SAFE else f'"{value}"'


def _object(value: dict[Any, Any]) -> str:
    shape = _SHAPES.get(tuple(value))
    if shape is not None:
        template, names = shape
        return template % tuple([_writer(type(item), _other)(item) for item in map(value.__getitem__, names)])
    named = {str(key): item for key, item in value.items()}
    names = sorted(named)
    if len(_SHAPES) < MOST_SHAPES and all(type(key) is str for key in value):
        _SHAPES[tuple(value)] = _template(names), names
    return "{" + ",".join([f"{_string(name)}:{_text(named[name])}" for name in names]) + "}"


MOST_SHAPES = 1_000
_SHAPES: dict[tuple[Any, ...], tuple[str, list[str]]] = {}
"""How an object with these names, in the order in which it holds them, is written: a template, and the names in its order.
A program's objects have some hundred shapes; what comes from outside may have any, and beyond so many they are not kept."""


def _template(names: list[str]) -> str:
    return "{" + ",".join(_string(name).replace("%", "%%") + ":%s" for name in names) + "}"


def _array(value: Sequence[Any]) -> str:
    return "[" + ",".join([_writer(type(item), _other)(item) for item in value]) + "]"


def _text(value: Any) -> str:
    return _writer(type(value), _other)(value)


def _other(value: Any) -> str:
    """A value of a kind that was not met before: a dataclass, whose writer is made now, or something rare."""
    if is_dataclass(value) and not isinstance(value, type):
        _WRITERS[type(value)] = _writer_of(sorted(field.name for field in fields(value)))
        return _text(value)
    simple = _plain(value)
    if isinstance(simple, str):
        return _string(simple)
    return _integer(int(simple)) if isinstance(simple, int) else _text(simple)


def _writer_of(names: list[str]) -> Callable[[Any], str]:
    """What writes a dataclass of these fields, which never change."""
    template = _template(names)
    if len(names) < 2:
        return lambda value: template % tuple([_text(getattr(value, name)) for name in names])
    items = attrgetter(*names)
    return lambda value: template % tuple([_writer(type(item), _other)(item) for item in items(value)])


_string = encode_basestring
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _string,
    int: _integer,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    datetime: _instant,
    date: lambda value: f'"{value.isoformat()}"',
    dict: _object,
    list: _array,
    tuple: _array,
    Verbatim: attrgetter("text"),
}
"""What writes each kind of value; a dataclass's is added when one is met first."""
_writer = _WRITERS.get
_BEYOND = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
"""Characters of two UTF-16 units, and halves of one."""


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).digest()


def readable(value: Any) -> str:
    """Indented JSON for people, same content."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, sort_keys=True)
