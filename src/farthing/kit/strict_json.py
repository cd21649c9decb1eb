"""Own the reading of JSON from outside: what two readers could understand in two ways is refused (RFC 8259, I-JSON).

No name twice in an object, no NaN or Infinity, no NUL, no half of a character, nothing deeper than 32. Fractions are
decimals, never floats. The caller bounds the size.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from farthing.kit.errors import Unfit

DEEPEST = 32
LONGEST_NUMBER = 40


class Unreadable(Unfit):
    """Why a text is not the JSON that we read."""


def parse(body: bytes | str) -> Any:
    """The value of a JSON text; raises ``Unreadable``."""
    try:
        text = body if isinstance(body, str) else body.decode()
        value = _DECODER.decode(text)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(f"is nested deeper than {DEEPEST}", f"嵌套超过 {DEEPEST} 层") from None
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8", "不是 UTF-8 编码") from None
    except ValueError as error:
        raise Unreadable(f"is not JSON: {str(error)[:120]}", "不是 JSON") from None
    _shallow(value)
    if "\\u" in text:
        _characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"names {twice[:60]!r} twice in one object", f"同一对象中 {twice[:60]!r} 出现两次")
    return found


def _constant(name: str) -> Any:
    raise Unreadable(f"holds {name}, which is no number of JSON", f"含有 {name}，不是 JSON 数字")


def _fraction(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise Unreadable(
            f"holds a number longer than {LONGEST_NUMBER} characters", f"含有长于 {LONGEST_NUMBER} 个字符的数字"
        )
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
    raise Unreadable(f"is nested deeper than {DEEPEST}", f"嵌套超过 {DEEPEST} 层")


def _characters(value: Any) -> None:
    """Look at every text where some character was escaped: an escape can spell what UTF-8 cannot."""
    if isinstance(value, str):
        if "\0" in value:
            raise Unreadable("holds a text with the character NUL", "文字中含有空字符")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unreadable("holds a text with half of a character (a lone surrogate)", "文字中含有半个字符") from None
    elif isinstance(value, dict):
        for name, item in value.items():
            _characters(name)
            _characters(item)
    elif isinstance(value, list):
        for item in value:
            _characters(item)
