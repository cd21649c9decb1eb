"""Read a customer's file of credit transfers (pain.001) and write what became of it (pain.002). Pure.

What is wrong with the whole file is refused: its schema, its count, its sum. What is wrong with one transaction is kept with it,
and the others stand. Each amount has the decimals of its currency, each identifier the characters that schemes keep.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.kit.errors import Refusal, declined
from farthing.kit.money import Money
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.payment_messages import At
from farthing.payments.iso20022.payment_writer import Tree, written
from farthing.payments.iso20022.schema import space_of, tree_of

INITIATION, REPORT = "pain.001.001.09", "pain.002.001.10"
MOST = 10_000
"""Transactions in one file."""
NO_ID = "NOTPROVIDED"
"""How a message says that there is no id."""
LONGEST_WORDS = 105
PHONE = "PHONE"
"""The scheme under which an account of a customer of ours is named by its phone (``SchmeNm/Prtry``)."""

OTHER_METHOD = declined(
    "iso20022.not_a_transfer",
    "{payment_id} is of the payment method {method}; files of credit transfers (TRF) are read here.",
    "{payment_id} 的付款方式为 {method}；此处仅读取贷记转账（TRF）文件。",
)
NO_AMOUNT = declined(
    "iso20022.no_amount",
    "The transaction names no instructed amount (InstdAmt) in the currency of the account.",
    "该笔交易未写明以账户币种表示的指示金额（InstdAmt）。",
)
NO_ACCOUNT = declined(
    "iso20022.no_account", "The transaction names no account of the payee.", "该笔交易未写明收款账户。"
)


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """One transaction. ``scheme`` says how ``account`` is named: ``IBAN``, ``PHONE`` or nothing. ``fault``: why it cannot be
    taken; then there may be no amount."""

    batch: str
    instruction_id: str
    end_to_end_id: str
    uetr: str
    debtor: str
    on: date
    amount: Money | None
    said: Decimal
    scheme: str
    account: str
    name: str
    memo: str
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Initiation:
    """A file, whole: what it is called, when it was made, and its transactions in order."""

    message_id: str
    made_at: datetime
    transfers: tuple[CreditTransfer, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one transaction stands: its status, the reason as a code and in words, and what we call the payment."""

    batch: str
    instruction_id: str
    end_to_end_id: str
    uetr: str
    said: Decimal
    code: str
    reason_code: str = ""
    words: str = ""
    reference: str = ""


def read(content: bytes) -> Initiation:
    """The file; refuses ``iso20022.*`` of what is wrong with the whole of it."""
    name, root = tree_of(content, INITIATION)
    message = At(root, space_of(name)).one("CstmrCdtTrfInitn")
    transfers: list[CreditTransfer] = []
    for batch in message.all("PmtInf"):
        method, payment_id = batch.text("PmtMtd"), rules.check_id(batch.text("PmtInfId"))
        if method != "TRF":
            raise OTHER_METHOD(payment_id=payment_id, method=method)
        found = [_transfer(each, batch, payment_id) for each in batch.all("CdtTrfTxInf")]
        _check(batch, payment_id, found)
        transfers += found
    if len(transfers) > MOST:
        raise rules.TOO_LARGE(size=str(len(transfers)), most=str(MOST))
    head = message.one("GrpHdr")
    _check(head, "GrpHdr", transfers)
    return Initiation(rules.check_id(head.text("MsgId")), rules.instant(head.text("CreDtTm")), tuple(transfers))


def _check(at: At, what: str, found: Sequence[CreditTransfer]) -> None:
    rules.check_count(f"{what}/NbOfTxs", at.text("NbOfTxs") or None, len(found))
    rules.check_total(f"{what}/CtrlSum", at.text("CtrlSum") or None, sum((each.said for each in found), Decimal()))


def _transfer(at: At, batch: At, payment_id: str) -> CreditTransfer:
    fault: Refusal | None = None
    amount, said = None, Decimal(at.text("Amt/InstdAmt") or at.text("Amt/EqvtAmt/Amt") or 0)
    iban, other = at.text("CdtrAcct/Id/IBAN"), at.text("CdtrAcct/Id/Othr/Id")
    debtor = batch.text("DbtrAcct/Id/IBAN") or batch.text("DbtrAcct/Id/Othr/Id")
    ids = [at.text("PmtId/InstrId"), at.text("PmtId/EndToEndId"), other]
    texts = [at.text("Cdtr/Nm"), " ".join(each.element.text or "" for each in at.all("RmtInf/Ustrd"))]
    try:
        for each in ids:
            rules.check_id(each)
        for each in texts:
            rules.check_word(each)
        if iban:
            rules.check_account(iban, True)
        if not iban and not other:
            raise NO_ACCOUNT()
        if not at.text("Amt/InstdAmt"):
            raise NO_AMOUNT()
        amount = at.money("Amt/InstdAmt")
    except Refusal as refusal:
        fault = refusal
    scheme = "IBAN" if iban else PHONE if at.text("CdtrAcct/Id/Othr/SchmeNm/Prtry") == PHONE else ""
    day = rules.day(batch.text("ReqdExctnDt/Dt") or batch.text("ReqdExctnDt/DtTm"))
    return CreditTransfer(
        payment_id, ids[0], ids[1], at.text("PmtId/UETR"), debtor, day, amount, said, scheme, iban or other,
        unicodedata.normalize("NFC", texts[0]), unicodedata.normalize("NFC", texts[1]), fault,
    )  # fmt: skip


def group_status(codes: Sequence[str]) -> str:
    """What a group's transactions come to (ExternalPaymentGroupStatus1Code): all alike, in part, or as far as the last."""
    if len(set(codes)) == 1:
        return codes[0]
    if "RJCT" in codes:
        return "PART"
    return next(code for code in ("PDNG", "ACTC", "ACCP", "ACSP", "ACSC") if code in codes)


def report(report_id: str, made_at: datetime, original: tuple[str, datetime], standings: Sequence[Standing]) -> bytes:
    """pain.002: how a file, each batch of it and each of its transactions stand. ``original``: its id, and when it was made."""
    codes = [each.code for each in standings]
    whole: list[Tree] = [
        ("OrgnlMsgId", original[0]), ("OrgnlMsgNmId", INITIATION), ("OrgnlCreDtTm", original[1].isoformat()),
        *_totals(standings), ("GrpSts", group_status(codes)), *_by_status(codes),
    ]  # fmt: skip
    body: list[Tree] = [
        ("GrpHdr", [("MsgId", rules.check_id(report_id)), ("CreDtTm", made_at.isoformat())]),
        ("OrgnlGrpInfAndSts", whole),
    ]
    batches: dict[str, list[Standing]] = {}
    for each in standings:
        batches.setdefault(each.batch, []).append(each)
    for batch, its in batches.items():
        status = group_status([each.code for each in its])
        transactions: list[Tree] = [("TxInfAndSts", _transaction(each)) for each in its]
        batch_body: list[Tree] = [("OrgnlPmtInfId", batch), *_totals(its), ("PmtInfSts", status), *transactions]
        body.append(("OrgnlPmtInfAndSts", batch_body))
    return written(REPORT, "CstmrPmtStsRpt", body)


def _totals(some: Sequence[Standing]) -> list[Tree]:
    total = sum((each.said for each in some), Decimal())
    return [("OrgnlNbOfTxs", str(len(some))), ("OrgnlCtrlSum", format(total, "f"))]


def _by_status(codes: Sequence[str]) -> list[Tree]:
    counted = sorted(Counter(codes).items())
    return [("NbOfTxsPerSts", [("DtldNbOfTxs", str(many)), ("DtldSts", code)]) for code, many in counted]


def _transaction(told: Standing) -> list[Tree]:
    found: list[Tree] = [("OrgnlInstrId", told.instruction_id)] if told.instruction_id else []
    found.append(("OrgnlEndToEndId", told.end_to_end_id))
    if told.uetr:
        found.append(("OrgnlUETR", told.uetr))
    found.append(("TxSts", told.code))
    if told.reason_code:
        words: list[Tree] = [("AddtlInf", told.words[:LONGEST_WORDS])] if told.words else []
        found.append(("StsRsnInf", [("Rsn", [("Cd", told.reason_code)]), *words]))
    if told.reference:
        found.append(("AcctSvcrRef", told.reference))
    return found
