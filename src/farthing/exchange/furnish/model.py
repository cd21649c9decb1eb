"""Own the nouns of furnishing: a row, what is known of its account, what the gate says, a cycle and its result. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.words import Words

ROLES = ("borrower", "joint", "guarantor")
FLAGS = ("over_limit",)
"""What a row may say of itself that the gate would else refuse."""
CYCLE_MALFORMED = malformed(
    "exchange.cycle_malformed",
    "The message of a cycle cannot be read at {field}: {expected}.",
    "批次报文中 {field} 无法读取：应为{expected}。",
)
CYCLE_AHEAD = declined(
    "exchange.cycle_ahead",
    "{period} is not over; its cycle is told from {from_on} on.",
    "{period} 尚未结束；该期批次自 {from_on} 起报送。",
)
PART_DIFFERS = conflict(
    "exchange.part_differs",
    "The cycle {cycle} has been told this ({part}) before, and otherwise; what was told stays. Send a further attempt.",
    "批次 {cycle} 此前已报送过该部分（{part}），且内容不同；已报送的内容保持不变，请以新的批次重新报送。",
)
DOES_NOT_SUM = declined(
    "exchange.cycle_does_not_sum",
    "The cycle {cycle} does not sum: it tells {told} of {what}, and its rows come to {found}. Nothing of it is recorded.",
    "批次 {cycle} 合计不符：{what} 申报为 {told}，明细合计为 {found}。该批次全部未入库。",
)
VANISHED = declined(
    "exchange.accounts_vanished",
    "The cycle {cycle} says nothing of {vanished} of {open} accounts that are open; at most {most} may go missing. Tell how each "
    "ended, or what it did.",
    "批次 {cycle} 缺少 {open} 个未结清账户中的 {vanished} 个；最多可缺 {most} 个。请报送各账户的状态或结束情况。",
)
PERIOD_TOLD = declined(
    "exchange.period_told",
    "Of {period} a cycle was taken before; tell what was left out or wrong in a later cycle, row by row.",
    "{period} 的批次此前已入库；遗漏或更正请在以后的批次中逐笔报送。",
)

Level = Literal["refused", "warned"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the gate: what it does to a row, and why, in words."""

    level: Level
    words: Words


def _no(en: str, zh: str) -> Rule:
    return Rule("refused", Words(en, zh))


RULES: Mapping[str, Rule] = {
    "unreadable": _no("a field is missing, unknown, or of another kind", "字段缺失、未知或类型不符"),
    "bad_document": _no("the document's number does not check", "证件号码校验不通过"),
    "twice": _no("the account stands in the cycle twice", "同一批次中账户重复"),
    "account_of_another": _no("the account is another borrower's", "该账户属于另一借款人"),
    "name_differs": _no("the document's number is known under another name", "该证件号码已登记为其他姓名"),
    "class_not_furnished": _no("the member does not furnish this class", "成员机构未登记报送该类别"),
    "unknown_code": _no("the code is in no table", "代码不在对照表中"),
    "code_differs": _no("the code says something else than the status", "代码与状态不一致"),
    "period_ahead": _no("the period is after the cycle's", "所属期晚于批次所属期"),
    "as_of_outside_period": _no("the row is not as of a day of its period", "数据日期不在所属期内"),
    "future_date": _no("a date is after the day that the row is as of", "日期晚于数据日期"),
    "over_limit": _no("the balance is more than the limit allows", "余额超过额度上限"),
    "paid_with_balance": _no("ended, and something is owed", "已结束但仍有余额"),
    "status_against_dpd": _no("the status and the days past due differ", "状态与逾期天数不一致"),
    "status_against_amounts": _no("the status and the amounts differ", "状态与金额不一致"),
    "dpd_jumps": _no("more days past due than days have passed", "逾期天数增长超过经过的天数"),
    "after_end": _no("the account had ended", "账户此前已结束"),
    "delinquency_after_status": _no("the first delinquency is too late for the days past due", "首次逾期日晚于逾期天数所示"),
    "no_delinquency": _no("past due without the day of the first delinquency", "逾期但未报首次逾期日"),
    "delinquency_while_current": _no("a first delinquency, and nothing is past due", "未逾期却报有首次逾期日"),
    "re_aged": _no("the first delinquency was earlier", "首次逾期日被后移"),
    "no_notice": _no("the person was not told before", "未事先告知信息主体"),
    "told_before": _no("the month was told before, otherwise; a correction says why", "该月已报送且内容不同；更正须说明原因"),
    "terms_changed": _no("the account was opened otherwise; a correction says why", "账户基本信息与此前不同；更正须说明原因"),
    "origin_unknown": _no("no account was sold under that reference", "没有以该编号转出的账户"),
    "late": Rule("warned", Words("of an earlier period than the cycle", "所属期早于批次所属期")),
    "due_over_balance": Rule("warned", Words("more is due than is owed", "应还金额大于余额")),
}  # fmt: skip
"""Every rule for a row, by its code. Of a whole file refuse ``exchange.cycle_does_not_sum``, ``exchange.accounts_vanished``,
``exchange.period_told``; what is only warned of a file is in :data:`FILE_WARNINGS`."""
FILE_WARNINGS: Mapping[str, Words] = {
    "late_share": Words("many rows are of earlier periods", "迟报数据占比过高"),
    "shifted": Words("the rows are spread otherwise than in the last cycle", "数据分布与上一批次相比明显偏移"),
    "some_vanished": Words("some open accounts are told of no more", "部分未结清账户未再报送"),
}


class Row(NamedTuple):
    """What is told of an account for a month. ``subject``, ``masked``: whose document's number it is; ``origin``: after a sale
    the seller and its reference; ``code``: how another system says the status, such as ``pboc2:3``."""

    number: int
    subject: str
    masked: str
    name: str
    reference: str
    cls: str
    role: str
    opened_on: date
    currency: str
    original: int
    security: str
    origin: str
    period: date
    as_of: date
    limit: int | None
    balance: int | None
    due: int | None
    paid: int | None
    dpd: int | None
    status: str
    code: str
    five_class: str
    first_delinquency_on: date | None
    closed_on: date | None
    notice_on: date | None
    notice: str
    flags: tuple[str, ...]
    reason: str

    @property
    def account(self) -> tuple[str, str, str]:
        """Which account of its furnisher it is, in whose name and role."""
        return (self.reference, self.role, self.subject)

    @property
    def terms(self) -> tuple[Any, ...]:
        """What never changes of an account, unless it is corrected."""
        return (self.cls, self.opened_on, self.currency, self.original, self.security, self.origin)

    @property
    def said(self) -> tuple[Any, ...]:
        """What it says of the month."""
        return (
            self.limit, self.balance, self.due, self.paid, self.dpd, self.status, self.code, self.five_class,
            self.first_delinquency_on, self.closed_on, self.notice_on, self.notice, self.as_of,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read, or whose document does not check."""

    number: int
    reference: str
    code: str


class Known(NamedTuple):
    """What is known of an account: its newest month and its terms."""

    tradeline_id: str
    period: date
    as_of: date
    status: str
    dpd: int | None
    first_delinquency_on: date | None
    ended: bool
    terms: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of an account as it was told: at which revision, and what."""

    revision: int
    said: tuple[Any, ...]
    first_delinquency_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gate knows when a cycle of a member is decided: its accounts, months that rows tell of again, names by subject,
    what sold accounts were, and the classes that it furnishes."""

    classes: tuple[str, ...]
    accounts: Mapping[tuple[str, str, str], Known]
    months: Mapping[tuple[str, date], Month]
    names: Mapping[str, frozenset[str]]
    sold: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a cycle's rows come to."""

    rows: int = 0
    balance: int = 0
    due: int = 0
    paid: int = 0
    past_due: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was refused or warned of, with the codes of the rules."""

    number: int
    reference: str
    refused: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a whole file was refused or warned of."""

    code: str
    refused: bool
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What became of a cycle. ``open``: parts are missing; ``waiting``: for the cycle before; ``tested``: the member is in its
    test, and nothing is recorded; else ``accepted`` or ``refused``."""

    cycle: str
    period: str
    state: Literal["open", "waiting", "tested", "accepted", "refused"]
    missing: tuple[str, ...] = ()
    rows: int = 0
    taken: int = 0
    same: int = 0
    file: tuple[FileProblem, ...] = ()
    problems: tuple[Problem, ...] = ()
