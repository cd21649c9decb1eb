"""Refusals of codes that cannot be read."""

from __future__ import annotations

from farthing.payments.codes import merchant_presented as shown
from farthing.payments.codes import payer_presented as payers
from farthing.payments.codes import tlv
from farthing.payments.codes.model import PayerCode
from tests.errors.gallery import reproduces
from tests.payments.codes.test_codes import BEIJING, changed


def _read(before: str, after: str) -> None:
    shown.asked(shown.read(changed(BEIJING, before, after)))


@reproduces("codes.not_text")
def a_code_that_is_no_text() -> None:
    shown.read(b"\xff")


@reproduces("codes.bad_checksum")
def a_code_that_was_changed() -> None:
    shown.read(BEIJING.replace("23.72", "03.72"))


@reproduces("codes.not_objects")
def a_code_that_is_no_row_of_objects() -> None:
    _read("5802CN", "58xxCN")


@reproduces("codes.cut_short")
def a_code_that_ends_too_soon() -> None:
    _read("9132", "9199")


@reproduces("codes.twice")
def a_code_that_says_a_thing_twice() -> None:
    _read("5303156", "53031565303156")


@reproduces("codes.value_length")
def a_code_with_nothing_in_an_object() -> None:
    _read("540523.72", "5400")


@reproduces("codes.not_emv")
def a_code_of_something_else() -> None:
    shown.read(tlv.sealed("0202ab"))


@reproduces("codes.bad_method")
def a_code_that_is_neither_static_nor_dynamic() -> None:
    _read("010212", "010213")


@reproduces("codes.missing")
def a_code_without_a_name() -> None:
    _read("5914BEST TRANSPORT", "")


@reproduces("codes.no_account")
def a_code_without_an_account() -> None:
    shown.read(tlv.sealed("000201"))


@reproduces("codes.bad_value")
def a_code_with_a_currency_in_letters() -> None:
    _read("5303156", "5303CNY")


@reproduces("codes.other_currency")
def a_code_in_riel() -> None:
    _read("5303156", "5303116")


@reproduces("codes.not_payers")
def a_payers_code_of_another_house() -> None:
    payers.read("hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ==")


@reproduces("codes.bad_token")
def a_payers_code_with_nothing_in_it() -> None:
    payers.write(PayerCode(b""))


@reproduces("codes.bad_account")
def an_account_that_no_code_carries() -> None:
    shown.account("52=4111")


@reproduces("codes.bad_hex")
def a_token_that_is_no_hexadecimal() -> None:
    payers.of_hex("farthing")
