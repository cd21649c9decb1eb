"""Charts are small, escaped, without styles, and say their figures as a table."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.web.charts import plain, risk
from farthing.web.charts.drawing import WIDTH, Chart, Point, Series, axis_figure, rising
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


BROAD = {".": 0.4, ",": 0.4, " ": 0.35, "%": 1.0, "m": 1.0, "w": 0.95, "i": 0.35, "l": 0.35}
"""About how broad a letter is, of its height, in the broadest face that is usual; any other 0.7, a Han character 1."""


def on_a_phone(chart: Chart) -> list[tuple[str, float, float]]:
    """Every text of a chart as a phone shows it, 22 units high: from where to where it reaches."""
    found = []
    for each in ElementTree.fromstring(chart.svg).iter("text"):
        text, x = each.text or "", float(each.get("x", "0"))
        wide = 22 * sum(1.0 if ord(letter) > 0x2E80 else BROAD.get(letter, 0.66) for letter in text)
        start = {"end": x - wide, "middle": x - wide / 2}.get(each.get("text-anchor", ""), x)
        found.append((text, start, start + wide))
    return found


@pytest.mark.parametrize(
    "chart",
    [
        plain.bars("t", "d", Series("s", [Point("in time", Decimal("5613.81"), "CNY 5,613.81")]), "f", notes=["2 loans"]),
        plain.bars("t", "d", Series("s", [Point("Normal", Decimal("8131.78"), "CNY 988,131.78")]), "f", notes=["2 loans"]),
        plain.bullet(
            "t", "d", Point("Wallets, escrow, a twentieth of savings", Decimal(1736024), "CNY 1,736,024.82"),
            Point("Money that lies ready", Decimal(52092083), "CNY 52,092,083.55"), "f", "n",
        ),
        plain.bullet(
            "t", "d", Point("Used", Decimal(9), "CNY 9.00"), Point("What the law lets", Decimal(4), "CNY 5,200,000.00"), "f", "n",
        ),
        risk.lines("t", "d", [Series("2026-06", [Point("0", Decimal(0), "0%"), Point("4", Decimal("0.4"), "0.4%")])], "f", "en"),
        risk.lines("t", "d", [Series("2026-06", [Point("0", Decimal(0), "0%"), Point("4", Decimal(50), "50%")])], "f", "zh"),
    ],
)  # fmt: skip
def test_no_figure_is_cut_at_the_edge_of_a_phone(chart: Chart) -> None:
    for text, start, end in on_a_phone(chart):
        assert start >= 0 and end <= WIDTH, (text, start, end)
