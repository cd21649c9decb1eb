"""Own the words of reasons: each figure's sentence for and against, in both languages, with its datum. Pure.

At most four principal reasons, each specific and each naming what it rests on (12 CFR 1002.9(b)(2) and its official
interpretation; Personal Information Protection Law art. 24; General Data Protection Regulation art. 22).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from farthing.credit.catalogue.read import catalogue
from farthing.credit.features import Feature
from farthing.credit.model import Reason
from farthing.kit.rates import percent
from farthing.kit.words import Words

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


DEBTOR = "debtor_grade"
"""The figure that rests on what this bank says of a debtor, and on no payment history."""
CHANGES = {"income_trend", "receipts_growth", "balance_trend", "exposure_growth_6m"}
"""Figures that are a change, written with its sign."""


@cache
def sentences() -> Mapping[str, Sentences]:
    """The figures that a scorecard may ask for, by the words of the catalogue."""
    return {
        each.name: Sentences(
            each.called.en, each.called.zh, each.sentence.said.en, each.sentence.said.zh,
            each.sentence.improve.en, each.sentence.improve.zh,
        )
        for each in catalogue().values()
        if each.sentence is not None
    }  # fmt: skip


def of_figure(feature: Feature, favourable: bool, better: str, edge: Decimal | None) -> Reason:
    """The reason that a figure gives, said against ``edge``: where the points of the scorecard change next.

    ``better`` says whether ``higher`` or ``lower`` values earn more. An unknown value speaks against, and says so.
    """
    words = sentences()[feature.name]
    if feature.value is None or edge is None:
        en, zh = f"The history does not tell the {words.name_en}", f"支付记录无法得出{words.name_zh}"
    else:
        value, limit = as_shown(feature.name, feature.value), as_shown(feature.name, edge)
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
    words = catalogue()[feature.name].called
    return words.en, words.zh


def _value(feature: Feature) -> str | None:
    if feature.value is None:
        return None
    return as_shown(feature.name, feature.value) if feature.name in sentences() else f"{feature.value.normalize():f}"


def datum(feature: Feature) -> str:
    """What a figure rests on, as a person reads it."""
    about = f"; {feature.amount}" if feature.amount is not None else ""
    value, basis = _value(feature) or "unknown", _basis(feature).en
    return f"{_names(feature)[0]}: {value}" + (f" {basis}{about}" if basis else "")


def datum_zh(feature: Feature) -> str:
    """The same in Chinese."""
    about = f"，{feature.amount}" if feature.amount is not None else ""
    value, basis = _value(feature) or "未知", _basis(feature).zh
    return f"{_names(feature)[1]}：{value}" + (f"（{basis}{about}）" if basis else "")


def _basis(feature: Feature) -> Words:
    """On how much a figure rests."""
    many = feature.count
    match catalogue()[feature.name].by:
        case "debtor":
            return Words("", "")
        case "balances":
            return Words(f"over {many} days", f"{many} 天")
        case "bureau_file":
            return Words(f"by {many} records of the credit bureau's file", f"征信报告 {many} 条记录")
        case "repaid_here":
            return Words(f"of {many} loans here", f"在本行 {many} 笔贷款")
        case _:
            return Words(f"over {feature.months} months, {many} payments", f"{feature.months} 个月，{many} 笔")


def as_shown(name: str, value: Decimal) -> str:
    """A ratio to the last place that the scorecard looks at: what is shown never stands on another side of an edge."""
    if catalogue()[name].unit != "ratio":
        return f"{value.normalize():f}"
    sign = "+" if name in CHANGES and value > 0 else ""
    return f"{sign}{percent(value, least=1)}"
