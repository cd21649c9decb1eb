"""Own what a plan of repayment is agreed by: how much a year, how it is counted, how often it falls due, and how it is levelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kit.errors import malformed
from farthing.kit.money import Money

Unit = Literal["day", "week", "month"]
Method = Literal["equal_instalment", "equal_principal", "flat", "interest_only", "bullet"]
DayCount = Literal[
    "30/360", "30e/360", "actual/360", "actual/365", "actual/actual", "actual/actual-29-february"
]  # fmt: skip
InterestBy = Literal["day", "period"]
MonthEnd = Literal["clamp", "first_of_next", "last_of_month"]

CONTRADICT = malformed(
    "lending.terms_contradict", "These terms contradict each other: {problem}.", "贷款条款自相矛盾：{problem_zh}。"
)


@dataclass(frozen=True, slots=True)
class Every:
    """How far instalments are apart: so many days, weeks or months."""

    count: int = 1
    unit: Unit = "month"


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a schedule is made from but how much is paid out and when.

    ``annual``: nominal rate a year, ``0.12`` for twelve per cent. ``interest_by`` period: every period bears the same part of
    a year, however many days it has. ``first_due``: else one period after the first payment out. ``month_end``: where a month
    has no such day, its last day (``clamp``), the first of the next month, or always the month's last day.
    ``grace_principal``: so many first instalments repay none; ``grace_interest``: theirs is due with the first instalment
    after; ``free``: so many first periods bear none. ``down_payment``: the part of each payment out that falls due the same
    day, without interest. ``multiple``: the instalment is rounded to it, in minor units; what that leaves is in the last one.
    ``balloon``: principal that is kept for the last instalment. ``split_on``: at New Year, which day ends the old year in
    actual/actual (31 December, or 1 January where the day of payment out bears interest).
    """

    currency: str
    annual: Decimal
    instalments: int
    every: Every = Every()
    method: Method = "equal_instalment"
    day_count: DayCount = "actual/365"
    interest_by: InterestBy = "day"
    month_end: MonthEnd = "clamp"
    first_due: date | None = None
    grace_principal: int = 0
    grace_interest: int = 0
    free: int = 0
    down_payment: Decimal = Decimal(0)
    multiple: int = 1
    balloon: Money | None = None
    first_day_counts: bool = False

    def __post_init__(self) -> None:
        for wrong, problem, problem_zh in (
            (self.instalments < 1, "there is no instalment", "没有任何一期"),
            (self.every.count < 1, "instalments are no time apart", "各期之间没有间隔"),
            (self.annual < 0, "the rate is below zero", "利率低于零"),
            (not 0 <= self.down_payment < 1, "the down payment is not a part of what is lent", "首付比例须在 0 与 1 之间"),
            (self.grace_principal >= self.instalments, "no instalment is left for the principal", "没有剩余期数偿还本金"),
            (self.grace_interest >= self.instalments, "no instalment is left for the interest", "没有剩余期数支付利息"),
            (self.multiple < 1, "an instalment is a multiple of nothing", "每期金额的取整单位须为正"),
            (self.interest_by == "period" and self.every.unit == "day", "days are no part of a year by periods",
             "按期计息不适用于按日还款"),
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
