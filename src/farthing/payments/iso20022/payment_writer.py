"""Write the messages between banks about one payment. The same content gives the same bytes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from farthing.kit.money import Money
from farthing.payments.iso20022 import payment_messages as messages
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.payment_messages import Arrived, Ask, Order, Returned, Status
from farthing.payments.iso20022.schema import space_of, tree_of

US, THEM = "FARTHING", "RAIL"
"""What the two banks are called in a message; a deployment's own adapter names them by BIC or CNAPS number."""
SENDS = (messages.CREDIT, "FIToFICstmrCdtTrf", "CdtTrfTxInf")
COLLECTS = (messages.COLLECTION, "FIToFICstmrDrctDbt", "DrctDbtTxInf")
"""A message that moves money: what it is, and what its whole and its one payment are called in it."""
Tree = tuple[str, "str | Money | Sequence[Tree]"]
"""An element: its name, and its text, an amount, or the elements in it."""


def order(told: Order, made_at: datetime) -> bytes:
    """pacs.008 for money that is sent, pacs.003 for money that is collected."""
    name, whole, each = SENDS if told.direction == "out" else COLLECTS
    head: list[Tree] = [
        *_head(told.id, made_at),
        ("NbOfTxs", "1"),
        ("CtrlSum", told.amount.plain()),
        ("SttlmInf", [("SttlmMtd", "CLRG")]),
    ]
    ours: list[Tree] = [("Nm", US)]
    theirs: list[Tree] = [("Nm", told.holder[:140] or "NOTPROVIDED")]
    account: list[Tree] = [("Id", [("Othr", [("Id", told.account)])])]
    here, there = _bank(US), _bank(THEM)
    parties: list[Tree] = (
        [("Dbtr", theirs), ("DbtrAgt", here), ("CdtrAgt", there), ("Cdtr", theirs), ("CdtrAcct", account)]
        if told.direction == "out"
        else [("Cdtr", ours), ("CdtrAgt", here), ("Dbtr", theirs), ("DbtrAcct", account), ("DbtrAgt", there)]
    )
    transaction: list[Tree] = [
        ("PmtId", [("EndToEndId", rules.check_id(told.id)), ("UETR", told.uetr)]), ("IntrBkSttlmAmt", told.amount),
        ("IntrBkSttlmDt", told.on.isoformat()), ("ChrgBr", "SLEV"), *parties,
    ]  # fmt: skip
    return written(name, whole, [("GrpHdr", head), (each, transaction)])


def status(told: Status, made_at: datetime) -> bytes:
    """pacs.002: what became of an order."""
    body: list[Tree] = [*_original(told.id, told.uetr), ("TxSts", told.code)]
    if told.reason_code:
        more: list[Tree] = [("AddtlInf", told.reason)] if told.reason else []
        body.append(("StsRsnInf", [("Rsn", [("Cd", told.reason_code)]), *more]))
    if told.reference:
        body.append(("AcctSvcrRef", told.reference))
    return written(messages.STATUS, "FIToFIPmtStsRpt", [("GrpHdr", _head(told.id, made_at)), ("TxInfAndSts", body)])


def inquiry(told: Ask, made_at: datetime) -> bytes:
    """pacs.028: what became of an order?"""
    body = [("GrpHdr", _head(told.id, made_at)), ("TxInf", _original(told.id, told.uetr))]
    return written(messages.INQUIRY, "FIToFIPmtStsReq", body)


def recall(told: Ask, made_at: datetime) -> bytes:
    """camt.056: that an order's money be given back."""
    body = [*_original(told.id, told.uetr), ("CxlRsnInf", [("Rsn", [("Cd", told.reason_code)])])]
    return written(
        messages.RECALL,
        "FIToFIPmtCxlReq",
        [("Assgnmt", _assigned(US, THEM, told.id, made_at)), ("Undrlyg", [("TxInf", body)])],
    )


def resolution(told: Status, made_at: datetime) -> bytes:
    """camt.029: what becomes of a recall."""
    body = [*_original(told.id, told.uetr)]
    if told.reason_code:
        body.append(("CxlStsRsnInf", [("Rsn", [("Cd", told.reason_code)])]))
    whole: list[Tree] = [
        ("Assgnmt", _assigned(THEM, US, told.id, made_at)), ("Sts", [("Conf", told.code)]), ("CxlDtls", [("TxInfAndSts", body)]),
    ]  # fmt: skip
    return written(messages.RESOLUTION, "RsltnOfInvstgtn", whole)


def returned(told: Returned, made_at: datetime) -> bytes:
    """pacs.004: an order's money comes back."""
    head: list[Tree] = [*_head(told.return_id, made_at), ("NbOfTxs", "1"), ("SttlmInf", [("SttlmMtd", "CLRG")])]
    body: list[Tree] = [
        ("RtrId", told.return_id), *_original(told.id, told.uetr), ("RtrdIntrBkSttlmAmt", told.amount),
        ("IntrBkSttlmDt", told.on.isoformat()),
    ]  # fmt: skip
    if told.fee is not None:
        body += [("ChrgBr", "SHAR"), ("ChrgsInf", [("Amt", told.fee), ("Agt", _bank(THEM))])]
    body.append(("RtrRsnInf", [("Rsn", [("Cd", told.reason_code or "MS03")])]))
    return written(messages.RETURN, "PmtRtr", [("GrpHdr", head), ("TxInf", body)])


def arrived(told: Arrived, made_at: datetime) -> bytes:
    """camt.054: money came in."""
    day = [("Dt", told.on.isoformat())]
    details: list[Tree] = [("RltdPties", [("DbtrAcct", [("Id", [("Othr", [("Id", told.account)])])])])]
    if told.told:
        details.append(("RmtInf", [("Ustrd", told.told)]))
    entry: list[Tree] = [
        ("Amt", told.amount), ("CdtDbtInd", "CRDT"), ("Sts", [("Cd", "BOOK")]), ("BookgDt", day), ("ValDt", day),
        ("AcctSvcrRef", told.reference), ("BkTxCd", [("Prtry", [("Cd", "ARRIVED")])]), ("NtryDtls", [("TxDtls", details)]),
    ]  # fmt: skip
    notified: list[Tree] = [("Id", told.reference), ("Acct", [("Id", [("Othr", [("Id", US)])])]), ("Ntry", entry)]
    return written(
        messages.ARRIVAL, "BkToCstmrDbtCdtNtfctn", [("GrpHdr", _head(told.reference, made_at)), ("Ntfctn", notified)]
    )


def _head(message_id: str, made_at: datetime) -> list[Tree]:
    return [("MsgId", rules.check_id(message_id)), ("CreDtTm", made_at.isoformat())]


def _original(end_to_end_id: str, uetr: str) -> list[Tree]:
    return [("OrgnlEndToEndId", rules.check_id(end_to_end_id)), ("OrgnlUETR", uetr)]


def _bank(name: str) -> list[Tree]:
    return [("FinInstnId", [("Othr", [("Id", name)])])]


def _assigned(by: str, to: str, case: str, made_at: datetime) -> list[Tree]:
    return [
        ("Id", rules.check_id(case)), ("Assgnr", [("Agt", _bank(by))]), ("Assgne", [("Agt", _bank(to))]),
        ("CreDtTm", made_at.isoformat()),
    ]  # fmt: skip


def written(name: str, whole: str, body: Sequence[Tree]) -> bytes:
    """A message of such content, which its schema accepts."""
    space = space_of(name)
    document = etree.Element(f"{{{space}}}Document", nsmap={None: space})
    _put(document, space, (whole, body))
    content: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    tree_of(content, name)
    return content


def _put(at: etree._Element, space: str, tree: Tree) -> None:
    name, content = tree
    element: Any = etree.SubElement(at, f"{{{space}}}{name}")
    if isinstance(content, str):
        element.text = content
    elif isinstance(content, Money):
        element.text = content.plain()
        element.set("Ccy", content.currency)
    else:
        for each in content:
            _put(element, space, each)
