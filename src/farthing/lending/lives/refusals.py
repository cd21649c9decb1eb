"""Own what a loan's life refuses: facts that cannot have happened in the order told."""

from __future__ import annotations

from typing import Any

from farthing.kit.errors import Refusal, conflict, declined, malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.lives.events import Event
from farthing.lending.lives.names import event_named

NOT_PAID_OUT = conflict(
    "lending.not_paid_out",
    "The {event} of {on} is before the first payment out; put the payment out first.",
    "{on} 的{event_zh}早于首次放款；请先写明放款。",
)
LOAN_CLOSED = conflict(
    "lending.life_closed",
    "Nothing is owed or owing on {on}; the {event} comes after the loan is closed.",
    "{on} 已无欠款也无余款，{event_zh}发生在贷款结清之后。",
)
NO_AMOUNT = malformed(
    "lending.event_needs_amount",
    "The {event} of {on} needs an amount of more than zero.",
    "{on} 的{event_zh}须有大于零的金额。",
)
EVENT_NEEDS = malformed(
    "lending.event_needs", "The {event} of {on} needs the field {field}.", "{on} 的{event_zh}缺少字段 {field}。"
)
NAME_UNKNOWN = malformed(
    "lending.event_name_unknown",
    "The {event} of {on} names {of}, and no earlier event has that name.",
    "{on} 的{event_zh}指向 {of}，此前没有该名称的事件。",
)
NAME_TWICE = malformed(
    "lending.event_name_twice",
    "Two events are named {name}; give each its own name.",
    "有两个事件名为 {name}；名称不可重复。",
)
REVERSED_TWICE = conflict(
    "lending.reversed_twice", "{of} is reversed already.", "{of} 已经撤销。"
)  # fmt: skip
NOT_REVERSIBLE = declined(
    "lending.not_reversible",
    "{of} is no money that was paid in, but the {event} of {on}; only money that was paid in can be charged back.",
    "{of} 不是已收款项，而是 {on} 的{event_zh}；只有已收款项可以退回。",
)
SHORTENS = declined(
    "lending.shortens_what_is_due",
    "The {event} of {on} would make {what} earlier than it is due now; a reschedule never shortens what is due.",
    "{on} 的{event_zh}会使 {what} 早于现到期日；重新安排不得缩短期限。",
)
NO_SUCH_INSTALMENT = declined(
    "lending.no_such_instalment",
    "No instalment that is not paid falls due on {due_on}.",
    "{due_on} 没有未结清的到期分期。",
)
MORE_THAN_OPEN = declined(
    "lending.more_than_open",
    "The {event} of {on} is for {amount}, and {open} is what there is of {of}; ask for less.",
    "{on} 的{event_zh}金额为 {amount}，{of_zh}仅有 {open}；请减少金额。",
)
CHARGED_OFF_ALREADY = conflict(
    "lending.given_up_already",
    "The loan was charged off or written off before {on}; the {event} cannot follow.",
    "贷款在 {on} 之前已转销或核销；之后不能办理{event_zh}。",
)
NOT_WRITTEN_OFF = conflict(
    "lending.nothing_written_off",
    "Nothing was charged off or written off before {on}; a recovery has nothing to recover.",
    "{on} 之前没有核销款项，无可收回。",
)
PERIOD_TOO_SHORT = declined(
    "lending.no_period_left",
    "The {event} of {on} comes after the last due day; no instalment is left that it could change.",
    "{on} 的{event_zh}晚于最后到期日；没有可变更的分期。",
)
PAUSE_BACKWARDS = malformed(
    "lending.pause_backwards",
    "A pause ends on {until}, before it begins on {on}.",
    "暂停于 {until} 结束，早于 {on} 开始。",
)


def about(event: Event) -> dict[str, Any]:
    """The facts of a refusal that say which event is refused."""
    return {"do": event.do, "on": event.on, **event_named(event.do)}


OWED, GIVEN_UP = Words("what is owed", "欠款"), Words("what was given up and is not recovered", "未收回的已核销款项")
OWED_BACK, PAID = Words("what is owed back", "溢缴款"), Words("that payment", "该笔还款")


def more_than_open(event: Event, open_minor: int, currency: str, of: Words) -> Refusal:
    """Refuse an amount of which there is less: ``open_minor`` of what is named."""
    amount, there = (str(Money(minor, currency)) for minor in (event.amount, open_minor))
    return MORE_THAN_OPEN(**about(event), amount=amount, open=there, of=of.en, of_zh=of.zh)
