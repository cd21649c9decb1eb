"""JSON that two readers could understand in two ways is not read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from farthing.kit.strict_json import DEEPEST, Unreadable, parse

REFUSED = {
    "a name twice": b'{"minor": 1, "minor": 100}',
    "a name twice below": b'{"a": [{"b": 1, "c": 2, "b": 1}]}',
    "a name twice, once escaped": b'{"minor": 1, "m\\u0069nor": 2}',
    "not a number": b'{"a": NaN}',
    "infinity": b"[-Infinity]",
    "NUL": b'{"a": "x\\u0000y"}',
    "NUL in a name": b'{"x\\u0000y": 1}',
    "half a character": b'["\\ud800"]',
    "the other half": b'["\\udc00\\ud800"]',
    "not UTF-8": b'["\xff"]',
    "too deep": b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
    "far too deep": b"[" * 200_000,
    "too long a number": b"1" * 5_000,
    "too long a fraction": b"0." + b"1" * 50,
    "a control character": b'["a\x01"]',
    "nothing": b"",
    "two values": b"1 2",
    "a comma too many": b"[1,]",
    "a byte order mark": b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused(what: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(REFUSED[what])
    assert len(str(caught.value)) < 250


def test_what_is_plain_is_read() -> None:
    read = parse('{"a": [1, -2, true, null, 0.10, "é\\u00e9\\ud83d\\ude00"], "b": {"a": {}}}'.encode())
    assert read == {"a": [1, -2, True, None, Decimal("0.10"), "éé😀"], "b": {"a": {}}}
    assert isinstance(read["a"][4], Decimal)


def test_as_deep_as_it_may_be() -> None:
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)
