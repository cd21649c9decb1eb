"""Codes that people pay by: the published samples, every change of one bit, each fault by its own code, and the round trip."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import EXPONENTS, Money
from farthing.payments.codes import merchant_presented as shown
from farthing.payments.codes import payer_presented as payers
from farthing.payments.codes import tlv
from farthing.payments.codes.model import Local, MerchantCode, PayerCode

BEIJING = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING"
    "64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA"
    "62070503***63041D3D"
)
KHQR = (
    "00020101021252044131153137210116372101160123456789ABCDE6016Banteay Meanchey5913Kuntheas Shop5802KH540510.005303840"
    "621201081234567863041FF2"
)
PAYER = payers.write(PayerCode(b"0123456789abcdef"))


def refused(read: Callable[[str | bytes], object], source: str | bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read(source)
    return caught.value.code


def changed(text: str, before: str, after: str) -> str:
    """A code with other words and the right checksum."""
    assert before in text
    return tlv.sealed(text[:-8].replace(before, after, 1))


def test_the_checksum_is_that_of_the_catalogue() -> None:
    assert tlv.checksum(b"123456789") == "29B1"


def test_a_leading_nought_of_a_checksum_is_kept() -> None:
    found = next(text for text in (f"00{n:02}" for n in range(10_000)) if tlv.checksum(text.encode()).startswith("0"))
    assert len(tlv.checksum(found.encode())) == 4


def test_the_sample_of_the_standard_is_read_whole() -> None:
    code = shown.read(BEIJING)
    assert code == MerchantCode(
        True, (("29", "0012D156000000000510A93FO3230Q"), ("31", "0012D15600000001030812345678")), "4111", "156", "CN",
        "BEST TRANSPORT", "BEIJING", "23.72", (("03", "1234"), ("06", "***"), ("07", "A6008667"), ("09", "ME")),
        Local("ZH", "最佳运输", "北京"), (("55", "01"), ("91", "0016A011223344998877070812345678")),
    )  # fmt: skip
    assert shown.asked(code) == Money(2372, "CNY")
    assert dict(tlv.objects(code.accounts[1][1])) == {"00": "D15600000001", "03": "12345678"}
    assert shown.read(shown.write(code)) == code


def test_the_samples_of_brazil_and_cambodia_are_read() -> None:
    pix = shown.read(PIX)
    assert (pix.dynamic, pix.name, pix.city, shown.asked(pix)) == (False, "Fulano de Tal", "BRASILIA", None)
    assert dict(tlv.objects(pix.accounts[0][1]))["01"] == "123e4567-e12b-12d1-a456-426655440000"


FROM_REPORTS = [
    ("000201010211021340458756874590415532631115550994520462535303936"
     "5802GH5915MAXMART LIMITED6005ACCRA62240708620037450308620037456304C913", "MAXMART LIMITED"),
    ("00020101021115312031041800520446JDBMSZZXE44BFS038680016A00526628466257701083217041802030020325mchVKyozC3MbjS51h67qal4Os"
     "5204581253034185802LA5915JDBMSZZXE44BFS06009Vientiane63043F88", "JDBMSZZXE44BFS0"),
    ("0002010102110216429975000027082904150000000000013412876003231036b0edd21412ebb229b0a2448f56a0108ALFHPKKA0224PK03ALFH0011"
     "0010091230165204541153035865802PK5909SATRADERS6007Karachi6304E067", "SATRADERS"),
]  # fmt: skip
"""Codes that shops show and other readers break at: accounts of cards (02 to 25) are no templates."""


@pytest.mark.parametrize(("text", "name"), FROM_REPORTS)
def test_codes_that_other_readers_break_at_are_read(text: str, name: str) -> None:
    assert shown.read(text).name == name


def test_a_city_that_is_too_long_is_refused_though_others_publish_it() -> None:
    assert tlv.unsealed(KHQR), "its checksum is right"
    assert refused(shown.read, KHQR) == "codes.bad_value"
    assert shown.read(changed(KHQR, "6016Banteay Meanchey", "6007Banteay")).amount == "10.00"


@pytest.mark.parametrize("text", [BEIJING, PIX], ids=["Beijing", "Pix"])
def test_every_change_of_one_bit_is_refused(text: str) -> None:
    whole = text.encode()
    for bit in range(len(whole) * 8):
        other = bytearray(whole)
        other[bit // 8] ^= 1 << bit % 8
        assert refused(shown.read, bytes(other)) in ("codes.bad_checksum", "codes.not_text")


def test_every_change_of_one_bit_of_a_payers_code_is_refused() -> None:
    whole = PAYER.encode()
    for bit in range(len(whole) * 8):
        other = bytearray(whole)
        other[bit // 8] ^= 1 << bit % 8
        assert refused(payers.read, bytes(other)) in ("codes.bad_checksum", "codes.not_payers")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("000201", "000202", "codes.not_emv"),
        ("010212", "010213", "codes.bad_method"),
        ("29300012D156000000000510A93FO3230Q31280012D15600000001030812345678", "", "codes.no_account"),
        ("0012D15600000000", "0099D15600000000", "codes.cut_short"),
        ("52044111", "", "codes.missing"),
        ("52044111", "5204411A", "codes.bad_value"),
        ("5303156", "5303CNY", "codes.bad_value"),
        ("540523.72", "540523,72", "codes.bad_value"),
        ("540523.72", "5405-3.72", "codes.bad_value"),
        ("540523.72", "5400", "codes.value_length"),
        ("5802CN", "5802cn", "codes.bad_value"),
        ("5914BEST TRANSPORT", "5926BEST TRANSPORT OF THE NORT", "codes.bad_value"),
        ("6007BEIJING", "6016BEIJING AND NORT", "codes.bad_value"),
        ("0104最佳运输", "0112最佳运输", "codes.cut_short"),
        ("0002ZH", "0002中文", "codes.bad_value"),
        ("550201", "550201550201", "codes.twice"),
        ("5802CN", "58二CN", "codes.not_objects"),
        ("9132", "9x32", "codes.not_objects"),
    ],
)  # fmt: skip
def test_each_fault_has_its_own_code(before: str, after: str, code: str) -> None:
    assert refused(shown.read, changed(BEIJING, before, after)) == code


def test_a_checksum_that_is_missing_short_or_small_is_wrong() -> None:
    for text in ("", "6304", BEIJING[:-8], BEIJING[:-1], BEIJING[:-4] + "a13a", BEIJING + "6304A13A"):
        assert refused(shown.read, text) == "codes.bad_checksum"


def test_what_is_longer_than_any_code_or_no_text_is_not_read() -> None:
    assert refused(shown.read, "0" * 513) == refused(shown.read, b"\xff\xfe") == "codes.not_text"
    assert refused(shown.read, "\ud800") == "codes.not_text"
    assert refused(payers.read, "A" * 516) == "codes.not_text"


def test_an_amount_of_a_currency_that_is_not_kept_is_not_told() -> None:
    assert (
        refused(lambda text: shown.asked(shown.read(text)), changed(BEIJING, "5303156", "5303116"))
        == "codes.other_currency"
    )
    assert (
        refused(lambda text: shown.asked(shown.read(text)), changed(BEIJING, "540523.72", "540623.725"))
        == "money.too_many_decimals"
    )


def test_what_a_payer_shows_is_of_this_house() -> None:
    for text in ("", "=", "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ==", PAYER[:-4], PAYER + "AAAA", "付款码"):
        assert refused(payers.read, text) in ("codes.not_payers", "codes.bad_checksum")
    for token in (b"", b"x" * 65):
        assert refused(lambda _, token=token: payers.write(PayerCode(token)), "") == "codes.bad_token"  # type: ignore[misc]


def test_every_currency_of_the_house_has_its_number() -> None:
    assert shown.NUMBERS.keys() == EXPONENTS.keys() and len(set(shown.NUMBERS.values())) == len(EXPONENTS)


TEXT = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"))
FIELD = st.tuples(st.integers(1, 79).map(lambda n: f"{n:02}"), st.text(TEXT, min_size=1, max_size=12))
CODES = st.builds(
    MerchantCode,
    st.booleans(),
    st.lists(FIELD, min_size=1, max_size=3, unique_by=lambda each: each[0]).map(
        lambda some: (("26", tlv.written(sorted(some))),)
    ),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.from_regex(r"[A-Z]{2}", fullmatch=True),
    st.text(TEXT, min_size=1, max_size=25),
    st.text(TEXT, min_size=1, max_size=15),
    st.sampled_from(["", "1", "0.01", "23.72", "1234567890.50"]),
    st.lists(FIELD, max_size=3, unique_by=lambda each: each[0]).map(tuple),
    st.none() | st.builds(Local, st.just("ZH"), st.text(TEXT, min_size=1, max_size=25), st.text(TEXT, max_size=15)),
    st.sampled_from([(), (("55", "01"),), (("55", "01"), ("91", "0001x"))]),
)


@given(CODES)
def test_a_code_that_was_written_is_read_the_same(code: MerchantCode) -> None:
    text = shown.write(code)
    assert shown.read(text) == shown.read(text.encode()) == code


@given(CODES, st.data())
def test_no_code_has_a_bit_that_changes_unseen(code: MerchantCode, data: st.DataObject) -> None:
    whole = bytearray(shown.write(code).encode())
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    assert refused(shown.read, bytes(whole)) in ("codes.bad_checksum", "codes.not_text")


@given(st.binary(min_size=1, max_size=64))
def test_a_payers_code_is_read_as_it_was_written(token: bytes) -> None:
    assert payers.read(payers.write(PayerCode(token))) == PayerCode(token)


@given(st.text(max_size=60))
def test_whatever_is_read_is_a_code_or_a_refusal(text: str) -> None:
    for read in (shown.read, payers.read):
        try:
            read(tlv.sealed(text[:40]) if read is shown.read else text)
        except Refusal as refusal:
            assert refusal.code.startswith("codes.")


@given(st.integers(0, 10**12), st.sampled_from(sorted(EXPONENTS)))
def test_an_amount_is_read_as_it_was_written(minor: int, currency: str) -> None:
    text, number = shown.amount_of(Money(minor, currency))
    if len(text) <= 13:
        code = MerchantCode(True, (("02", "x"),), "0000", number, "CN", "n", "c", text)
        assert shown.asked(shown.read(shown.write(code))) == Money(minor, currency)
