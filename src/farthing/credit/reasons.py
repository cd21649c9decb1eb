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

MOST_REASONS = 4


class Words(NamedTuple):
    """What a figure says when it speaks for, and against, and what would help."""

    good_en: str
    good_zh: str
    bad_en: str
    bad_zh: str
    improve_en: str
    improve_zh: str


FIGURES: Mapping[str, Words] = {
    "lowest_level": Words(
        "Savings built up in the history never fell low", "积累的余额一直没有跌到低位",
        "Savings built up in the history fell low", "积累的余额曾跌到低位",
        "Keep some of each month's income unspent for a few months", "连续几个月留存部分收入",
    ),
    "income_floor": Words(
        "Even the weakest month brought most of a usual month's income", "收入最低的月份也接近平常水平",
        "The weakest month brought much less than a usual one", "收入最低的月份远低于平常",
        "A longer history with every month's income helps", "提供更长、每月都有收入的账单",
    ),
    "income_variation": Words(
        "Income is regular", "收入规律", "Income varies a lot from month to month", "各月收入波动较大",
        "Bring other accounts into which income is paid", "补充其他收款账户的账单",
    ),
    "income_trend": Words(
        "Income of the last three months holds up", "近三个月收入保持或高于此前",
        "Income of the last three months is below the months before", "近三个月收入低于此前各月",
        "A newer bill, once income has come back", "收入回升后提供更新的账单",
    ),
    "left_over_share": Words(
        "A good part of income is left over", "收入有较多结余", "Little of the income is left over", "收入结余很少",
        "Spending less than comes in for some months", "连续几个月量入为出",
    ),
    "spending_variation": Words(
        "Spending is steady", "支出平稳", "Spending varies a lot from month to month", "各月支出波动较大",
        "A longer history smooths single large purchases", "更长的账单可平滑一次性大额支出",
    ),
    "receipts_variation": Words(
        "Receipts are steady", "营业收款平稳", "Receipts vary a lot from month to month", "各月营业收款波动较大",
        "Bring the receipts of all counters and codes", "补充全部收款渠道的账单",
    ),
    "receipts_growth": Words(
        "Receipts hold up or grow", "营业收款稳定或增长", "Receipts are shrinking", "营业收款在下降",
        "Newer months with better receipts", "提供近期回升的收款记录",
    ),
    "receipts_floor": Words(
        "Even the weakest month brought good receipts", "淡季月份的收款仍然可观",
        "The weakest month brought few receipts", "淡季月份收款很少",
        "A full year shows the season", "提供完整一年的账单以体现季节",
    ),
    "top_payer_share": Words(
        "Many different customers pay", "付款顾客多而分散", "Few customers pay most of the receipts", "收款集中于少数顾客",
        "Receipts from more customers", "增加不同顾客的收款",
    ),
    "open_days_share": Words(
        "The shop takes money nearly every day", "几乎天天有营业收款", "The shop takes money on few days", "有收款的天数较少",
        "Bring the receipts of all counters and codes", "补充全部收款渠道的账单",
    ),
    "margin": Words(
        "Receipts leave a good margin over stock and rent", "扣除进货房租后毛利较好",
        "Little is left after stock and rent", "扣除进货房租后所剩不多",
        "Show costs that were paid for several months ahead", "说明一次性预付的成本",
    ),
}  # fmt: skip


def of_figure(feature: Feature, favourable: bool) -> Reason:
    """The reason that a figure gives."""
    words = FIGURES[feature.name]
    en, zh = (words.good_en, words.good_zh) if favourable else (words.bad_en, words.bad_zh)
    return Reason(
        code=f"{feature.name}_{'good' if favourable else 'poor'}",
        favourable=favourable,
        en=f"{en}.",
        zh=f"{zh}。",
        datum=datum(feature),
        improve_en="" if favourable else f"{words.improve_en}.",
        improve_zh="" if favourable else f"{words.improve_zh}。",
    )


def datum(feature: Feature) -> str:
    """What a figure rests on, as a person reads it."""
    value = "unknown" if feature.value is None else _percent(feature.value)
    about = f"; {feature.amount}" if feature.amount is not None else ""
    return f"{feature.name} = {value} over {feature.months} months, {feature.count} payments{about}"


def _percent(value: Decimal) -> str:
    return f"{(value * 100).quantize(Decimal('0.1'))}%" if abs(value) < 100 else f"{value.normalize():f}"
