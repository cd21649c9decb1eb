"""Messages between banks about one payment: read as they were written, and refused where their schema or our rules say so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments.iso20022 import payment_messages as messages
from farthing.payments.iso20022 import payment_writer as writer
from farthing.payments.iso20022.payment_messages import Arrived, Ask, Order, Returned, Status
from farthing.payments.life.names import end_to_end_id_of, payment_id_of, uetr_of
from tests.laws import examples

AT, ON = datetime(2026, 6, 10, 9, tzinfo=UTC), date(2026, 6, 10)
OURS = "rail_01ktqgpmk6fdwr1epb4442y6j3"
ID, UETR = end_to_end_id_of(OURS), uetr_of(OURS)
ORDER = Order(ID, UETR, "out", Money(12_345, "CNY"), "王秀兰", "6222021234567890123", ON)
ALL = [
    (writer.order, ORDER, messages.CREDIT),
    (writer.order, Order(ID, UETR, "in", Money(1, "JPY"), "Ann", "622202123456", ON), messages.COLLECTION),
    (writer.status, Status(ID, UETR, "RJCT", "R1", "AC04", "closed in May"), messages.STATUS),
    (writer.inquiry, Ask(ID, UETR), messages.INQUIRY),
    (writer.recall, Ask(ID, UETR, "DUPL"), messages.RECALL),
    (writer.resolution, Status(ID, UETR, "RJCR", reason_code="NOAS"), messages.RESOLUTION),
    (writer.returned, Returned("N1", ID, UETR, Money(100, "CNY"), Money(5, "CNY"), "AC04", ON), messages.RETURN),
    (writer.arrived, Arrived("N2", Money(7, "CNY"), "六月房租", "622202", ON), messages.ARRIVAL),
]


@pytest.mark.parametrize(("write", "told", "name"), ALL, ids=[name for _, _, name in ALL])
def test_a_message_is_read_as_it_was_written(write, told, name) -> None:  # type: ignore[no-untyped-def]
    content = write(told, AT)
    assert messages.read(content, name) == told and write(told, AT) == content
    with pytest.raises(Refusal) as caught:
        messages.read(content, messages.STATUS if name != messages.STATUS else messages.RETURN)
    assert caught.value.code == "iso20022.other_message"


BROKEN = [
    (b">1</NbOfTxs>", b">2</NbOfTxs>", "iso20022.wrong_count"),
    (b">123.45</CtrlSum>", b">123.46</CtrlSum>", "iso20022.wrong_sum"),
    (b'Ccy="CNY">123.45<', b'Ccy="CNY">123.455<', "iso20022.too_many_decimals"),
    (b'Ccy="CNY">123.45<', b'Ccy="JPY">123.45<', "iso20022.too_many_decimals"),
    (b'Ccy="CNY">', b'Ccy="ZZZ">', "iso20022.unknown_currency"),
    (b'Ccy="CNY">123.45<', b'Ccy="CNY">-123.45<', "iso20022.invalid"),
    (UETR.encode(), UETR.upper().encode(), "iso20022.bad_uetr"),
    (ID.encode() + b"</EndToEndId>", "结算</EndToEndId>".encode(), "iso20022.bad_identifier"),
    (b"<ChrgBr>SLEV</ChrgBr>", b"", "iso20022.invalid"),
    (b"<FIToFICstmrCdtTrf>", b"<!DOCTYPE a><FIToFICstmrCdtTrf>", "iso20022.unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "code"), BROKEN, ids=[code for _, _, code in BROKEN])
def test_what_cannot_be_is_refused_though_its_schema_may_take_it(was: bytes, now: bytes, code: str) -> None:
    content = writer.order(ORDER, AT)
    assert was in content
    with pytest.raises(Refusal) as caught:
        messages.read(content.replace(was, now), messages.CREDIT)
    assert caught.value.code.startswith("iso20022.") and (caught.value.code == code or b"DOCTYPE" in now)


def test_a_second_payment_in_a_message_is_refused() -> None:
    content = writer.order(ORDER, AT)
    begin, end = content.index(b"<CdtTrfTxInf>"), content.index(b"</CdtTrfTxInf>") + len(b"</CdtTrfTxInf>")
    with pytest.raises(Refusal) as caught:
        messages.read(content[:end] + content[begin:end] + content[end:], messages.CREDIT)
    assert caught.value.code == "iso20022.wrong_count"


@examples(60)
@given(st.integers(1, 10**12), st.sampled_from(["CNY", "EUR", "JPY", "KWD"]), st.text("王abc ÄÖ&<>'\"", max_size=40))
def test_amounts_of_every_exponent_and_names_of_any_script_come_through(minor: int, currency: str, name: str) -> None:
    told = Order(ID, UETR, "out", Money(minor, currency), name, "6222021234567890123", ON)
    found = messages.read(writer.order(told, AT), messages.CREDIT)
    assert isinstance(found, Order) and found.amount == told.amount
    assert found.holder == (name.strip() or "NOTPROVIDED") or name != name.strip()


def test_our_id_is_found_again_in_the_one_that_banks_take() -> None:
    assert "_" not in ID and payment_id_of(ID) == OURS
