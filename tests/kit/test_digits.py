"""Digits of every script are the same ten."""

from __future__ import annotations

import pytest

from farthing.kit.digits import plain_digits


@pytest.mark.parametrize(
    "typed",
    ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "༠༡༢༣༤༥༦༧༨༩", "᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"],
)
def test_digits_of_any_script(typed: str) -> None:
    assert plain_digits(typed) == "0123456789"


def test_what_is_no_decimal_digit_stays() -> None:
    assert plain_digits("+86 十二 x") == "+86 十二 x"
