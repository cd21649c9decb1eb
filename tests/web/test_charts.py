"""Charts are small, escaped, without styles, and say their figures as a table."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.web.charts import plain
from farthing.web.charts.drawing import Point, Series, axis_figure, rising
from farthing.web.charts.samples import samples
from farthing.web.speech import speaking

LARGEST = 6_000
figures = st.lists(st.decimals(-(10**10), 10**10, places=2), min_size=1, max_size=60)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_is_small_and_can_be_read(language: str) -> None:
    with speaking(language):
        for drawn in samples():
            assert len(drawn.svg.encode()) <= LARGEST
            root = ElementTree.fromstring(str(drawn.svg))
            assert root.get("role") == "img"
            assert [child.tag for child in root][:2] == ["title", "desc"] and root[0].text == drawn.title
            assert "style" not in drawn.svg and drawn.rows and len(drawn.rows[0]) == len(drawn.columns)


def test_what_is_said_is_escaped() -> None:
    evil = Series("<b>", [Point('"><script>', Decimal(1), "<i>")])
    drawn = plain.bars("<script>", "&", evil, "x")
    assert "<script" not in str(drawn.svg) and "<i>" not in str(drawn.svg)


@given(figures)
def test_any_figures_stay_inside_the_drawing(values: list[Decimal]) -> None:
    series = Series("s", [Point(str(index), each, str(each)) for index, each in enumerate(values)])
    for drawn in (plain.area("t", "d", series, "x", "zh", step=True), plain.bars("t", "d", series, "x")):
        ElementTree.fromstring(str(drawn.svg))
        assert "nan" not in str(drawn.svg).lower()
    scale = rising(values)
    assert all(16 <= round(scale.at(each), 6) <= 212 for each in [*values, Decimal(0)])
    assert Decimal(0) in scale.ticks()


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [("12000", "1.2万", "12k"), ("-300000000", "\u22123亿", "\u2212300m"), ("0", "0", "0"), ("850", "850", "850")],
)
def test_figures_of_an_axis(value: str, zh: str, en: str) -> None:
    assert (axis_figure(Decimal(value), "zh"), axis_figure(Decimal(value), "en")) == (zh, en)


def test_over_a_limit_is_drawn_as_such() -> None:
    over = plain.bullet("t", "d", Point("u", Decimal(3), "3"), Point("l", Decimal(2), "2"), "x", "y")
    assert re.search('class="f6" x="0"', str(over.svg))
