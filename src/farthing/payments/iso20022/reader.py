"""Read statements from camt.053.001.08, and a day's report from camt.052.001.08: by the schema first, then by the rules that it
cannot say. Pure.

What is booked counts (``BOOK``); what is pending or told for information is left out. Signs follow ``CdtDbtInd`` of the entry
itself, also where it takes back another (``RvslInd``).
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from farthing.kit.money import Money
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.model import CHARGE, Detail, Line, Statement
from farthing.payments.iso20022.schema import REPORT, STATEMENT, tree_of
from farthing.payments.iso20022.writer import BOOKED

OPENS, CLOSES, SO_FAR = ("OPBD", "PRCD"), ("CLBD",), ("ITBD", "CLBD")
"""Balances that a day begins with, the first known of which counts; that it ends with; and that it has come to so far."""


def read(content: bytes) -> tuple[Statement, ...]:
    """All statements of a message, in its order; refuses ``iso20022.*`` of the first thing that is wrong."""
    return tuple(_statement(each, True) for each in _all(tree_of(content)[1], "BkToCstmrStmt/Stmt"))


def read_any(content: bytes) -> tuple[bool, tuple[Statement, ...]]:
    """As :func:`read`, of either message; whether it tells days that are over."""
    name, root = tree_of(content, STATEMENT, REPORT)
    final = name == STATEMENT
    found = _all(root, "BkToCstmrStmt/Stmt" if final else "BkToCstmrAcctRpt/Rpt")
    return final, tuple(_statement(each, final) for each in found)


def _statement(at: etree._Element, final: bool) -> Statement:
    page = "StmtPgntn" if final else "RptPgntn"
    if _text(at, f"{page}/LastPgInd").strip() in ("false", "0") or _text(at, f"{page}/PgNb") not in ("", "1"):
        raise rules.PART()
    entries = _all(at, "Ntry")
    rules.check_lines(len(entries))
    opening, _ = _balance(at, OPENS, ("opening", "期初"))
    closing, on = _balance(at, CLOSES if final else SO_FAR, ("closing", "期末"))
    currency = _text(at, "Acct/Ccy") or opening.currency
    rules.check_one_currency("OPBD", opening, currency)
    lines = [(_text(each, "Sts/Cd"), _line(each, on)) for each in entries]
    _check_totals(at, [line for _, line in lines], currency)
    account = _text(at, "Acct/Id/IBAN")
    number, made_at = _text(at, "ElctrncSeqNb"), _text(at, "CreDtTm")
    return rules.check_statement(
        Statement(
            id=rules.check_id(_text(at, "Id")),
            number=rules.check_number(number),
            account=rules.check_account(account or _text(at, "Acct/Id/Othr/Id"), bool(account)),
            owner=_text(at, "Acct/Ownr/Nm"),
            made_at=rules.instant(made_at or _text(at.getparent(), "GrpHdr/CreDtTm")),
            on=on,
            opening=opening,
            closing=closing,
            lines=tuple(line for status, line in lines if status == BOOKED),
        )
    )


def _balance(at: etree._Element, codes: tuple[str, ...], which: tuple[str, str]) -> tuple[Money, date]:
    by_code: dict[str, list[etree._Element]] = {}
    for each in _all(at, "Bal"):
        by_code.setdefault(_text(each, "Tp/CdOrPrtry/Cd"), []).append(each)
    found = next((by_code[code] for code in codes if code in by_code), [])
    if len(found) != 1:
        raise rules.NO_BALANCE(count=len(found), which=which[0], which_zh=which[1])
    return _amount(found[0]), _day(found[0], "Dt")


def _check_totals(at: etree._Element, lines: list[Line], currency: str) -> None:
    amounts = [line.amount for line in lines]
    sides = {
        "TtlNtries": amounts,
        "TtlCdtNtries": [each for each in amounts if each.minor >= 0],
        "TtlDbtNtries": [each for each in amounts if each.minor < 0],
    }
    for name, some in sides.items():
        rules.check_count(name, _text(at, f"TxsSummry/{name}/NbOfNtries") or None, len(some))
        rules.check_sum(name, _text(at, f"TxsSummry/{name}/Sum") or None, some, currency)


def _line(entry: etree._Element, on: date) -> Line:
    amount = _amount(entry)
    for each in _all(entry, "NtryDtls"):
        batch = _text(each, "Btch/NbOfTxs")
        rules.check_count("NbOfTxs", batch if batch and _all(each, "TxDtls") else None, len(_all(each, "TxDtls")))
    booked_on = _day(entry, "BookgDt", on)
    line = Line(
        reference=rules.check_id(_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")),
        amount=amount,
        booked_on=booked_on,
        value_on=_day(entry, "ValDt", booked_on),
        what=_code(entry),
        details=tuple(_detail(each, amount) for each in _all(entry, "NtryDtls/TxDtls")),
        told=_text(entry, "AddtlNtryInf"),
        reversal=_text(entry, "RvslInd").strip() in ("true", "1"),
    )
    charges = [*_all(entry, "Chrgs/Rcrd"), *_all(entry, "NtryDtls/TxDtls/Chrgs/Rcrd")]
    return rules.with_charges(line, [_charge(each) for each in charges])


def _charge(record: etree._Element) -> Detail:
    """What was charged: money that went out, where nothing else is said."""
    amount = _amount(record)
    return Detail(
        amount if _text(record, "CdtDbtInd") == "CRDT" else Money(-abs(amount.minor), amount.currency), CHARGE
    )


def _detail(transaction: etree._Element, whole: Money) -> Detail:
    """A transaction of an entry; where it names no direction it has that of the whole."""
    own = _one(transaction, "Amt")
    inwards = _text(transaction, "CdtDbtInd")
    out = inwards == "DBIT" if inwards else whole.minor < 0
    return Detail(
        amount=None if own is None else rules.exact(str(own.text), str(own.get("Ccy")), out=out),
        what=_code(transaction),
        concerns=rules.check_id(_text(transaction, "Refs/EndToEndId")),
        uetr=_text(transaction, "Refs/UETR"),
        other=next(filter(None, (_text(transaction, f"RltdPties/{path}") for path in _others(out))), ""),
        remitted=_text(transaction, "RmtInf/Ustrd"),
    )


def _others(out: bool) -> tuple[str, ...]:
    """Where the name of the other side stands: the creditor of what goes out, the debtor of what comes in."""
    side = "Cdtr" if out else "Dbtr"
    return f"{side}/Pty/Nm", f"{side}/Nm"


def _code(at: etree._Element) -> str:
    return rules.check_word(_text(at, "BkTxCd/Prtry/Cd")) or "/".join(
        part
        for part in (
            _text(at, "BkTxCd/Domn/Cd"), _text(at, "BkTxCd/Domn/Fmly/Cd"), _text(at, "BkTxCd/Domn/Fmly/SubFmlyCd"),
        )
        if part
    )  # fmt: skip


def _amount(at: etree._Element) -> Money:
    amount = _one(at, "Amt")
    assert amount is not None
    return rules.exact(str(amount.text), str(amount.get("Ccy")), out=_text(at, "CdtDbtInd") == "DBIT")


def _day(at: etree._Element, name: str, otherwise: date | None = None) -> date:
    text = _text(at, f"{name}/Dt") or _text(at, f"{name}/DtTm")
    if not text and otherwise is not None:
        return otherwise
    return rules.day(text)


def _one(at: etree._Element, path: str) -> etree._Element | None:
    return at.find(_path(at, path))


def _all(at: etree._Element, path: str) -> list[etree._Element]:
    return list(at.findall(_path(at, path)))


def _path(at: etree._Element, path: str) -> str:
    """A path below an element, in its namespace."""
    space = etree.QName(at).namespace
    return "/".join(f"{{{space}}}{name}" for name in path.split("/"))


def _text(at: etree._Element | None, path: str) -> str:
    found = None if at is None else _one(at, path)
    return "" if found is None else str(found.text or "")
