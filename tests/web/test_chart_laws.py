"""Charts of risk and of what adds up: whatever figures they are given, what is drawn lies within the drawing and adds up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import InvariantBroken
from farthing.web.charts import dated, flows, risk
from farthing.web.charts.drawing import Chart, Point, Series, breadth, fitted, spread
from farthing.web.charts.states import states
from farthing.web.speech import speaking

LARGEST = 6_000
amounts = st.decimals(-(10**9), 10**9, places=2)
positive = st.decimals(0, 10**9, places=2)


def points(values: list[Decimal]) -> list[Point]:
    return [Point(str(index), each, str(each)) for index, each in enumerate(values)]


def marks(drawn: Chart, *names: str) -> Iterator[ElementTree.Element]:
    return (each for each in ElementTree.fromstring(str(drawn.svg)) if each.tag in names)


def inside(drawn: Chart) -> None:
    """Every rectangle, circle and point of a path lies in the box of the drawing, and every text begins in it."""
    root = ElementTree.fromstring(str(drawn.svg))
    width, height = (float(each) for each in str(root.get("viewBox")).split()[2:])
    for each in root:
        number = {key: float(str(each.get(key) or 0)) for key in ("x", "y", "width", "height", "cx", "cy", "r")}
        if each.tag == "rect":
            assert number["x"] >= -0.1 and number["x"] + number["width"] <= width + 0.1
            assert number["y"] >= -0.1 and number["y"] + number["height"] <= height + 0.1
        elif each.tag == "circle":
            assert 0 <= number["cx"] <= width and 0 <= number["cy"] <= height
        elif each.tag == "text":
            assert 0 <= number["x"] <= width and 0 <= number["y"] <= height
            assert each.get("text-anchor") or number["x"] + breadth(each.text or "") <= width + 40
        elif each.tag == "path":
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", str(each.get("d"))):
                assert -0.1 <= float(x) <= width + 0.1 and -0.1 <= float(y) <= height + 0.1
    assert "nan" not in str(drawn.svg).lower() and "style" not in str(drawn.svg)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_state_of_each_kind(language: str) -> None:
    """Small, named and told, a table that has every column, nothing outside."""
    with speaking(language):
        for drawn in states():
            inside(drawn)
            root = ElementTree.fromstring(str(drawn.svg))
            assert len(drawn.svg.encode()) <= LARGEST, drawn.title
            assert root.get("role") == "img"
            assert [child.tag for child in root][:2] == ["title", "desc"] and root[0].text == drawn.title
            assert drawn.rows and all(len(row) == len(drawn.columns) for row in drawn.rows)


@given(st.lists(amounts, min_size=1, max_size=12))
def test_a_waterfall_ends_where_its_parts_lead(values: list[Decimal]) -> None:
    total = sum(values, Decimal(0))
    drawn = flows.waterfall("t", "d", Series("s", points(values)), Point("all", total, str(total)), "x")
    inside(drawn)
    with pytest.raises(InvariantBroken):
        flows.waterfall("t", "d", Series("s", points(values)), Point("all", total + 1, ""), "x")


@given(st.lists(positive, min_size=1, max_size=8), st.integers(1, 4))
def test_a_sankey_keeps_what_flows(values: list[Decimal], many: int) -> None:
    """Bands leave a place as thick together as they came; what does not add up, flows back or is negative is no drawing."""
    ins = [flows.Flow(f"s{index}", "pool", each, str(each)) for index, each in enumerate(values)]
    whole = sum(values, Decimal(0))
    first = (whole / many).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    outs = [
        flows.Flow("pool", f"t{index}", first if index else whole - first * (many - 1), "") for index in range(many)
    ]
    drawn = flows.sankey("t", "d", ins + outs, ("a", "b", "c"))
    inside(drawn)
    assert len(drawn.rows) == len(ins) + len(outs)
    if whole:
        bands = [str(each.get("d")) for each in marks(drawn, "path")]
        thick = {
            at: sum(float(re.search(r"v([\d.]+)", d)[1]) for d in bands if d.startswith(f"M{at} ")) for at in (12, 326)
        }  # type: ignore[index]
        assert thick[12] == pytest.approx(thick[326], abs=0.1 * (len(values) + many))
        with pytest.raises(InvariantBroken):
            flows.sankey("t", "d", [*ins, *outs, flows.Flow("pool", "more", Decimal(1), "")], ("a", "b", "c"))
        with pytest.raises(InvariantBroken):
            flows.sankey("t", "d", [flows.Flow("a", "b", whole, ""), flows.Flow("b", "a", whole, "")], ("a", "b", "c"))
    with pytest.raises(InvariantBroken):
        flows.sankey("t", "d", [flows.Flow("a", "b", Decimal(-1), "")], ("a", "b", "c"))


@given(st.lists(st.lists(amounts, min_size=1, max_size=24), min_size=1, max_size=12))
def test_vintages_of_any_length(rows: list[list[Decimal]]) -> None:
    drawn = risk.lines("t", "d", [Series(f"c{at}", points(row)) for at, row in enumerate(rows)], "x", "zh")
    inside(drawn)
    names = sorted(float(str(each.get("y"))) for each in marks(drawn, "text") if str(each.text).startswith("c"))
    assert len(names) == len(rows) and all(later - earlier > 20 for earlier, later in pairwise(names))


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_a_row_of_roll_rates_is_all_of_it(weights: list[int]) -> None:
    whole = sum(weights)
    shares = [Decimal(each) / whole if whole else Decimal(0) for each in weights]
    inside(risk.heat("t", "d", [Series("s", points(shares))], "x"))
    if whole:
        with pytest.raises(InvariantBroken):
            risk.heat("t", "d", [Series("s", points([*shares, Decimal("0.5")]))], "x")


@given(st.lists(st.lists(positive, min_size=5, max_size=5), min_size=1, max_size=24), st.integers(0, 24))
def test_a_fan_holds_its_bands_within_each_other(rows: list[list[Decimal]], known: int) -> None:
    words = risk.FanWords("x", ("a", "b", "c", "d", "e"), "true")

    def at(values: list[Decimal]) -> risk.Spread:
        low, less, middle, more, high = values
        return risk.Spread("m", (low, less, middle, more, high), ("", "", "", "", ""))

    expected = [at(sorted(row)) for row in rows]
    true = Series("true", points([row[0] for row in rows[:known]]))
    inside(risk.fan("t", "d", expected, true, words, "en"))
    if rows[0] != sorted(rows[0]):
        with pytest.raises(InvariantBroken):
            risk.fan("t", "d", [at(rows[0])], Series("true", []), words, "en")


@given(st.lists(positive, min_size=1, max_size=200))
def test_lorenz_is_convex_and_gini_is_between_equal_and_all(values: list[Decimal]) -> None:
    """The curve bends one way only; the coefficient is the one by pairs; order does not matter."""
    drawn = risk.lorenz("t", "d", values, ("same", "Gini"), ("a", "b"))
    inside(drawn)
    coefficient = risk.gini(values)
    assert 0 <= coefficient <= 1 and coefficient == risk.gini(values[::-1])
    if (whole := sum(values)) and len(values) <= 30:
        pairs = sum((abs(one - other) for one in values for other in values), Decimal(0))
        exact = Fraction(pairs) / (2 * len(values) * Fraction(whole))
        assert abs(Fraction(coefficient) - exact) <= Fraction(1, 2000)
    curve = [
        (float(x), -float(y))
        for each in marks(drawn, "path") if each.get("class") == "line l1"
        for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", str(each.get("d")))
    ]  # fmt: skip
    slopes = [(y - b) / (x - a) for (a, b), (x, y) in pairwise(curve)]
    assert all(later >= earlier - 0.1 for earlier, later in pairwise(slopes))


def test_no_share_is_below_zero() -> None:
    with pytest.raises(InvariantBroken):
        risk.gini([Decimal(-1), Decimal(2)])


@given(st.lists(amounts, min_size=1, max_size=80))
def test_a_control_chart_rings_what_is_outside_and_nothing_else(values: list[Decimal]) -> None:
    low, centre, high = risk.natural(values)
    limits = risk.Limits(low, centre, high, ("l", "c", "u"))
    drawn = risk.control("t", "d", Series("s", points(values)), limits, ("p", "outside", "limits"), "en")
    inside(drawn)
    outside = sum(not limits.holds(each) for each in values)
    assert len([each for each in marks(drawn, "circle") if each.get("class") == "line l6"]) == outside
    assert sum(row[-1] == "outside" for row in drawn.rows) == outside


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12))
def test_a_timeline_is_in_order_and_no_mark_covers_another(days: list[int]) -> None:
    events = [dated.Event(date(2020, 1, 1) + timedelta(days=each), "x" * 300) for each in days]
    drawn = dated.timeline("t", "d", events, ("a", "b"), "en")
    inside(drawn)
    found = [(float(str(each.get("cx"))), float(str(each.get("cy")))) for each in marks(drawn, "circle")]
    assert [x for x, _ in found] == sorted(x for x, _ in found)
    assert all(abs(a - x) >= 20 or abs(b - y) >= 20 for n, (a, b) in enumerate(found) for x, y in found[:n])
    assert len(drawn.rows) == len(days)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=14))
def test_names_are_moved_apart_within_their_room(places: list[float]) -> None:
    moved = spread(places, 14, 0, 200)
    assert all(-0.001 <= each <= 200.001 for each in moved)
    assert all(later - earlier >= 13.99 for earlier, later in pairwise(sorted(moved)))


@given(st.text(max_size=60), st.integers(20, 300))
def test_a_text_is_cut_to_its_room(text: str, room: int) -> None:
    assert breadth(fitted(text, room)) <= room
    assert fitted("short", 300) == "short"
