"""Decide about disputes: who may say what when, who wins by silence, and what moves. Pure.

    open -> answered -> decided -> ended
        \\-> ended (accepted, silent)  \\-> second -> ended
    withdrawn: by the payer, before it is decided

Money moves twice at most: when it is opened, where the pack advances it, and at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money, positive
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.disputes.model import (
    AnswerPayer,
    ContestDispute,
    DisputeLine,
    DisputeView,
    Outcome,
    PaymentDispute,
    Role,
    Said,
)
from farthing.payments.merchants.rules import EARNED
from farthing.payments.wallets import DISPUTE_BACK, DISPUTE_CREDIT, DISPUTE_OWED, DISPUTE_PAID, wallet_path
from farthing.products.dispute_rules import DisputeRules

ADVANCED, OWED = "assets:returned:advanced", "assets:returned:disputes"
"""What the bank advanced to payers while a dispute lasts; what sides owe of one that ended."""

UNKNOWN = not_found("disputes.unknown", "There is no such dispute.", "没有这项争议。")
NO_PAYMENT = not_found(
    "disputes.no_payment",
    "There is no payment of yours to a merchant, and no debit of yours, under {reference}.",
    "没有您付给商户的款项或您的扣款 {reference}。",
)
TOO_LATE = declined(
    "disputes.too_late",
    "It is disputed within {days} days; ring us up. The rule: {article}.",
    "须在 {days} 天内提出争议；请致电本行。依据：{article_zh}。",
)
REFUND_FIRST = declined(
    "disputes.refund_first",
    "You have this debit back without a reason until {until}: take that way.",
    "{until} 前可无理由退回该扣款：请直接办理退回。",
)
NOT_A_REASON = malformed(
    "disputes.not_a_reason",
    "A debit is disputed because it was not authorised; no other reason counts.",
    "扣款争议的理由只能是未经授权。",
)
WHOLE = malformed("disputes.whole", "A debit is disputed as a whole.", "扣款须按全额提出争议。")
TOO_MUCH = declined(
    "disputes.too_much",
    "Of this payment {left} is not given back or disputed; {asked} was asked for.",
    "该付款尚有 {left} 未退回或未被争议；申请 {asked}。",
)
BEFORE = conflict(
    "disputes.before", "This payment was disputed before; that dispute stands.", "该付款此前已提出争议；以原争议为准。"
)
NO_WORDS = malformed("disputes.no_words", "Say what happened; the other side reads it.", "请说明情况，对方可见。")
NOT_NOW = conflict(
    "disputes.not_now",
    "That is not possible now: the dispute is {state}.",
    "目前不能办理：该争议{state_zh}。",
)
TWO = declined(
    "disputes.two_persons",
    "Two persons decide from {amount} on, and whenever it is for good; draft it for a second person.",
    "{amount} 及以上以及终局裁定须两人办理；请提交复核。",
)
STATES = {
    "open": ("waiting for an answer", "待答复"), "answered": ("before the bank", "本行核查中"), "decided": ("decided", "已裁定"),
    "second": ("before the bank for the last time", "本行终局核查中"), "ended": ("over", "已结束"),
    "withdrawn": ("withdrawn", "已撤回"),
}  # fmt: skip


def dispute_id(kind: str, payment_id: str) -> str:
    """The name of the one dispute that there is of a payment."""
    return prefixed("dispute", derived(f"dispute {kind} {payment_id}"))


def reference_of(dispute: PaymentDispute) -> str:
    """The entry of what is disputed."""
    return f"{'code-pay' if dispute.kind == 'code' else 'transfer'}:{dispute.payment_id}"


def check_words(words: str) -> str:
    """What is said, without its margins; refuses ``disputes.no_words``."""
    if not words.strip():
        raise NO_WORDS()
    return words.strip()


def check_late(paid_on: date, today: date, days: int, law: DisputeRules) -> None:
    """Refuse what was paid too long ago."""
    if (today - paid_on).days > days:
        raise TOO_LATE(days=days, article=law.article.en, article_zh=law.article.zh)


def check_amount(asked: Money | None, left: Money) -> Money:
    """How much is disputed: what is said, or all that is left; refuses ``disputes.too_much``."""
    amount = asked or left
    if amount.currency != left.currency or amount > left or not left.minor:
        raise TOO_MUCH(left=str(left), asked=str(amount))
    positive(amount)
    return amount


def check_whole(asked: Money | None, amount: Money) -> None:
    """Refuse a part of a debit."""
    if asked not in (None, amount):
        raise WHOLE()


def need(dispute: PaymentDispute, *states: str) -> PaymentDispute:
    """A dispute that is in one of some states; refuses ``disputes.not_now``."""
    if dispute.state not in states:
        english, chinese = STATES[dispute.state]
        raise NOT_NOW(state=english, state_zh=chinese)
    return dispute


def answered(dispute: PaymentDispute, command: AnswerPayer) -> PaymentDispute:
    """What an answer makes of a dispute: before the bank, or over where it is accepted."""
    need(dispute, "open")
    if command.accept:
        return replace(dispute, state="ended", outcome="payer", until_on=None)
    check_words(command.words)
    return replace(dispute, state="answered", until_on=None)


def decided(dispute: PaymentDispute, outcome: Outcome, today: date, law: DisputeRules) -> PaymentDispute:
    """What a decision makes of it: whoever lost may ask once more, or it is for good."""
    if need(dispute, "answered", "second").state == "second":
        return replace(dispute, state="ended", outcome=outcome, until_on=None)
    return replace(dispute, state="decided", outcome=outcome, until_on=today + timedelta(days=law.second_days))


def contested(dispute: PaymentDispute, command: ContestDispute) -> PaymentDispute:
    """Once more before the bank, because whoever lost asks."""
    check_words(command.words)
    loser = dispute.side if dispute.outcome == "payer" else dispute.payer
    if need(dispute, "decided") and command.party_id != loser:
        raise NOT_NOW(state="decided for you", state_zh="已裁定您方胜出")
    return replace(dispute, state="second", until_on=None)


def over(dispute: PaymentDispute) -> tuple[PaymentDispute, str]:
    """What becomes of a dispute whose day is over, and what is said of it: silence loses, a decision stands."""
    if dispute.state == "open":
        return replace(dispute, state="ended", outcome="payer", until_on=None), "silent"
    return replace(dispute, state="ended", until_on=None), "ended"


def needs_two(dispute: PaymentDispute, law: DisputeRules) -> bool:
    """Whether two persons decide."""
    return dispute.state == "second" or dispute.amount >= law.two_from


def may(dispute: PaymentDispute, role: Role) -> tuple[str, ...]:
    """What a side may do now."""
    found = []
    if role == "payer" and dispute.state in ("open", "answered"):
        found.append("withdraw")
    if role == "side" and dispute.state == "open":
        found.append("answer")
    if dispute.state == "decided" and dispute.outcome == ("merchant" if role == "payer" else "payer"):
        found.append("contest")
    return tuple(found)


def lines(said: Sequence[Said]) -> tuple[DisputeLine, ...]:
    """What was said, as everybody reads it."""
    return tuple(DisputeLine(each.kind, each.by, each.outcome, each.digest, each.on, each.words) for each in said)


def view(dispute: PaymentDispute, party_id: str, told: tuple[DisputeLine, ...], name: str) -> DisputeView:
    """A dispute as one of its sides sees it."""
    role: Role = "payer" if party_id == dispute.payer else "side"
    owed = dispute.owed if dispute.owes == party_id else Money.zero(dispute.amount.currency)
    return DisputeView(
        dispute.id, role, reference_of(dispute), dispute.amount, dispute.fee, dispute.reason, dispute.state, dispute.outcome,
        dispute.until_on, dispute.provisional, owed, dispute.opened_on, dispute.ended_on, may(dispute, role), told, name,
    )  # fmt: skip


def advanced(dispute: PaymentDispute, on: date, home: str) -> JournalEntry:
    """The payer has the money while it lasts.

    assets:returned:advanced      amount
        liabilities:wallets:PAYER  -amount
    """
    wallet = wallet_path(dispute.payer, dispute.amount.currency, home)
    return _entry(dispute, "advanced", DISPUTE_CREDIT, on, [(ADVANCED, dispute.amount), (wallet, -dispute.amount)])


@dataclass
class Purses:
    """What wallets may spend while a group of disputes is ended, each after those before it."""

    available: Mapping[str, int]
    taken: dict[str, int] = field(default_factory=dict)

    def take(self, path: str, amount: Money) -> Money:
        """As much as is there, up to an amount."""
        left = max(0, self.available.get(path, 0) - self.taken.get(path, 0))
        minor = min(left, amount.minor)
        self.taken[path] = self.taken.get(path, 0) + minor
        return Money(minor, amount.currency)


def ended(dispute: PaymentDispute, purses: Purses, on: date, home: str) -> tuple[JournalEntry | None, PaymentDispute]:
    """What the end of a dispute posts, and the dispute with what somebody owes then.

    for the payer     liabilities:wallets:MERCHANT  amount + fee, as far as it is there
                      assets:returned:disputes      the rest, which he owes
                          liabilities:wallets:PAYER  -amount (assets:returned:advanced, where he has it already)
                          income:fees:merchants      -fee
    for the merchant  liabilities:wallets:PAYER     amount, as far as it is there; only where he had it already
                      assets:returned:disputes      the rest, which he owes
                          assets:returned:advanced   -amount
    """
    currency = dispute.amount.currency
    payer, side = (wallet_path(each, currency, home) for each in (dispute.payer, dispute.side))
    if dispute.outcome == "payer":
        whole = dispute.amount + dispute.fee
        there = purses.take(side, whole)
        to = ADVANCED if dispute.provisional else payer
        legs = [(side, there), (OWED, whole - there), (to, -dispute.amount), (EARNED, -dispute.fee)]
        entry = _entry(dispute, "paid", DISPUTE_PAID, on, legs)
        return entry, replace(dispute, owed=whole - there, owes=dispute.side if whole - there else "")
    if not dispute.provisional:
        return None, dispute
    there = purses.take(payer, dispute.amount)
    rest = dispute.amount - there
    entry = _entry(dispute, "back", DISPUTE_BACK, on, [(payer, there), (OWED, rest), (ADVANCED, -dispute.amount)])
    return entry, replace(dispute, owed=rest, owes=dispute.payer if rest else "")


def collected(dispute: PaymentDispute, there: Money, on: date, home: str) -> JournalEntry:
    """What somebody owes is taken out of the wallet, as far as it is there.

    liabilities:wallets:SIDE       there
        assets:returned:disputes   -there
    """
    wallet = wallet_path(dispute.owes, dispute.amount.currency, home)
    name = f"owed:{dispute.collected + 1}"
    return _entry(dispute, name, DISPUTE_OWED, on, [(wallet, there), (OWED, -there)])


def _entry(dispute: PaymentDispute, name: str, kind: str, on: date, legs: Sequence[tuple[str, Money]]) -> JournalEntry:
    lines = tuple(Posting(path, amount) for path, amount in legs if amount)
    return JournalEntry(f"dispute:{dispute.id}:{name}", kind, on, lines)
