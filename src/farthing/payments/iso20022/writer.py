"""Write statements as camt.053.001.08, and a day so far as camt.052.001.08. The same content gives the same bytes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lxml import etree

from farthing.kit.money import Money
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.model import Detail, Line, Statement
from farthing.payments.iso20022.schema import REPORT, STATEMENT, space_of, tree_of

BOOKED = "BOOK"
LONGEST_OWNER = 140
"""Characters of a name; the whole name stands where the bank keeps it."""


def write(message_id: str, made_at: datetime, statements: Sequence[Statement]) -> bytes:
    """A message with whole statements, which its own schema accepts; refuses each that does not hold together."""
    return _written(STATEMENT, "BkToCstmrStmt", "Stmt", message_id, made_at, statements)


def write_report(message_id: str, made_at: datetime, told: Statement) -> bytes:
    """A message with what an account has come to so far on a day; its closing balance is the one of now."""
    return _written(REPORT, "BkToCstmrAcctRpt", "Rpt", message_id, made_at, [told])


def _written(
    name: str, whole: str, each_one: str, message_id: str, made_at: datetime, statements: Sequence[Statement]
) -> bytes:
    space = space_of(name)
    document = etree.Element(f"{{{space}}}Document", nsmap={None: space})
    message = _in(document, whole)
    head = _in(message, "GrpHdr")
    _in(head, "MsgId", rules.check_id(message_id))
    _in(head, "CreDtTm", made_at.isoformat())
    for each in statements:
        _statement(_in(message, each_one), rules.check_statement(each), "CLBD" if name == STATEMENT else "ITBD")
    content: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    tree_of(content, name)
    return content


def _statement(at: etree._Element, told: Statement, closes: str) -> None:
    _in(at, "Id", rules.check_id(told.id))
    if told.number is not None:
        _in(at, "ElctrncSeqNb", str(told.number))
    _in(at, "CreDtTm", told.made_at.isoformat())
    account = _in(at, "Acct")
    _in(_in(_in(account, "Id"), "Othr"), "Id", rules.check_id(told.account))
    _in(account, "Ccy", told.opening.currency)
    if told.owner:
        _in(_in(account, "Ownr"), "Nm", told.owner)
    _balance(at, "OPBD", told.opening, told.on)
    _balance(at, closes, told.closing, told.on)
    _totals(at, told)
    for line in told.lines:
        _line(at, line)


def _balance(at: etree._Element, code: str, amount: Money, on: date) -> None:
    balance = _in(at, "Bal")
    _in(_in(_in(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, amount)
    _in(_in(balance, "Dt"), "Dt", on.isoformat())


def _totals(at: etree._Element, told: Statement) -> None:
    totals, currency = _in(at, "TxsSummry"), told.opening.currency
    into = [line.amount.minor for line in told.lines if line.amount.minor >= 0]
    out = [-line.amount.minor for line in told.lines if line.amount.minor < 0]
    for name, some in (("TtlNtries", [*into, *out]), ("TtlCdtNtries", into), ("TtlDbtNtries", out)):
        total = _in(totals, name)
        _in(total, "NbOfNtries", str(len(some)))
        _in(total, "Sum", Money(sum(some), currency).plain())


def _line(at: etree._Element, line: Line) -> None:
    entry = _in(at, "Ntry")
    _amount(entry, line.amount)
    if line.reversal:
        _in(entry, "RvslInd", "true")
    _in(_in(entry, "Sts"), "Cd", BOOKED)
    _in(_in(entry, "BookgDt"), "Dt", line.booked_on.isoformat())
    _in(_in(entry, "ValDt"), "Dt", line.value_on.isoformat())
    if line.reference:
        _in(entry, "AcctSvcrRef", rules.check_id(line.reference))
    _code(entry, line.what)
    if line.details:
        details = _in(entry, "NtryDtls")
        for detail in line.details:
            _detail(details, detail)
    if line.told:
        _in(entry, "AddtlNtryInf", line.told)


def _detail(details: etree._Element, detail: Detail) -> None:
    transaction = _in(details, "TxDtls")
    if detail.concerns or detail.uetr:
        references = _in(transaction, "Refs")
        if detail.concerns:
            _in(references, "EndToEndId", rules.check_id(detail.concerns))
        if detail.uetr:
            _in(references, "UETR", detail.uetr)
    if detail.amount is not None:
        _amount(transaction, detail.amount)
    if detail.what:
        _code(transaction, detail.what)


def _code(at: etree._Element, what: str) -> None:
    code = _in(at, "BkTxCd")
    if what:
        _in(_in(code, "Prtry"), "Cd", what)


def _amount(at: etree._Element, amount: Money) -> None:
    _in(at, "Amt", Money(abs(amount.minor), amount.currency).plain()).set("Ccy", amount.currency)
    _in(at, "CdtDbtInd", "DBIT" if amount.minor < 0 else "CRDT")


def _in(at: etree._Element, name: str, text: str | None = None) -> etree._Element:
    found = etree.SubElement(at, f"{{{etree.QName(at).namespace}}}{name}")
    found.text = text
    return found
