"""Decide about requests to pay: who may ask whom and how often, how a bill is divided, and what may become of one. Pure.

Order of checks of asking: the amount, the reason, the days, how many people, each person once; then whether one of them takes no
requests, how many wait there already, and how many were made today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from farthing.kit.errors import Refusal, conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money, positive, total
from farthing.payments.requests.model import AskToPay, PayRequest, Request, RequestPaid, SplitBill
from farthing.payments.rules import looked_seen
from farthing.products.pay_requests import PayRequests

DAYS, SPLIT = 30, 100
"""What bounds a request where the law in force says nothing."""

UNKNOWN = not_found("requests.unknown", "There is no such request.", "没有这笔收款请求。")
NOT_OPEN = conflict(
    "requests.not_open",
    "This request is no longer open: it is {state}.",
    "此收款请求已结束：{state_zh}。",
)
OWN = malformed("requests.own", "Nobody asks oneself; ask somebody else.", "不能向自己发起收款；请选择他人。")
TOO_LONG = malformed(
    "requests.too_long",
    "A request is good for at most {most} days; {days} were asked for.",
    "收款请求有效期至多 {most} 天；申请 {days} 天。",
)
NOT_TAKEN = declined(
    "requests.not_taken",
    "{name} takes no requests of yours; speak to each other.",
    "{name} 不接收您的收款请求；请直接联系对方。",
)
TOO_MANY_OPEN = declined(
    "requests.too_many_open",
    "{name} has {most} requests of yours to answer already ({article}); wait for an answer, or withdraw one.",
    "{name} 尚有您的 {most} 笔收款请求未处理（{article_zh}）；请等待答复，或先撤回一笔。",
)
TOO_MANY_OF_ONE = declined(
    "requests.too_many_of_one",
    "You asked {name} {most} times today ({article}); ask again tomorrow.",
    "您今日已向 {name} 发起 {most} 次收款请求（{article_zh}）；请明日再试。",
)
TOO_MANY = declined(
    "requests.too_many",
    "You may ask for money {most} times in a day ({article}), and did {gone} times; go on tomorrow.",
    "每日至多发起 {most} 次收款请求（{article_zh}），今日已发起 {gone} 次；请明日再试。",
)
REMINDED = declined(
    "requests.reminded", "You reminded today; once a day is enough.", "今日已提醒过；每日至多提醒一次。"
)
BLOCK_UNKNOWN = not_found("requests.block_unknown", "You block nobody of this id.", "没有这条屏蔽记录。")
NOBODY = malformed(
    "requests.nobody", "A bill is split among at least one other person.", "分摊账单至少须有一位其他人。"
)
TWICE = malformed("requests.twice", "Each person has one part in a bill.", "同一人在一笔账单中只能有一份。")
TOO_MANY_PEOPLE = declined(
    "requests.too_many_people",
    "A bill is split among at most {most} people ({article}); these are {people}.",
    "一笔账单至多由 {most} 人分摊（{article_zh}）；现为 {people} 人。",
)
MIXED = malformed(
    "requests.mixed",
    "Say everybody's amount, or nobody's: then the parts are equal.",
    "请填写每个人的金额，或全部留空以平均分摊。",
)
SUM = malformed(
    "requests.sum",
    "The parts come to {parts}, and the bill is {whole}.",
    "各人金额合计 {parts}，与账单总额 {whole} 不符。",
)
TOO_SMALL = malformed(
    "requests.too_small",
    "{whole} cannot be split among {people}: somebody's part is nothing.",
    "{whole} 无法由 {people} 人分摊：有人的金额为零。",
)
STATES = {
    "held": ("being looked at by the bank", "银行核实中"), "paid": ("paid", "已支付"), "declined": ("declined", "已拒绝"),
    "expired": ("over", "已过期"), "withdrawn": ("withdrawn", "已撤回"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person who is asked: shown as ``name``, for how much."""

    payer: str
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known before somebody is asked: who takes no requests, how many wait at each, how many were made today."""

    blocked: frozenset[str]
    open: Mapping[str, int]
    today: Mapping[str, int]
    all_today: int


def check_days(limits: PayRequests | None, days: int) -> None:
    """Refuse ``requests.too_long``."""
    most = limits.days_max if limits else DAYS
    if days > most:
        raise TOO_LONG(most=most, days=days)


def check_asked(limits: PayRequests | None, wanted: Sequence[Wanted], facts: Asked) -> None:
    """Refuse what would harass: all of it, where one of several may not be asked."""
    for each in wanted:
        if each.payer in facts.blocked:
            raise NOT_TAKEN(name=each.name)
    if limits is None:
        return
    said = {"article": limits.article.en, "article_zh": limits.article.zh}
    for each in wanted:
        if facts.open.get(each.payer, 0) >= limits.open_pair_max:
            raise TOO_MANY_OPEN(name=each.name, most=limits.open_pair_max, **said)
        if facts.today.get(each.payer, 0) >= limits.pair_day_max:
            raise TOO_MANY_OF_ONE(name=each.name, most=limits.pair_day_max, **said)
    if facts.all_today + len(wanted) > limits.day_max:
        raise TOO_MANY(most=limits.day_max, gone=facts.all_today, **said)


def check_split(limits: PayRequests | None, command: SplitBill) -> None:
    """Refuse a bill that cannot be split, before anybody is looked up."""
    positive(command.total)
    people = len(command.people) + command.own
    most = limits.split_max if limits else SPLIT
    if not command.people:
        raise NOBODY()
    if people > most:
        article = limits.article if limits else None
        raise TOO_MANY_PEOPLE(
            most=most, people=people, article=article.en if article else "", article_zh=article.zh if article else ""
        )
    if len({each.whom for each in command.people}) < len(command.people):
        raise TWICE()


def parts_of(command: SplitBill) -> tuple[Money, list[Money]]:
    """One's own part and that of each other, in their order; together they are the bill, to the fen.

    Equal parts differ by a fen at most: what is left over goes to the maker first, then to the others in their order (largest
    remainder). By amounts, the maker's part is what is left; who has no part in it says amounts that come to the whole.
    """
    said = [each.amount for each in command.people if each.amount is not None]
    nothing, people = Money.zero(command.total.currency), len(command.people) + command.own
    if not said:
        parts = command.total.allocate([1] * people)
        own = parts.pop(0) if command.own else nothing
        if not all(parts):
            raise TOO_SMALL(whole=str(command.total), people=people)
        return own, parts
    if len(said) < len(command.people):
        raise MIXED()
    parts = [positive(each) for each in said]
    own = command.total - total(parts, command.total.currency)
    if own < nothing or (own and not command.own):
        raise SUM(parts=str(command.total - own), whole=str(command.total))
    return own, parts


def not_open(request: Request | None, at: datetime) -> Refusal:
    """Why a request cannot be paid, declined, withdrawn or reminded of: there is none, or it has ended."""
    if request is None:
        return UNKNOWN()
    en, zh = STATES.get(request.state_at(at), ("open", "待处理"))
    return NOT_OPEN(state=en, state_zh=zh)


def block_id(asked: str, asker: str) -> str:
    """The word of whoever blocks for whom: always the same."""
    return prefixed("block", derived(f"block\n{asked}\n{asker}"))


def may_remind(request: Request, on: date) -> None:
    """Refuse ``requests.reminded`` where one did today."""
    if request.reminded_on is not None and request.reminded_on >= on:
        raise REMINDED()


def asked_seen(command: AskToPay, done: Any) -> dict[str, Any]:
    """What whoever confirms a request must have seen."""
    return {"name": done.name, "amount": done.amount, "reason": done.reason, "days": command.days}


def split_seen(command: SplitBill, done: Any) -> dict[str, Any]:
    """What whoever confirms a split must have seen: everybody's part."""
    people = [{"name": each.name, "amount": each.amount} for each in done.people]
    return {"total": done.total, "own": done.own, "people": people, "reason": done.reason, "days": command.days}


def paid_seen(command: PayRequest, done: RequestPaid) -> dict[str, Any]:
    """What whoever pays a request must have seen: who asks, above all."""
    return {
        "request": done.id,
        "name": done.name,
        "amount": done.amount,
        "reason": done.reason,
        **looked_seen(done),
    }
