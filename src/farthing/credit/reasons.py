"""Own the words of reasons: each figure's sentence for and against, in both languages, with its datum. Pure.

At most four principal reasons, each specific and each naming what it rests on (12 CFR 1002.9(b)(2) and its official
interpretation; Personal Information Protection Law art. 24; General Data Protection Regulation art. 22).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from farthing.credit.features import Feature
from farthing.credit.model import Reason
from farthing.kit.rates import percent

MOST_REASONS = 4


class Sentences(NamedTuple):
    """What a figure is called, the sentence that states it, and what would help.

    A sentence states and never judges: what is much and what is little depends on what the scorecard compares it with, and
    that edge is named beside it (:func:`of_figure`).
    """

    name_en: str
    name_zh: str
    said_en: str
    said_zh: str
    improve_en: str
    improve_zh: str


FIGURES: Mapping[str, Sentences] = {
    "lowest_level": Sentences(
        "lowest level of what was saved up, in months of income", "积累余额最低时相当于月收入的比例",
        "At its lowest in the last half year, what had been saved up was {value} of a usual month's income",
        "近半年积累的余额最低时为平常月收入的 {value}",
        "Keep some of each month's income unspent for a few months", "连续几个月留存部分收入",
    ),
    "income_floor": Sentences(
        "weakest month's income against a usual month's", "收入最低月份与平常月份之比",
        "The weakest month brought {value} of a usual month's income", "收入最低的月份为平常月份的 {value}",
        "A longer history with every month's income helps", "提供更长、每月都有收入的账单",
    ),
    "income_variation": Sentences(
        "how far monthly income varies", "各月收入的波动", "Monthly income varied by {value} of its mean",
        "各月收入的波动为均值的 {value}", "Bring other accounts into which income is paid", "补充其他收款账户的账单",
    ),
    "income_trend": Sentences(
        "income of the last three months against the months before", "近三个月收入与此前各月相比",
        "Against the months before, income of the last three months changed by {value}", "近三个月收入比此前各月变动 {value}",
        "A newer bill, once income has come back", "收入回升后提供更新的账单",
    ),
    "left_over_share": Sentences(
        "part of the income that is left over", "收入结余的比例", "{value} of the income was left over", "收入的 {value} 有结余",
        "Spending less than comes in for some months", "连续几个月量入为出",
    ),
    "spending_variation": Sentences(
        "how far monthly spending varies", "各月支出的波动", "Monthly spending varied by {value} of its mean",
        "各月支出的波动为均值的 {value}", "A longer history smooths single large purchases", "更长的账单可平滑一次性大额支出",
    ),
    "receipts_variation": Sentences(
        "how far monthly receipts vary", "各月营业收款的波动", "Monthly receipts varied by {value} of their mean",
        "各月营业收款的波动为均值的 {value}", "Bring the receipts of all counters and codes", "补充全部收款渠道的账单",
    ),
    "receipts_growth": Sentences(
        "receipts of the later half against the earlier half", "后半期与前半期营业收款相比",
        "Against the earlier half, receipts of the later half changed by {value}", "后半期营业收款比前半期变动 {value}",
        "Newer months with better receipts", "提供近期回升的收款记录",
    ),
    "receipts_floor": Sentences(
        "weakest month's receipts against a usual month's", "收款最低月份与平常月份之比",
        "The weakest month brought {value} of a usual month's receipts", "收款最低的月份为平常月份的 {value}",
        "A full year shows the season", "提供完整一年的账单以体现季节",
    ),
    "top_payer_share": Sentences(
        "part of the receipts that the largest payer brings", "最大付款方占收款的比例",
        "The largest payer brought {value} of the receipts", "最大的付款方占营业收款的 {value}",
        "Receipts from more customers", "增加不同顾客的收款",
    ),
    "open_days_share": Sentences(
        "part of the days on which the shop takes money", "有营业收款的天数比例", "The shop took money on {value} of the days",
        "有营业收款的天数占 {value}", "Bring the receipts of all counters and codes", "补充全部收款渠道的账单",
    ),
    "margin": Sentences(
        "part of the receipts that is left after stock and rent", "扣除进货房租后的毛利率",
        "{value} of the receipts was left after stock and rent", "扣除进货房租后剩余营业收款的 {value}",
        "Show costs that were paid for several months ahead", "说明一次性预付的成本",
    ),
    "debtor_grade": Sentences(
        "grade of the company that owes the receivable", "应收账款债务人的等级",
        "The company that owes the receivable is of grade {value}", "应收账款债务人的等级为 {value}",
        "A receivable of a better graded company", "提供等级更高的债务人的应收账款",
    ),
}  # fmt: skip
DEBTOR = "debtor_grade"
"""The figure that rests on what this bank says of a debtor, and on no payment history."""
CHANGES = {"income_trend", "receipts_growth"}
"""Figures that are a change, written with its sign."""
RETURNED = ("payments returned or failed a month", "每月失败或被退回的付款")


def of_figure(feature: Feature, favourable: bool, better: str, edge: Decimal | None) -> Reason:
    """The reason that a figure gives, said against ``edge``: where the points of the scorecard change next.

    ``better`` says whether ``higher`` or ``lower`` values earn more. An unknown value speaks against, and says so.
    """
    words = FIGURES[feature.name]
    if feature.value is None or edge is None:
        en, zh = f"The history does not tell the {words.name_en}", f"支付记录无法得出{words.name_zh}"
    else:
        value, limit = _figure(feature.name, feature.value), _figure(feature.name, edge)
        said_en, said_zh = _against(better, favourable)
        en = f"{words.said_en.format(value=value)}{said_en.format(edge=limit)}"
        zh = f"{words.said_zh.format(value=value)}{said_zh.format(edge=limit)}"
    return Reason(
        code=f"{feature.name}_{'good' if favourable else 'poor'}",
        favourable=favourable,
        en=f"{en}.",
        zh=f"{zh}。",
        datum=datum(feature),
        improve_en="" if favourable else f"{words.improve_en}.",
        improve_zh="" if favourable else f"{words.improve_zh}。",
        datum_zh=datum_zh(feature),
    )


def _against(better: str, favourable: bool) -> tuple[str, str]:
    """How a value that is (not) on the better side of an edge is said."""
    if better == "higher":
        if favourable:
            return ", which is at least {edge} and counts in favour", "，不低于 {edge}，评分因此较高"
        return ", which is below {edge}; from there on it would count for more", "，低于 {edge}；达到该水平时评分较高"
    if favourable:
        return ", which is below {edge} and counts in favour", "，低于 {edge}，评分因此较高"
    return ", which is not below {edge}; below that it would count for more", "，不低于 {edge}；低于该水平时评分较高"


def _names(feature: Feature) -> tuple[str, str]:
    words = FIGURES.get(feature.name)
    return RETURNED if words is None else (words.name_en, words.name_zh)


def _value(feature: Feature) -> str | None:
    if feature.value is None:
        return None
    return _figure(feature.name, feature.value) if feature.name in FIGURES else f"{feature.value.normalize():f}"


def datum(feature: Feature) -> str:
    """What a figure rests on, as a person reads it."""
    if feature.name == DEBTOR:
        return f"{_names(feature)[0]}: {_value(feature) or 'unknown'}"
    about = f"; {feature.amount}" if feature.amount is not None else ""
    value = _value(feature) or "unknown"
    return f"{_names(feature)[0]}: {value} over {feature.months} months, {feature.count} payments{about}"


def datum_zh(feature: Feature) -> str:
    """The same in Chinese."""
    if feature.name == DEBTOR:
        return f"{_names(feature)[1]}：{_value(feature) or '未知'}"
    about = f"，{feature.amount}" if feature.amount is not None else ""
    return f"{_names(feature)[1]}：{_value(feature) or '未知'}（{feature.months} 个月，{feature.count} 笔{about}）"


def _figure(name: str, value: Decimal) -> str:
    """A ratio to the last place that the scorecard looks at: what is shown never stands on another side of an edge."""
    if name == DEBTOR:
        return f"{value.normalize():f}"
    sign = "+" if name in CHANGES and value > 0 else ""
    return f"{sign}{percent(value, least=1)}"
