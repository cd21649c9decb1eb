"""Statements in camt.053: what is written is read as it was, and whatever a message says wrongly is refused by its own code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.model import CHARGE, Detail, Line, Statement
from farthing.payments.iso20022.reader import read
from farthing.payments.iso20022.writer import write
from tests.payments.iso20022.statements import DAY, MADE, PLAIN, lines, statements, uetr, yuan


def refused(work: object, *given: object) -> str:
    with pytest.raises(Refusal) as caught:
        work(*given)  # type: ignore[operator]
    return caught.value.code


def text(*told: Statement) -> str:
    return write("message-1", MADE, told or (PLAIN,)).decode()


def read_text(message: str) -> tuple[Statement, ...]:
    return read(message.encode())


@settings(max_examples=60, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=2))
def test_what_is_written_is_read_as_it_was(told: list[Statement]) -> None:
    """Written, accepted by the schema (the writer and the reader both ask it), read: the same, whatever the names."""
    content = write("message-1", MADE, told)
    assert read(content) == tuple(told)
    assert write("message-1", MADE, told) == content


@settings(max_examples=40, deadline=None)
@given(statements().filter(lambda told: told.lines), st.data())
def test_a_line_that_is_lost_added_or_changed_is_noticed(told: Statement, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(told.lines) - 1))
    by = data.draw(st.integers(1, 10**6))
    line = told.lines[at]
    changed = replace(line, amount=replace(line.amount, minor=line.amount.minor + by), details=())
    for some in (told.lines[:at] + told.lines[at + 1 :], (*told.lines, changed), (*told.lines[:at], changed)):
        moved = sum(each.amount.minor for each in some)
        if told.opening.minor + moved != told.closing.minor:
            assert refused(rules.check_statement, replace(told, lines=some)) == "iso20022.balances_differ"


WRONG = [
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"CNY\">120.001</Amt>", "iso20022.too_many_decimals"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"ZZZ\">120.00</Amt>", "iso20022.unknown_currency"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"JPY\">100.55</Amt>", "iso20022.too_many_decimals"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"USD\">120.00</Amt>", "iso20022.other_currency"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"cny\">120.00</Amt>", "iso20022.invalid"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"CNY\">-120.00</Amt>", "iso20022.invalid"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"CNY\">120.000001</Amt>", "iso20022.invalid"),
    ("<Amt Ccy=\"CNY\">120.00</Amt>", "<Amt Ccy=\"CNY\">99999999999999999</Amt>", "iso20022.out_of_range"),
    ("<NbOfNtries>2</NbOfNtries>", "<NbOfNtries>3</NbOfNtries>", "iso20022.wrong_count"),
    ("<Sum>150.00</Sum>", "<Sum>150.01</Sum>", "iso20022.wrong_sum"),
    ("<Sum>30.00</Sum>", "<Sum>30.01</Sum>", "iso20022.wrong_sum"),
    ("<Amt Ccy=\"CNY\">90.00</Amt>", "<Amt Ccy=\"CNY\">90.01</Amt>", "iso20022.balances_differ"),
    ("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>", "iso20022.no_balance"),
    ("<Cd>CLBD</Cd>", "<Cd>OPBD</Cd>", "iso20022.no_balance"),
    ("<Amt Ccy=\"CNY\">25.00</Amt>", "<Amt Ccy=\"CNY\">30.00</Amt>", "iso20022.wrong_batch"),
    ("<EndToEndId>0abc</EndToEndId>", "<EndToEndId>零abc</EndToEndId>", "iso20022.bad_identifier"),
    ("<EndToEndId>0abc</EndToEndId>", f"<EndToEndId>{'a' * 36}</EndToEndId>", "iso20022.invalid"),
    ("<EndToEndId>0abc</EndToEndId>", f"<UETR>{uetr(10**35).upper()}</UETR>", "iso20022.bad_uetr"),
    ("<EndToEndId>0abc</EndToEndId>", "<UETR>00000000-0000-1000-8000-000000000001</UETR>", "iso20022.bad_uetr"),
    ("<Othr>\n            <Id>harvest</Id>\n          </Othr>", "<IBAN>DE89370400440532013001</IBAN>", "iso20022.bad_iban"),
    ("<Id>harvest-2027-01-05</Id>", "<Id>h</Id><StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>",
     "iso20022.part_of_a_statement"),
    ("<ElctrncSeqNb>1<", "<ElctrncSeqNb>999999999999999999<", "iso20022.bad_number"),
    ("<ElctrncSeqNb>1<", "<ElctrncSeqNb>-1<", "iso20022.bad_number"),
    ("<Cd>advanced</Cd>", "<Cd>adv&#x202E;anced</Cd>", "iso20022.bad_word"),
    ("<Dt>2027-01-05</Dt>", "<Dt>-2027-01-05</Dt>", "iso20022.bad_day"),
    ("camt.053.001.08", "camt.052.001.08", "iso20022.other_message"),
    ("camt.053.001.08", "camt.053.001.02", "iso20022.other_message"),
    ("<?xml version='1.0' encoding='UTF-8'?>", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
     "iso20022.forbidden_markup"),
    ("<?xml version='1.0' encoding='UTF-8'?>", "", None),
    ("</Document>", "", "iso20022.unreadable"),
    ("</Document>", "</Document><Document/>", "iso20022.unreadable"),
    ("<MsgId>message-1</MsgId>", "<MsgId>message-1</MsgId><Oops/>", "iso20022.invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), WRONG)
def test_each_wrong_message_is_refused_by_its_code(old: str, new: str, code: str | None) -> None:
    message = text()
    assert old in message
    changed = message.replace(old, new, 1) if "camt.053" not in old else message.replace(old, new)
    if code is None:
        assert read_text(changed) == (PLAIN,)
    else:
        assert refused(read_text, changed) == code


def test_entities_are_neither_expanded_nor_fetched() -> None:
    """A billion laughs of 300 bytes: refused at once, with nothing of it expanded."""
    laughs = "<!DOCTYPE x [<!ENTITY a \"ha\">" + "".join(
        f"<!ENTITY {chr(98 + n)} \"{f'&{chr(97 + n)};' * 20}\">" for n in range(20)
    ) + "]>"  # fmt: skip
    message = text().replace("<?xml version='1.0' encoding='UTF-8'?>", laughs).replace("message-1", "&u;")
    assert refused(read_text, message) == "iso20022.forbidden_markup"


def test_what_is_too_large_is_not_parsed() -> None:
    assert refused(read, b"<" * (rules.MOST_BYTES + 1)) == "iso20022.too_large"
    assert refused(rules.check_lines, rules.MOST_LINES + 1) == "iso20022.too_large"


def test_an_entry_that_takes_back_another_keeps_its_own_sign() -> None:
    """``RvslInd`` says that it takes back; ``CdtDbtInd`` is already of the entry itself."""
    taken = Line("r1", yuan(12_000), DAY, DAY, "advanced", reversal=True)
    told = replace(PLAIN, lines=(*PLAIN.lines, taken), closing=yuan(3_000))
    message = text(told)
    assert "<RvslInd>true</RvslInd>" in message
    ((*_, found),) = (each.lines for each in read_text(message))
    assert found == taken and found.amount.minor > 0


def test_a_batch_is_its_transactions_and_never_each_the_whole() -> None:
    (found,) = read_text(text())
    assert [detail.amount for detail in found.lines[1].details] == [yuan(2_500), yuan(500)]
    without = text().replace('<Amt Ccy="CNY">25.00</Amt>\n', "").replace('<Amt Ccy="CNY">5.00</Amt>\n', "")
    without = without.replace("<CdtDbtInd>CRDT</CdtDbtInd>\n            <BkTxCd>", "<BkTxCd>")
    (bare,) = read_text(without)
    assert [detail.amount for detail in bare.lines[1].details] == [None, None] and bare.lines[1].amount == yuan(3_000)
    batch = text().replace("<NtryDtls>", "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>")
    assert refused(read_text, batch) == "iso20022.wrong_count"


def test_what_was_charged_stands_beside_what_was_sent() -> None:
    """Where transactions come to their entry with the charges alone; charges that are in them already are no more than told."""
    record = '<Chrgs><Rcrd><Amt Ccy="CNY">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
    code = "<Cd>principal</Cd>\n              </Prtry>\n            </BkTxCd>"
    message = text()
    assert code in message
    sent, charged = Detail(yuan(-11_850), "principal", "0abc"), Detail(yuan(-150), CHARGE)
    out = '<Amt Ccy="CNY">{}</Amt>\n            <CdtDbtInd>DBIT'
    less = message.replace(out.format("120.00"), out.format("118.50"))
    assert refused(read_text, less) == "iso20022.wrong_batch"
    (found,) = read_text(less.replace(code, code + record.format("1.50"), 1))
    assert found.lines[0] == replace(PLAIN.lines[0], details=(sent, charged))
    assert refused(read_text, less.replace(code, code + record.format("1.49"), 1)) == "iso20022.wrong_batch"
    assert read_text(message.replace(code, code + record.format("1.50"), 1)) == (PLAIN,)


def test_what_is_pending_is_not_booked() -> None:
    """It counts in the totals that the message states, and never in the account."""
    at = text().index("<Ntry>")
    first = text()[at : text().index("</Ntry>") + len("</Ntry>")]
    pending = first.replace("BOOK", "PDNG")
    message = text()[:at] + pending + text()[at:]
    message = message.replace("<NbOfNtries>2", "<NbOfNtries>3").replace("<Sum>150.00", "<Sum>270.00")
    message = message.replace(
        "<NbOfNtries>1</NbOfNtries>\n          <Sum>120.00", "<NbOfNtries>2</NbOfNtries>\n<Sum>240.00"
    )
    assert read_text(message)[0].lines == PLAIN.lines


def test_every_entry_of_every_statement_is_read() -> None:
    """Not the first of either alone."""
    second = replace(PLAIN, id="other", number=2, account="spring")
    assert read_text(text(PLAIN, second)) == (PLAIN, second)


def test_a_public_sample_whose_balances_do_not_sum_is_refused() -> None:
    """The figures of a bank's own published sample: its schema takes it."""
    message = text(replace(PLAIN, opening=yuan(0), closing=yuan(3_094), lines=(Line("1", yuan(3_094), DAY, DAY, "x"),)))
    message = message.replace(
        '<Amt Ccy="CNY">0.00</Amt>\n        <CdtDbtInd>CRDT', '<Amt Ccy="CNY">843686.20</Amt>\n        <CdtDbtInd>DBIT'
    ).replace(
        '<Amt Ccy="CNY">30.94</Amt>\n        <CdtDbtInd>CRDT', '<Amt Ccy="CNY">846665.15</Amt>\n        <CdtDbtInd>DBIT', 1
    )  # fmt: skip
    assert refused(read_text, message) == "iso20022.balances_differ"


def test_a_statement_goes_on_where_the_one_before_it_ended() -> None:
    after = replace(PLAIN, number=2, opening=PLAIN.closing, closing=PLAIN.closing, lines=(), on=date(2027, 1, 6))
    rules.check_follows(1, PLAIN.closing, after, before=DAY)
    assert refused(follows, 1, replace(after, number=3)) == "iso20022.gap"
    uncounted = replace(after, number=None, opening=yuan(0))
    assert refused(follows, 1, uncounted) == "iso20022.opening_differs"
    assert refused(rules.check_own, [PLAIN], "spring") == "iso20022.other_account"


def test_who_counts_by_the_year_begins_again_with_one_in_a_new_year_alone() -> None:
    first = replace(PLAIN, number=1, opening=PLAIN.closing, closing=PLAIN.closing, lines=())
    follows(364, replace(first, on=date(2028, 1, 3)))
    assert refused(follows, 364, replace(first, on=date(2027, 12, 31))) == "iso20022.gap"
    assert refused(follows, 364, replace(first, number=2, on=date(2028, 1, 3))) == "iso20022.gap"


def follows(number: int, told: Statement) -> None:
    rules.check_follows(number, PLAIN.closing, told, before=DAY)


def test_nothing_is_written_that_would_not_be_read() -> None:
    def written(told: Statement) -> bytes:
        return write("m", MADE, [told])

    assert refused(written, replace(PLAIN, closing=yuan(0))) == "iso20022.balances_differ"
    assert refused(written, replace(PLAIN, account="丰收")) == "iso20022.bad_identifier"
    assert refused(written, replace(PLAIN, account="a" * 35)) == "iso20022.invalid"
    mixed = replace(PLAIN.lines[0], amount=replace(yuan(-12_000), currency="USD"), details=())
    assert refused(written, replace(PLAIN, lines=(mixed, *PLAIN.lines[1:]))) == "iso20022.other_currency"
    with_uetr = replace(PLAIN.lines[0], details=(Detail(yuan(-12_000), uetr="nothing"),))
    assert refused(written, replace(PLAIN, lines=(with_uetr, *PLAIN.lines[1:]))) == "iso20022.bad_uetr"


@settings(max_examples=30, deadline=None)
@given(lines("CNY"))
def test_a_batch_that_holds_together_is_never_refused(line: Line) -> None:
    rules.check_batch(line)
