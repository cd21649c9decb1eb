"""The types of fields: what each lets in, and that its refusal names the field and the bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit.model import RequestDecision
from farthing.kernel.operation import decode
from farthing.kit import inputs
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.money import MAX_MINOR, Money
from farthing.lending.model import Apply

GOOD: list[tuple[Any, Any, Any]] = [
    (inputs.Id, "party_01:中文", "party_01:中文"),
    (inputs.AnyId, "", ""),
    (inputs.Line, "e\u0301 གྲ", "\u00e9 གྲ"),
    (inputs.Note, "two\nlines 😀", "two\nlines 😀"),
    (inputs.Secret, "correct horse \t", "correct horse \t"),
    (inputs.Flag, False, False),
    (inputs.Day, "2024-02-29", date(2024, 2, 29)),
    (inputs.Day, date(2024, 2, 29), date(2024, 2, 29)),
    (inputs.Rate, "-0.0435", Decimal("-0.0435")),
    (inputs.Rate, Decimal("0.1"), Decimal("0.1")),
    (inputs.Instalments, 600, 600),
    (Money, {"minor": -1, "currency": "CNY"}, Money(-1, "CNY")),
    (inputs.Amount, {"minor": inputs.MOST_AMOUNT, "currency": "CNY"}, Money(inputs.MOST_AMOUNT, "CNY")),
]
BAD: list[tuple[Any, Any]] = [
    *((inputs.Id, text) for text in ("", "a\0", "a\nb", "a\u202eb", "a\u200b", "\ud800", "x" * 201, 1, True, b"x", None)),
    *((inputs.Line, text) for text in ("a\nb", "a\u2028b", "\u202ecba", "a\u200bb", "😀", "x" * 201, "\0", "\ud800")),
    *((inputs.Purpose, text) for text in ("x" * 61, "看病」。13. 特别约定「", "医药费。\n\n13. 特别约定")),
    *((inputs.Purpose, f"药费{each}") for each in "「」『』｢｣﹁﹂﹃﹄"),
    *((inputs.Note, text) for text in ("a\0b", "a\u202eb", "\ud800", "x" * 2_001)),
    *((inputs.Secret, text) for text in ("a\0b", "\ud800", "x" * 1_001)),
    *((inputs.Flag, value) for value in (1, 0, "true", "yes", None)),
    *((inputs.Day, value) for value in ("2026-02-30", "20260228", "2026-2-8", 0, 1e9, None, "2026-02-28T00:00:00")),
    *((inputs.Rate, value) for value in (0.1, 1, "NaN", "Infinity", "1e5", "1001", "0." + "1" * 30, True)),
    *((inputs.Instalments, value) for value in (0, 601, -1, 12345678901234567890, "12", 12.0, True, None)),
    *((inputs.Amount, {"minor": minor, "currency": "CNY"}) for minor in (inputs.MOST_AMOUNT + 1, -MAX_MINOR)),
    *((Money, {"minor": minor, "currency": "CNY"})
      for minor in (True, "1", "1_000", " 1 ", 1e2, 1.0, Decimal("1.0000000000000000001"), MAX_MINOR + 1, None)),
    (Money, {"minor": 1, "currency": "CNYCNY"}),
    (Money, {"minor": 1, "currency": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given_value", "read"), GOOD)
def test_what_fits_is_read(kind: Any, given_value: Any, read: Any) -> None:
    assert decode(kind, given_value) == read


@pytest.mark.parametrize(("kind", "given_value"), BAD)
def test_what_does_not_fit_is_malformed(kind: Any, given_value: Any) -> None:
    with pytest.raises(Refusal) as caught:
        decode(kind, given_value)
    assert caught.value.code == "request.malformed"


def test_an_id_that_is_not_given_is_missing() -> None:
    with pytest.raises(Refusal) as caught:
        decode(Apply, {"party_id": "", "product": "p", "amount": Money(1, "CNY"), "instalments": 1, "purpose": "x"})
    assert "party_id is missing" in caught.value.detail and "party_id 未填写" in caught.value.detail_zh


def test_a_refusal_names_the_field_and_the_bound() -> None:
    amount = {"minor": 100_000, "currency": "CNY"}
    asked = {"party_id": "p", "product": "q", "amount": amount, "instalments": 12345678901234567890}
    with pytest.raises(Refusal) as caught:
        decode(RequestDecision, asked)
    assert "instalments must be at most 600" in caught.value.detail
    with pytest.raises(Refusal) as caught:
        decode(Apply, {**asked, "instalments": 6, "purpose": "glasses 👓"})
    assert "purpose 👓 (U+1F453 EYEGLASSES) cannot be printed" in caught.value.detail
    assert "purpose 👓 (U+1F453 EYEGLASSES) 无法印在本行的纸质文件上" in caught.value.detail_zh
    assert "Value error" not in str(caught.value)


@given(st.integers(-MAX_MINOR, MAX_MINOR))
def test_every_amount_is_read_back_from_its_canonical_form(minor: int) -> None:
    amount = Money(minor, "CNY")
    assert decode(Money, plain(amount)) == amount


@dataclass(frozen=True)
class Sent:
    """One line."""

    text: inputs.Line


@given(st.text(max_size=40))
def test_a_line_is_one_line_whatever_comes(text: str) -> None:
    try:
        read = decode(Sent, {"text": text}).text
    except Refusal as refusal:
        assert refusal.code == "request.malformed"
    else:
        assert len(read.splitlines()) <= 1
        assert not set(read) & {"\u202e", "\u2066", "\u200b", "\0", "\ufeff"}
        assert decode(Sent, {"text": read}).text == read
