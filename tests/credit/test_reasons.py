"""What a reason says of a figure is true of the figure that is shown, against what the scorecard compares it with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import rules
from farthing.credit.bureau.model import BureauReport
from farthing.credit.features import Feature
from farthing.credit.model import Inputs, Reason
from farthing.credit.models.shipped import Shipped
from farthing.credit.reasons import of_figure, sentences
from farthing.credit.scorecard import load
from farthing.kit.money import Money
from farthing.kit.shipped import DATA

CARDS = {
    name: Shipped(load((DATA / "products" / "scorecards" / f"{name}.toml").read_text(encoding="utf-8")))
    for name in ("payment-history", "shop-receipts")
}
TODAY = date(2026, 6, 10)
SHOWN = re.compile(r"[+-]?[0-9,.]+%")
JUDGING = re.compile(r"\b(much|most|few|little|good|weak|regular|steady|never|lot|enough|poor|well)\b")
"""Words that would have to be measured against something: a sentence names the figure and the edge instead."""
values = st.decimals(Decimal(-3), Decimal(6), places=4) | st.none()


def inputs(card: Shipped, features: tuple[Feature, ...]) -> Inputs:
    money = Money(900_000, "CNY")
    bureau = BureauReport("sandbox", "no_record", (), 0, "")
    return Inputs(
        card.subject, "p", "v", money, 6, Decimal("0.12"), Money(50_000, "CNY"), Money(5_000_000, "CNY"), TODAY, TODAY,
        "matched", features, money, money, bureau, {},
    )  # fmt: skip


def figures(text: str) -> list[Decimal]:
    return [Decimal(each.rstrip("%").replace(",", "")) / 100 for each in SHOWN.findall(text)]


def check(card: Shipped, reason: Reason, features: tuple[Feature, ...]) -> None:
    """A sentence holds for the figure that is shown beside it."""
    name = reason.code.rpartition("_")[0]
    figure = next(each for each in card.card.figures if each.name == name)
    value = next(each.value for each in features if each.name == name)
    if value is None:
        assert not reason.favourable and "does not tell" in reason.en and "无法得出" in reason.zh
        return
    for text in (reason.en, reason.zh):
        said, edge = figures(text)
        assert said == value, "the sentence states the figure exactly"
        assert (said >= edge) == (reason.favourable == (figure.better == "higher")), text
        least = Decimal("0.0001")
        beyond = edge - least if said >= edge else edge
        worth = figure.points(beyond)
        assert worth < figure.points(said) if reason.favourable else worth > figure.points(said)
        assert figures(reason.datum)[0] == figures(reason.datum_zh)[0] == said


@given(st.sampled_from(sorted(CARDS)), st.data())
def test_no_reason_says_what_its_figure_contradicts(name: str, data: st.DataObject) -> None:
    card = CARDS[name]
    edges = {each.name: [bin.below for bin in each.bins if bin.below is not None] for each in card.card.figures}
    features = tuple(
        Feature(each, data.draw(values | st.sampled_from(edges[each]), label=each), 12, 100) for each in edges
    )
    opinion = rules.decide(card, inputs(card, features))
    told = [reason for reason in opinion.reasons if reason.code.rpartition("_")[0] in edges]
    assert told or opinion.reasons
    assert len({reason.code for reason in opinion.reasons}) == len(opinion.reasons)
    for reason in told:
        check(card, reason, features)


def test_the_weakest_month_of_89_percent_is_told_as_it_is() -> None:
    card = CARDS["payment-history"]
    features = tuple(
        Feature(
            each.name, Decimal("0.8900") if each.name == "income_floor" else Decimal(-2), 12, 34, Money(626_900, "CNY")
        )
        for each in card.figures
    )
    opinion = rules.decide(card, inputs(card, features))
    assert not opinion.approved
    told = next(each for each in opinion.reasons if each.code == "income_floor_poor")
    assert told.en == (
        "The weakest month brought 89.0% of a usual month's income, which is below 100.0%; from there on it would count "
        "for more."
    )
    assert told.zh == "收入最低的月份为平常月份的 89.0%，低于 100.0%；达到该水平时评分较高。"
    assert told.datum.startswith("weakest month's income against a usual month's: 89.0% over 12 months")


@pytest.mark.parametrize("name", sorted(sentences()))
def test_a_sentence_states_and_does_not_judge(name: str) -> None:
    words = sentences()[name]
    assert not JUDGING.search(words.said_en)
    assert not re.search("[很较多少远好差低高规律稳]", words.said_zh.replace("最低", "").replace("收入最", ""))
    assert "{value}" in words.said_en and "{value}" in words.said_zh


def test_a_value_that_every_bin_values_alike_speaks_neither_way() -> None:
    card = CARDS["payment-history"]
    first = card.card.figures[0]
    figure = replace(first, bins=tuple(replace(each, points=10) for each in first.bins), missing=10)
    assert figure.edge(Decimal(1), True) is None
    assert figure.edge(Decimal(1), False) is None


def test_a_figure_is_told_in_its_own_unit_and_by_its_own_source() -> None:
    late = of_figure(Feature("worst_days_past_due_12m", Decimal(40), 0, 3), False, "lower", Decimal(30))
    assert late.en.startswith(
        "In the last 12 months, a loan elsewhere was 40 days past due, at worst, which is not below 30;"
    )
    assert late.datum == "worst days past due in 12 months: 40 by 3 records of the credit bureau's file"
    assert late.datum_zh == "近 12 个月最长逾期天数：40（征信报告 3 条记录）"
    low = of_figure(
        Feature("balance_lowest_90d", Decimal("-0.05"), 3, 90, Money(-500, "CNY")), False, "higher", Decimal("0.1")
    )
    assert "held -5.0% of a usual month's income, which is below 10.0%" in low.en
    assert low.datum == "lowest balance of the last 90 days, in months of income: -5.0% over 90 days; CNY -5.00"
    here = of_figure(Feature("loans_repaid_here", Decimal(2), 0, 2), True, "higher", Decimal(1))
    assert here.zh == "在本行已结清 2 笔贷款，不低于 1，评分因此较高。"
