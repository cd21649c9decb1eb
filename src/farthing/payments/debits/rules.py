"""Decide about mandates and debits: who may draw, how much, when; and what goes back. Pure.

Order of checks of a debit: the amount, whether the mandate is in force, its notice, its last day, its limit a debit, its limit
a month. The last two are checked again when it is drawn, by the limits that stand then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal, conflict, declined, forbidden, malformed, not_found
from farthing.kit.money import Money, positive
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.debits.model import AnnounceDebit, Debit, Limits, Mandate, MandateView, SignMandate
from farthing.payments.wallets import DEBIT_BACK, wallet_path
from farthing.products.debit_rules import DebitRules

UNKNOWN = not_found("debits.unknown", "There is no such mandate.", "没有这份扣款授权。")
UNKNOWN_DEBIT = not_found("debits.unknown_debit", "There is no such debit.", "没有这笔扣款。")
NOT_CREDITOR = forbidden(
    "debits.not_creditor",
    "Organisations and merchants draw by mandate; a person asks to be paid.",
    "扣款授权仅限单位与商户使用；个人请发起收款请求。",
)
NO_PURPOSE = malformed("debits.no_purpose", "Say what the mandate is for.", "请填写授权用途。")
BAD_LIMITS = malformed(
    "debits.bad_limits",
    "A month's limit is no less than that of a debit, in one currency, and the last day has not gone by.",
    "每月限额不得低于单笔限额，币种须一致，且截止日不得早于今日。",
)
OVER_LAW = declined(
    "debits.over_law",
    "A debit is at most {most} ({article}); say {most} or less.",
    "单笔扣款至多 {most}（{article_zh}）；请填写不超过该金额。",
)
NOT_PROPOSED = conflict("debits.not_proposed", "This mandate was answered already.", "该授权已答复。")
NOT_IN_FORCE = declined(
    "debits.not_in_force", "This mandate is not in force; nothing is drawn by it.", "该授权未生效或已终止，不能扣款。"
)
IDLE = declined(
    "debits.idle",
    "This mandate was not used for {months} months and is dead ({article}); ask the payer for another.",
    "该授权已 {months} 个月未使用，自动失效（{article_zh}）；请重新取得授权。",
)
TOO_SOON = declined(
    "debits.too_soon",
    "A payer is told {days} days before a debit ({article}): {earliest} is the earliest day.",
    "扣款前须提前 {days} 天通知（{article_zh}）：最早为 {earliest}。",
)
AFTER_END = declined(
    "debits.after_end", "The payer lets nothing be drawn after {until}.", "付款人授权的截止日为 {until}，此后不能扣款。"
)
OVER_EACH = declined(
    "debits.over_each",
    "{amount} is more than the payer lets be drawn at once, which is {most}; nothing was drawn.",
    "{amount} 超出付款人设定的单笔限额 {most}；款项未动。",
)
OVER_MONTH = declined(
    "debits.over_month",
    "With {amount} more than {most} would be drawn in {month}, of which {gone} is drawn or announced; nothing was drawn.",
    "加上 {amount}，{month} 的扣款将超出付款人设定的每月限额 {most}（已扣或已通知 {gone}）；款项未动。",
)
NOT_ANNOUNCED = conflict("debits.not_announced", "This debit does not wait any more.", "这笔扣款已处理，不能停止。")
NOT_REFUNDABLE = declined(
    "debits.not_refundable",
    "This debit cannot be had back without a reason: it was not drawn, came back already, or its {days} days are over "
    "({article}).",
    "这笔扣款不能无理由退回：尚未扣款、已退回，或已超过 {days} 天（{article_zh}）。",
)
OWED = "assets:returned:debits"
"""What creditors owe of refunds that their wallets did not cover."""


def check_limits(limits: Limits, law: DebitRules | None, today: date) -> None:
    """Refuse limits that cannot be, or that are beyond the law."""
    positive(limits.each_max)
    positive(limits.month_max)
    same = limits.each_max.currency == limits.month_max.currency
    if not same or limits.month_max < limits.each_max or (limits.until is not None and limits.until < today):
        raise BAD_LIMITS()
    if law is not None and (limits.each_max.currency != law.each_max.currency or law.each_max < limits.each_max):
        raise OVER_LAW(most=str(law.each_max), article=law.article.en, article_zh=law.article.zh)


def lets_more(before: Limits, after: Limits) -> bool:
    """Whether other limits let more be drawn, or for longer."""
    if after.each_max.currency != before.each_max.currency or after.month_max.currency != before.month_max.currency:
        return True
    longer = before.until is not None and (after.until is None or after.until > before.until)
    return longer or after.each_max > before.each_max or after.month_max > before.month_max


def month_of(day: date) -> date:
    """The calendar month that a debit counts in, as its first day."""
    return day.replace(day=1)


def check_debit(mandate: Mandate, command: AnnounceDebit, law: DebitRules, today: date, promised: Money) -> None:
    """Refuse a debit that may not be announced. ``promised``: what of its month is drawn or announced."""
    positive(command.amount)
    if mandate.state != "active":
        raise NOT_IN_FORCE()
    if mandate.last_on is not None and add_months(mandate.last_on, law.idle_months) < today:
        raise IDLE(months=law.idle_months, article=law.article.en, article_zh=law.article.zh)
    earliest = today + timedelta(days=law.notice_days)
    if command.due_on < earliest:
        said = {"article": law.article.en, "article_zh": law.article.zh}
        raise TOO_SOON(days=law.notice_days, earliest=earliest.isoformat(), **said)
    refusal = beyond(mandate.limits, command.amount, command.due_on, promised)
    if refusal is not None:
        raise refusal


def beyond(limits: Limits, amount: Money, on: date, gone: Money) -> Refusal | None:
    """Why an amount may not be drawn on a day by the payer's limits; none where it may. ``gone``: what of the month is."""
    if limits.until is not None and on > limits.until:
        return AFTER_END(until=limits.until.isoformat())
    if amount.currency != limits.each_max.currency or amount > limits.each_max:
        return OVER_EACH(amount=str(amount), most=str(limits.each_max))
    if gone + amount > limits.month_max:
        return OVER_MONTH(amount=str(amount), most=str(limits.month_max), month=f"{on:%Y-%m}", gone=str(gone))
    return None


@dataclass
class Month:
    """What of each mandate's months is drawn, while a group of debits is folded."""

    drawn: dict[tuple[str, date], int] = field(default_factory=dict)

    def gone(self, debit: Debit, on: date) -> Money:
        """What of the month of a day is drawn under the debit's mandate."""
        return Money(self.drawn.get((debit.mandate_id, month_of(on)), 0), debit.amount.currency)

    def add(self, debit: Debit, on: date) -> None:
        """Count a debit as drawn."""
        key = debit.mandate_id, month_of(on)
        self.drawn[key] = self.drawn.get(key, 0) + debit.amount.minor

    def take_off(self, debit: Debit, on: date) -> None:
        """Count a debit no more: it was not drawn."""
        self.drawn[debit.mandate_id, month_of(on)] -= debit.amount.minor


def drawable(
    debits: Sequence[Debit], mandates: Mapping[str, Mandate], month: Month, on: date
) -> list[tuple[Money, Refusal | None]]:
    """Which of these debits may be drawn on a day, in their order, each after those before it; with what of its month was gone.

    A mandate that is not there is not in force.
    """
    found: list[tuple[Money, Refusal | None]] = []
    for each in debits:
        mandate, gone = mandates.get(each.mandate_id), month.gone(each, on)
        refusal = NOT_IN_FORCE() if mandate is None else beyond(mandate.limits, each.amount, on, gone)
        if refusal is None:
            month.add(each, on)
        found.append((gone, refusal))
    return found


def back_entry(debit: Debit, mandate: Mandate, covered: Money, on: date, home: str) -> JournalEntry:
    """Give a debit back: out of the creditor's wallet as far as it goes, the rest is owed by the creditor.

    liabilities:wallets:CREDITOR  covered
    assets:returned:debits        the rest
        liabilities:wallets:PAYER  -amount
    """
    currency = debit.amount.currency
    lines = (
        Posting(wallet_path(mandate.creditor, currency, home), covered), Posting(OWED, debit.amount - covered),
        Posting(wallet_path(mandate.payer, currency, home), -debit.amount),
    )  # fmt: skip
    return JournalEntry(
        f"debit-back:{debit.id}", DEBIT_BACK, on, tuple(each for each in lines if each.amount), debit.memo
    )


def signed_seen(command: SignMandate, done: MandateView) -> dict[str, Any]:
    """What whoever signs a mandate must have seen: who draws, what for, and the own limits."""
    return {
        "mandate": done.id, "name": done.name, "purpose": done.purpose, "each_max": done.each_max, "month_max": done.month_max,
        "until": done.until, "notice_days": done.notice_days, "refund_days": done.refund_days,
    }  # fmt: skip
