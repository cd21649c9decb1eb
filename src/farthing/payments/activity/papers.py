"""Own the statement of a wallet as PDF/A-3, Chinese and English beside each other.

Pure: it says what it is given, adds it up again and refuses to print sums that differ. The canonical JSON of all it says is
attached. Never reads a wallet.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import EXPONENTS, Money, total
from farthing.kit.words import Words
from farthing.signing.typesetting import AT_ONCE, typesetter

_TEMPLATE = Path(__file__).parent / "statement.typ"

WHAT = {
    "transfer": Words("Transfer", "转账"),
    "top-up": Words("Top-up", "充值"),
    "pay-out": Words("Pay-out", "提现"),
    "debit-back": Words("Debit given back", "扣款退回"),
    "dispute-credit": Words("Advance for a dispute", "争议垫付"),
    "dispute-paid": Words("Disputed payment given back", "争议款项退回"),
    "dispute-back": Words("Advance taken back", "争议垫付收回"),
    "dispute-owed": Words("Owed of a dispute", "争议欠款扣收"),
    "report-back": Words("Reported money given back", "涉诈款项退回"),
    "packet": Words("Red packet", "红包"),
    "packet-sent": Words("Red packet sent", "发红包"),
    "packet-back": Words("Red packet given back", "红包退回"),
    "code-pay": Words("Payment by code", "扫码付款"),
    "code-refund": Words("Refund", "退款"),
    "code-settled": Words("Takings paid out", "收款结算"),
    "code-fee": Words("Fee for takings", "收款手续费"),
    "agent-in": Words("Cash paid in at an agent", "代理点存入现金"),
    "agent-out": Words("Cash drawn at an agent", "代理点支取现金"),
    "agent-float": Words("Float bought or sold", "备付额度买卖"),
    "agent-commission": Words("Commission for cash", "现金业务佣金"),
    "pay-out.back": Words("Pay-out that came back", "提现退回"),
    "suspense": Words("Money from a bank", "他行转入"),
    "top-up.back": Words("Top-up taken back", "充值被撤回"),
    "cash.in": Words("Cash paid in", "现金存入"),
    "cash.out": Words("Cash drawn", "现金支取"),
    "savings.deposit": Words("Into savings", "存入存款"),
    "savings.withdrawal": Words("From savings", "存款转回"),
    "fund.subscribe": Words("Into the fund", "申购基金"),
    "fund.cancel": Words("Order taken back", "撤销申购"),
    "fund.pay": Words("From the fund", "基金赎回"),
    "fund.instant": Words("From the fund, fast", "基金快速赎回"),
    "disbursement": Words("Loan paid out", "放款"),
    "repayment": Words("Repayment", "还款"),
    "receivable-paid": Words("Confirmed payable paid", "应付账款兑付"),
    "crowd-given": Words("Given to a project", "众筹支持"),
    "crowd-back": Words("Back from a project", "众筹退款"),
    "crowd-released": Words("Milestone of a project", "众筹里程碑付款"),
    "complaint-redress": Words("Redress for a complaint", "投诉补偿"),
}
"""Names of movements; any other is a movement."""
OTHER = Words("Movement", "收支")


@dataclass(frozen=True, slots=True)
class Institution:
    """Who gives the paper."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as it is printed."""

    on: date
    what: Words
    other: str
    memo: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class WalletStatement:
    """All that a statement says."""

    number: str
    institution: Institution
    holder: str
    made_on: date
    from_on: date
    to_on: date
    opening: Money
    came_in: Money
    went_out: Money
    closing: Money
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        moved = total([line.amount for line in self.lines], self.opening.currency)
        if self.opening + moved != self.closing or self.came_in - self.went_out != moved:
            raise InvariantBroken(f"statement {self.number} goes from {self.opening} to {self.closing} by {moved}")


def render(said: WalletStatement, made_at: datetime) -> bytes:
    """Print a statement; the same statement and instant give the same bytes."""
    attached = canonical(said)
    shown = json.dumps({"exponents": dict(EXPONENTS), "terms_digest": hashlib.sha256(attached).hexdigest()})
    pdf, _ = typesetter(_TEMPLATE, AT_ONCE).set({"terms": attached.decode(), "shown": shown}, made_at)
    return pdf
