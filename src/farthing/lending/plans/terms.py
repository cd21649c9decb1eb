"""Own what a plan of repayment is agreed by: the rate a year, how it is counted, how often it falls due, how it is levelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from farthing.kit.errors import malformed
from farthing.kit.money import Money

Unit = Literal["day", "week", "month"]
Method = Literal["equal_instalment", "equal_principal", "flat", "interest_only", "bullet", "custom"]
DayCount = Literal[
    "30/360", "30/365", "30/actual", "30e/360", "actual/360", "actual/364", "actual/365", "actual/actual",
    "actual/actual-29-february",
]  # fmt: skip
InterestBy = Literal["day", "period"]
MonthEnd = Literal["clamp", "first_of_next", "last_of_month"]
Shift = Literal["none", "next", "previous", "next_in_month"]
FlatInterest = Literal["each_period", "whole_term"]
METHODS, DAY_COUNTS, UNITS = get_args(Method), get_args(DayCount), get_args(Unit)

CONTRADICT = malformed(
    "lending.terms_contradict", "These terms contradict each other: {problem}.", "贷款条款自相矛盾：{problem_zh}。"
)


@dataclass(frozen=True, slots=True)
class Every:
    """How far instalments are apart: so many days, weeks or months."""

    count: int = 1
    unit: Unit = "month"


@dataclass(frozen=True, slots=True)
class Custom:
    """One instalment as it was agreed by hand: when, and how much principal. Its interest is computed."""

    due_on: date
    principal: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a schedule is made from but how much is paid out and when.

    ``annual``: nominal rate a year, ``0.12`` for twelve per cent. ``interest_by`` period: every period bears the same part of
    a year, however many days it has; ``whole_periods``: then a payment out within a period bears from its first day.
    ``first_due``: else one period after the first payment out. ``month_end``: where a month
    has no such day, its last day (``clamp``), the first of the next month, or always the month's last day.
    ``holidays``: days on which nothing falls due, by ``shift`` the next day or the one before that is none.
    ``grace_principal``: so many first instalments repay none; ``grace_interest``: theirs is due with the first instalment
    after; ``free``: so many first periods bear none. ``down_payment``: the part of each payment out that falls due the same
    day, without interest. ``multiple``: the instalment is rounded to it, in minor units; what that leaves is in the last one.
    ``balloon``: principal that is kept for the last instalment. ``first_day_counts``: the day of payment out bears, so that in
    actual/actual the old year ends on 1 January and not on 31 December. ``flat_interest``: rounded each period, or of the whole
    term once and divided. ``rows``: a custom schedule.
    """

    currency: str
    annual: Decimal
    instalments: int
    every: Every = Every()
    method: Method = "equal_instalment"
    day_count: DayCount = "actual/365"
    interest_by: InterestBy = "day"
    whole_periods: bool = False
    month_end: MonthEnd = "clamp"
    first_due: date | None = None
    holidays: frozenset[date] = frozenset()
    shift: Shift = "none"
    grace_principal: int = 0
    grace_interest: int = 0
    free: int = 0
    down_payment: Decimal = Decimal(0)
    multiple: int = 1
    balloon: Money | None = None
    first_day_counts: bool = False
    flat_interest: FlatInterest = "each_period"
    rows: tuple[Custom, ...] = ()

    def __post_init__(self) -> None:
        balloon = self.balloon.minor if self.balloon else 0
        days = [row.due_on for row in self.rows]
        for wrong, problem, problem_zh in (
            (self.instalments < 1, "there is no instalment", "没有任何一期"),
            (self.every.count < 1, "instalments are no time apart", "各期之间没有间隔"),
            (self.annual < 0, "the rate is below zero", "利率低于零"),
            (not 0 <= self.down_payment < 1, "the down payment is not a part of what is lent", "首付比例须在 0 与 1 之间"),
            (self.grace_principal >= self.instalments, "no instalment is left for the principal", "没有剩余期数偿还本金"),
            (self.grace_interest >= self.instalments, "no instalment is left for the interest", "没有剩余期数支付利息"),
            (self.free > self.instalments, "more periods are free than there are", "免息期数多于总期数"),
            (self.multiple < 1, "an instalment is a multiple of nothing", "每期金额的取整单位须为正"),
            (self.interest_by == "period" and self.every.unit == "day", "days are no part of a year by periods",
             "按期计息不适用于按日还款"),
            (balloon < 0, "what is kept for the end is below zero", "尾款低于零"),
            (balloon > 0 and self.method not in ("equal_instalment", "equal_principal"),
             "only equal instalments and equal principal keep a part for the end", "只有等额本息与等额本金可留尾款"),
            (self.method == "flat" and self.grace_interest > 0,
             "flat interest is not deferred", "等本等息不可延付利息"),
            ((self.method == "custom") != bool(self.rows), "rows and the method custom go together",
             "自定义还款行须与 custom 方法同用"),
            (bool(self.rows) and len(self.rows) != self.instalments, "there are not as many rows as instalments",
             "自定义行数与期数不符"),
            (any(one >= other for one, other in pairwise(days)), "the rows are not in order of days",
             "自定义行未按日期排列"),
            (any(row.principal < 0 for row in self.rows), "a row repays less than nothing", "自定义行的本金低于零"),
            (self.shift != "none" and not self.holidays, "days are shifted and no holidays are given",
             "要求顺延而未提供假日"),
        ):  # fmt: skip
            if wrong:
                raise CONTRADICT(problem=problem, problem_zh=problem_zh)


@dataclass(frozen=True, slots=True)
class Row:
    """One instalment of a schedule: when, how much principal and interest, and what is left after it. ``down_payment`` rows
    have number as any other and bear no interest. Amounts in minor units."""

    number: int
    starts_on: date
    due_on: date
    principal: int
    interest: int
    left: int

    @property
    def amount(self) -> int:
        """Principal and interest together."""
        return self.principal + self.interest
