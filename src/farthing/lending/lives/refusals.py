"""Own what a loan's life refuses: facts that cannot have happened in the order told."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, malformed

NOT_PAID_OUT = conflict(
    "lending.not_paid_out",
    "{do} on {on} is before the first payment out; put pay_out first.",
    "{on} 的 {do} 早于首次放款；请先写 pay_out。",
)
LOAN_CLOSED = conflict(
    "lending.life_closed",
    "Nothing is owed or owing on {on}; {do} comes after the loan is closed.",
    "{on} 已无欠款也无余款，{do} 发生在贷款结清之后。",
)
NO_AMOUNT = malformed(
    "lending.event_needs_amount",
    "{do} on {on} needs an amount of more than zero.",
    "{on} 的 {do} 须有大于零的金额。",
)
EVENT_NEEDS = malformed(
    "lending.event_needs", "{do} on {on} needs the field {field}.", "{on} 的 {do} 缺少字段 {field}。"
)
NAME_UNKNOWN = malformed(
    "lending.event_name_unknown",
    "{do} on {on} names {of}, and no earlier event has that name.",
    "{on} 的 {do} 指向 {of}，此前没有该名称的事件。",
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
    "{of} is a {do} and cannot be taken back by {by}; only money that was paid in can be charged back.",
    "{of} 是 {do}，不能用 {by} 撤回；只有已收款项可以退回。",
)
SHORTENS = declined(
    "lending.shortens_what_is_due",
    "{do} on {on} would make {what} earlier than it is due now; a reschedule never shortens what is due.",
    "{on} 的 {do} 会使 {what} 早于现到期日；重新安排不得缩短期限。",
)
NO_SUCH_INSTALMENT = declined(
    "lending.no_such_instalment",
    "No instalment that is not paid falls due on {due_on}.",
    "{due_on} 没有未结清的到期分期。",
)
MORE_THAN_OPEN = declined(
    "lending.more_than_open",
    "{do} on {on} is for {amount} and {open} is open; ask for less.",
    "{on} 的 {do} 金额为 {amount}，可用仅 {open}；请减少金额。",
)
CHARGED_OFF_ALREADY = conflict(
    "lending.given_up_already",
    "The loan was charged off or written off before {on}; {do} cannot follow.",
    "贷款在 {on} 之前已核销；不能再 {do}。",
)
NOT_WRITTEN_OFF = conflict(
    "lending.nothing_written_off",
    "Nothing was charged off or written off before {on}; a recovery has nothing to recover.",
    "{on} 之前没有核销款项，无可收回。",
)
PERIOD_TOO_SHORT = declined(
    "lending.no_period_left",
    "{do} on {on} comes after the last due day; no instalment is left that it could change.",
    "{on} 的 {do} 晚于最后到期日；没有可变更的分期。",
)
PAUSE_BACKWARDS = malformed(
    "lending.pause_backwards",
    "A pause ends on {until}, before it begins on {on}.",
    "暂停于 {until} 结束，早于 {on} 开始。",
)
