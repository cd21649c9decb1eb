"""Invoice files: each known format says the same, and whatever is not exactly that is refused by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.supply.invoices import reading
from farthing.town.supply import paper
from farthing.town.supply.paper import Paper
from tests.parties.people import credit_code

SELLER, BUYER = credit_code("500012345"), credit_code("500022345")
PAPER = Paper(
    SELLER,
    "巧手缆绳社",
    BUYER,
    "东方造船厂",
    "26317000000000012345",
    date(2026, 6, 1),
    Money(1_234_567, "CNY"),
    date(2026, 9, 1),
)
WRITERS = {"ubl": paper.ubl, "cii": paper.cii, "cn": paper.chinese}


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        reading.read(content)
    return caught.value.code


def test_each_format_is_the_same_invoice() -> None:
    found = {name: reading.read(write(PAPER)) for name, write in WRITERS.items()}
    assert {each.id for each in found.values()} == {found["ubl"].id}
    for name, each in found.items():
        assert (each.format, each.seller, each.buyer, each.number, each.amount, each.issued_on) == (
            name, SELLER, BUYER, PAPER.number, PAPER.amount, PAPER.issued_on
        )  # fmt: skip
    assert (found["ubl"].due_on, found["cii"].due_on, found["cn"].due_on) == (PAPER.due_on, PAPER.due_on, None)
    assert (
        reading.read(paper.ubl(PAPER).replace(b"26317000000000012345", b"2631700 0000000012345")).id == found["ubl"].id
    )


def test_a_number_that_looks_like_another_is_that_one_or_none() -> None:
    numbered = replace(PAPER, number="FP-001")
    for write in (paper.ubl, paper.cii):
        for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe58":
            other = write(replace(numbered, number=f"FP{dash}001"))
            assert reading.read(other).id == reading.read(write(numbered)).id, hex(ord(dash))
        for unfit in (
            "F\u0420-001",
            "F\u03a1-001",
            *(f"FP-001{each}" for each in "\u034f\ufe0f\u3164\u0301\u200b\u00ad"),
        ):
            assert refused(write(replace(numbered, number=unfit))) == "supply.invoice_field", ascii(unfit)
        assert reading.read(write(replace(numbered, number="发票/É-1"))).number == "发票/É-1"


def test_a_corrected_invoice_is_not_a_second_one() -> None:
    for write in (paper.ubl, paper.cii):
        assert refused(write(PAPER).replace(b">380<", b">384<")) == "supply.invoice_field"


def test_a_credit_note_names_what_it_takes_back_from() -> None:
    note = Paper(
        SELLER,
        "巧手缆绳社",
        BUYER,
        "东方造船厂",
        "R1",
        PAPER.issued_on,
        Money(100, "CNY"),
        PAPER.due_on,
        "退货",
        "FP-1",
    )
    invoice = reading.read(
        paper.ubl(Paper(SELLER, "巧", BUYER, "东", "FP-1", PAPER.issued_on, Money(100, "CNY"), PAPER.due_on))
    )
    for write in (paper.ubl, paper.cii):
        found = reading.read(write(note))
        assert (found.credits, found.referred()) == ("FP-1", invoice.id) and found.id != invoice.id


@pytest.mark.parametrize(
    ("was", "is_", "code"),
    [
        (SELLER, SELLER[:-1] + ("0" if SELLER[-1] != "0" else "1"), "parties.credit_code_invalid"),
        (">380<", ">381<", "supply.invoice_field"),
        ("12345.67</cbc:PayableAmount", "12345.68</cbc:PayableAmount", "supply.invoice_sums"),
        ("12345.67</cbc:TaxInclusive", "12345.66</cbc:TaxInclusive", "supply.invoice_sums"),
        ("12345.67</cbc:PayableAmount", "12345,67</cbc:PayableAmount", "supply.invoice_field"),
        ("12345.67</cbc:PayableAmount", "12345.675</cbc:PayableAmount", "supply.invoice_field"),
        (">2026-06-01<", ">01.06.2026<", "supply.invoice_field"),
        (">CNY<", ">XXX<", "supply.invoice_field"),
        ('currencyID="CNY">12345.67</cbc:Payable', 'currencyID="USD">12345.67</cbc:Payable', "supply.invoice_field"),
        ("<cbc:ID>26317000000000012345</cbc:ID>", "", "supply.invoice_field"),
        ("<cbc:IssueDate>", "<cbc:ID>2</cbc:ID><cbc:IssueDate>", "supply.invoice_field"),
        ("schema:xsd:Invoice-2", "schema:xsd:Order-2", "supply.invoice_format"),
    ],
)  # fmt: skip
def test_what_is_no_invoice_is_refused_by_name(was: str, is_: str, code: str) -> None:
    content = paper.ubl(PAPER).decode()
    assert was in content
    assert refused(content.replace(was, is_).encode()) == code


def test_a_file_reaches_for_nothing_outside_and_never_expands() -> None:
    body = paper.ubl(PAPER).decode()
    head, rest = body.split("?>", 1)
    entity = f'{head}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{rest.replace("货物", "&a;")}'
    bomb = f'{head}?><!DOCTYPE x [<!ENTITY a "{"ha" * 9}"><!ENTITY b "{"&a;" * 9}">]>{rest.replace("货物", "&b;")}'
    external = f'{head}?><!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">{rest}'
    for content in (entity, bomb, external, "", "not xml", "<Invoice>", body[:-20]):
        assert refused(content.encode()) in ("supply.invoice_unreadable", "supply.invoice_too_large")
    assert refused(b"<a>" + b" " * reading.MOST_BYTES + b"</a>") == "supply.invoice_too_large"
    assert refused(b"<EInvoice/>") == "supply.invoice_field"
    assert refused(b"\x00\xff\xfe") == "supply.invoice_unreadable"
