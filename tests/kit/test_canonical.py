"""One value, one byte string."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.canonical import Verbatim, canonical, digest, plain, readable, written
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Colour(Enum):
    """An enumeration, to be written by its value."""

    RED = "red"


@dataclass(frozen=True)
class Bought:
    """One of everything a command may hold."""

    item: str
    price: Money
    on: date
    at: datetime
    rate: Decimal
    id: UUID
    tags: frozenset[str]
    colour: Colour


BOUGHT = Bought(
    "米", Money(1250, "CNY"), date(2026, 1, 2), datetime(2026, 1, 2, 3, tzinfo=UTC), Decimal("0.0175"), UUID(int=1),
    frozenset({"b", "a"}), Colour.RED,
)  # fmt: skip


def test_every_kind_of_field_has_one_form() -> None:
    assert canonical(BOUGHT).decode() == (
        '{"at":"2026-01-02T03:00:00Z","colour":"red","id":"00000000-0000-0000-0000-000000000001","item":"米",'
        '"on":"2026-01-02","price":{"currency":"CNY","minor":1250},"rate":"0.0175","tags":["a","b"]}'
    )
    assert json.loads(readable(BOUGHT)) == json.loads(canonical(BOUGHT))


@given(values)
def test_plain_is_settled_after_one_pass(value: object) -> None:
    assert plain(plain(value)) == plain(value)
    assert canonical(plain(value)) == canonical(value)


@given(values)
def test_what_is_written_is_what_the_reference_library_writes(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(plain(value))
    assert canonical({"a": Verbatim(written(value))}) == rfc8785.dumps(plain({"a": value}))


def test_a_dataclass_is_written_as_its_plain_values_are() -> None:
    class Word(str):
        """A text of a kind of its own."""

    for value in (
        BOUGHT,
        {"goods": (BOUGHT, [BOUGHT]), 3: Word("é\x7f\u2028\n")},
        Bought("\U0001f33e", *_rest(BOUGHT)),
    ):
        assert canonical(value) == rfc8785.dumps(plain(value))


def _rest(bought: Bought) -> tuple[Any, ...]:
    return tuple(getattr(bought, each.name) for each in fields(bought)[1:])


@given(st.dictionaries(st.text(), st.integers(0, 100), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(value) == canonical(turned)
    assert digest(value) == digest(turned)


def test_an_object_is_written_the_same_the_first_time_and_again() -> None:
    for _ in range(2):
        assert written({"b%s": 1, "a": {"x": [1, 2]}, "ä": "%"}) == '{"a":{"x":[1,2]},"b%s":1,"ä":"%"}'
        assert written({"a": {"x": []}, "ä": None, "b%s": True}) == '{"a":{"x":[]},"b%s":true,"ä":null}'
        assert written({1: 2, "1": 3}) == written({"1": 3}) == '{"1":3}'


def test_one_instant_has_one_form() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert canonical(datetime(2026, 1, 1, 8, tzinfo=shanghai)) == canonical(datetime(2026, 1, 1, tzinfo=UTC))


def test_whole_numbers_beyond_a_double_are_text() -> None:
    assert canonical([2**53 - 1, 2**53, -(2**62)]) == b'[9007199254740991,"9007199254740992","-4611686018427387904"]'


@pytest.mark.parametrize("value", [0.1, object(), {"nested": [1.5]}])
def test_what_has_no_exact_form_is_our_bug(value: object) -> None:
    with pytest.raises(InvariantBroken):
        canonical(value)
