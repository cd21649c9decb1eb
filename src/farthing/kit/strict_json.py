"""Own the reading of JSON from outside: what two readers could understand in two ways is refused (RFC 8259, I-JSON).

No name twice in an object, no NaN or Infinity, no NUL, no half of a character, nothing deeper than 32. Fractions are
decimals, never floats. The caller bounds the size.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

DEEPEST = 32
LONGEST_NUMBER = 40


class Unreadable(ValueError):
    """Why a text is not the JSON that we read."""


def parse(body: bytes | str) -> Any:
    """The value of a JSON text; raises ``Unreadable``."""
    try:
        text = body if isinstance(body, str) else body.decode()
        value = _DECODER.decode(text)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {DEEPEST}") from None
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8") from None
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {str(error)[:120]}") from None
    _shallow(value)
    if "\\u" in text:
        _characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"the name {twice[:60]!r} stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise Unreadable(f"{name} is not a number of JSON")


def _fraction(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise Unreadable(f"a number is longer than {LONGEST_NUMBER} characters")
    return Decimal(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_fraction)


def _shallow(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for each in level:
            if type(each) is dict:
                below.extend(each.values())
            elif type(each) is list:
                below.extend(each)
        if not below:
            return
        level = below
    raise Unreadable(f"it is nested deeper than {DEEPEST}")


def _characters(value: Any) -> None:
    """Look at every text where some character was escaped: an escape can spell what UTF-8 cannot."""
    if isinstance(value, str):
        if "\0" in value:
            raise Unreadable("a text holds the character NUL")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unreadable("a text holds half of a character (a lone surrogate)") from None
    elif isinstance(value, dict):
        for name, item in value.items():
            _characters(name)
            _characters(item)
    elif isinstance(value, list):
        for item in value:
            _characters(item)
