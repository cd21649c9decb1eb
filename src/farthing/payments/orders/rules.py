"""Decide what of a customer's file of orders is taken, what each order is, and how it stands. Pure.

One order is one payment, whatever file it comes in and how often: its instruction id (else its end-to-end id) names it among all
orders of the customer. The same order again is answered with the first; the same name with other content is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.masked import masked_name
from farthing.kit.money import EXPONENTS, Money
from farthing.parties.model import Party
from farthing.payments import rules as payments
from farthing.payments.iso20022 import initiation as iso
from farthing.payments.iso20022.initiation import CreditTransfer, Initiation, Standing
from farthing.payments.life.names import end_to_end_id_of
from farthing.payments.life.reasons import said
from farthing.payments.model import RailPayment
from farthing.payments.orders.model import AgreeOrders, FileTold, OrderFile, OrderLine
from farthing.payments.payees import naming

NOT_BASE64 = malformed("orders.not_base64", "The file is not sent as base 64.", "文件未按 base64 编码发送。")
OTHER_DEBTOR = forbidden(
    "orders.other_debtor",
    "The file orders payments from the account {account}, and this customer's is {party_id}. Put that into DbtrAcct.",
    "文件指定的付款账户为 {account}，而该客户的账户为 {party_id}。请将其填入 DbtrAcct。",
)
MESSAGE_REUSED = conflict(
    "orders.message_reused",
    "A file {message_id} of this customer was taken already, and this one orders something else. Give it an id of its own.",
    "该客户标识为 {message_id} 的文件此前已收取，而本文件内容不同。请使用新的报文标识。",
)
UNKNOWN = not_found("orders.unknown", "There is no such file of payment orders.", "没有该付款文件。")
NOT_BROUGHT = conflict(
    "orders.not_brought",
    "The file was agreed to or withdrawn before; it is answered for as it stands.",
    "该文件此前已确认或已撤回；以其现状为准。",
)
NOTHING_TO_PAY = declined(
    "orders.nothing_to_pay",
    "Of this file nothing can be paid; look at what is wrong with each order, and bring a file with those put right.",
    "该文件中没有可支付的交易；请查看各笔原因，更正后重新提交。",
)
NOTHING_WAITS = conflict(
    "orders.nothing_waits",
    "Of this file nothing waits any more that could be taken back.",
    "该文件中没有可撤回的待付交易。",
)
NO_NAME_OF_ITS_OWN = declined(
    "orders.no_id",
    "The order has neither an instruction id nor an end-to-end id, so that it could not be told from another.",
    "该笔交易既无指令标识也无端到端标识，无法与其他交易区分。",
)
ID_REUSED = conflict(
    "orders.id_reused",
    "An order {taken_as} of this customer was taken already, of another amount or for another payee.",
    "该客户标识为 {taken_as} 的交易此前已收取，金额或收款方不同。",
)
PASSED = declined(
    "orders.day_passed", "The order is for {day}, which is before today, {today}.", "指定日期 {day} 早于今日 {today}。"
)
TOO_FAR = declined(
    "orders.day_too_far",
    "The order is for {day}; a file is brought at most {days} days ahead.",
    "指定日期为 {day}；付款文件至多提前 {days} 天提交。",
)
PAYEE_DIFFERS = declined(
    "orders.payee_differs",
    "No customer here has this account under this name; compare both with what the payee wrote down.",
    "本行没有户名与该账号相符的客户；请与收款人提供的信息核对。",
)
OTHER_MONEY = declined(
    "orders.other_currency",
    "The order is in {found}, and the account is kept in {wanted}.",
    "该笔交易币种为 {found}，而账户币种为 {wanted}。",
)
WITHDRAWN = declined("orders.withdrawn", "It was taken back before it was paid.", "支付前已撤回。")

FARTHEST = 366
OURS = "party_"
REASONS: Mapping[str, str] = {
    "iso20022.too_many_decimals": "CH20", "iso20022.unknown_currency": "AM03", "iso20022.out_of_range": "AM02",
    "iso20022.bad_identifier": "CH16", "iso20022.bad_word": "CH16", "iso20022.bad_iban": "AC03", "iso20022.no_account": "AC03",
    "iso20022.no_amount": "AM03", "money.not_positive": "AM01", "payments.amount_too_large": "AM02",
    "payments.bad_outside_account": "AC03", "payments.rail_unknown": "AG03", "payments.bad_memo": "CH16",
    "payments.same_wallet": "AC03", "payments.payee_unknown": "BE01", "orders.payee_differs": "BE01", "orders.no_id": "RF01",
    "orders.id_reused": "DU05", "orders.day_passed": "DT01", "orders.day_too_far": "DT01", "orders.other_currency": "AM03",
    "orders.withdrawn": "DS02", "ledger.insufficient_funds": "AM04", "ledger.below_floor": "AM04",
    "policy.unconfirmed_out": "RR04",
}  # fmt: skip
"""What each of our codes is as an ISO 20022 reason (ExternalStatusReason1Code); any other is told in words (NARR)."""
OF_MOVEMENTS: Mapping[str, str] = {
    "asked": "ACSP", "unknown": "PDNG", "accepted": "ACSP", "settled": "ACSC", "declined": "RJCT", "returned": "ACSC",
    "recalled": "ACSC",
}  # fmt: skip
"""How a movement by rail stands, as the status of its order. What came back was carried out before: the reason says so."""
OF_LINES: Mapping[str, str] = {"understood": "PDNG", "waits": "ACCP", "made": "ACSC", "refused": "RJCT"}


def file_id(party_id: str, message_id: str) -> str:
    """A file's id: one for each message id of a customer."""
    return prefixed("orderfile", derived(f"order-file {party_id} {message_id}"))


def digest_of(told: Initiation) -> str:
    """What a file orders, however it is written."""
    lines = [
        [each.batch, each.instruction_id, each.end_to_end_id, each.on, str(each.said), each.amount and each.amount.currency,
         each.scheme, each.account, each.name, each.memo]
        for each in told.transfers
    ]  # fmt: skip
    return hashlib.sha256(canonical([told.message_id, lines])).hexdigest()


@dataclass(frozen=True, slots=True)
class Around:
    """What orders are looked at with: the customer, the day, the account's currency, whether there is a rail, and the customers
    here whom they name, by the account as the file has it."""

    party_id: str
    today: date
    currency: str
    has_rail: bool
    payees: Mapping[str, Party]


def check_debtor(told: Initiation, party_id: str) -> None:
    """Refuse a file that orders payments from another account."""
    for each in told.transfers:
        if each.debtor != party_id:
            raise OTHER_DEBTOR(account=each.debtor[:40], party_id=party_id)


def is_here(each: CreditTransfer) -> bool:
    """Whether an order names an account of this bank: a customer's number, or a phone."""
    return each.scheme == iso.PHONE or (not each.scheme and each.account.startswith(OURS))


def line_of(of_file: str, number: int, each: CreditTransfer, around: Around) -> OrderLine:
    """An order as it was understood, or with what is wrong with it."""
    taken_as = each.instruction_id or (each.end_to_end_id if each.end_to_end_id != iso.NO_ID else "")
    payee = around.payees.get(each.account) if is_here(each) else None
    line = OrderLine(
        of_file, number, around.party_id, each.batch, each.instruction_id, each.end_to_end_id, each.uetr, each.on, each.said,
        each.amount, each.account, each.name, each.memo, taken_as, _digest(each), "here" if is_here(each) else "rail",
        payee.id if payee else "", "understood",
    )  # fmt: skip
    try:
        if each.fault is not None:
            raise each.fault
        check_order(each, taken_as, payee, around)
    except Refusal as refusal:
        return refused(line, refusal)
    return line


def _digest(each: CreditTransfer) -> str:
    said = [str(each.said.normalize()), each.amount and each.amount.currency, each.scheme, each.account, each.name]
    return hashlib.sha256(canonical(said)).hexdigest()


def check_order(each: CreditTransfer, taken_as: str, payee: Party | None, around: Around) -> None:
    """Refuse an order that cannot be paid, or cannot be told from another."""
    amount = each.amount
    assert amount is not None
    if not taken_as:
        raise NO_NAME_OF_ITS_OWN()
    if amount.currency != around.currency:
        raise OTHER_MONEY(found=amount.currency, wanted=around.currency)
    payments.check_rail_amount(amount)
    if each.on < around.today:
        raise PASSED(day=each.on.isoformat(), today=around.today.isoformat())
    if each.on > around.today + timedelta(days=FARTHEST):
        raise TOO_FAR(day=each.on.isoformat(), days=FARTHEST)
    if is_here(each):
        payments.check_memo(each.memo)
        if payee is None or naming.compared(each.name, payee.name, payee.kind) != naming.SAME:
            raise PAYEE_DIFFERS()
        if payee.id == around.party_id:
            raise payments.SAME_WALLET()
        return
    payments.check_outside_account(each.account)
    if not around.has_rail:
        raise payments.RAIL_UNKNOWN(rail="-")


def refused(line: OrderLine, why: Refusal) -> OrderLine:
    """The order, which is not paid, and why; whom it was for is masked from then on."""
    return ended(replace(line, state="refused", code=why.code, reason_code=REASONS.get(why.code, "NARR")))


def ended(line: OrderLine) -> OrderLine:
    """The order without what was needed to pay it."""
    shown = masked_name(line.name) if line.name and "*" not in line.name else line.name
    account = line.account if line.account.startswith(("*", OURS)) else payments.masked(line.account)
    return replace(line, name=shown, account=account if line.account else "")


def taken(lines: Sequence[OrderLine], before: Mapping[str, tuple[str, int, str]]) -> list[OrderLine]:
    """The orders once it is known which of them were taken before: ``before`` says of each name by which file, at which place
    and with what content. Within one file the first of a name counts."""
    first = dict(before)
    found: list[OrderLine] = []
    for line in lines:
        if line.state != "understood":
            found.append(line)
            continue
        where = first.setdefault(line.taken_as, (line.file_id, line.number, line.digest))
        if where[:2] == (line.file_id, line.number):
            found.append(line)
            continue
        try:
            check_same(line, where[2])
            found.append(ended(replace(line, state="known")))
        except Refusal as refusal:
            found.append(refused(line, refusal))
    return found


def check_same(line: OrderLine, digest: str) -> None:
    """Refuse an order under the name of another that says something else."""
    if digest != line.digest:
        raise ID_REUSED(taken_as=line.taken_as)


def check_agree(found: OrderFile, lines: Sequence[OrderLine]) -> None:
    """Refuse to agree to what was agreed to before, or to what pays nobody."""
    if found.state != "brought":
        raise NOT_BROUGHT()
    if not any(each.state == "understood" for each in lines):
        raise NOTHING_TO_PAY()


def agreed_seen(command: AgreeOrders, done: FileTold) -> dict[str, Any]:
    """What whoever agrees must have seen: what is paid, to how many, and what is not."""
    counted = {each.status: each.orders for each in done.sums}
    return {
        "message_id": done.message_id, "pays": done.pays, "by_rail": done.pays_by_rail, "orders": counted.get("ACCP", 0),
        "refused": counted.get("RJCT", 0),
    }  # fmt: skip


def transfer_id(line: OrderLine) -> str:
    """The id of the transfer that pays an order here: one, whoever makes it and how often."""
    return f"{line.file_id}.{line.number}"


def standing(line: OrderLine, movement: RailPayment | None) -> Standing:
    """How an order stands; ``movement`` pays it by rail. Of one that was taken before: as the first of its name stands."""
    code, reason, words = OF_LINES.get(line.state, "PDNG"), line.reason_code, ""
    if movement is not None:
        code, reason = OF_MOVEMENTS[movement.state], movement.reason_code if movement.state != "settled" else ""
        if movement.returned is not None:
            words = f"{movement.returned} came back"
            reason = reason or "FOCR"
    return Standing(
        line.batch, line.instruction_id, line.end_to_end_id, line.uetr, line.said, code, reason,
        words or (said(reason).en if reason and reason != "NARR" else line.code),
        end_to_end_id_of(line.payment_id) if line.payment_id else "",
    )  # fmt: skip


def as_first(line: OrderLine, first: Standing, of_file: str) -> Standing:
    """How an order stands that was taken before: as the first, with a word of that."""
    words = f"taken before, by the file {of_file}"
    return replace(
        first, batch=line.batch, end_to_end_id=line.end_to_end_id, instruction_id=line.instruction_id, uetr=line.uetr,
        reason_code=first.reason_code or "DU05", words=words,
    )  # fmt: skip


def sum_of(lines: Sequence[OrderLine], currency: str) -> Money:
    """What orders come to whose amounts could be read."""
    return Money(sum(each.amount.minor for each in lines if each.amount and each.amount.currency == currency), currency)


def plain(said_amount: Decimal, line: OrderLine) -> str:
    """An amount as the file says it, in the decimals of its currency where it can be one."""
    if line.amount is None:
        return format(said_amount, "f")
    return f"{said_amount:.{EXPONENTS[line.amount.currency]}f}"


def report_id(of_file: str, at: datetime) -> str:
    """What an answer to a file is called: at most 35 characters, another one each second."""
    return f"{of_file.rpartition('_')[2][:12]}-{at:%Y%m%d%H%M%S}"
