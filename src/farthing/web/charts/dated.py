"""Own the timeline: dated events along a line, numbered where they lie and told below. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from farthing.web.charts.drawing import LARGER, LETTERS, WIDTH, Chart, Drawing, breadth, wrapped
from farthing.web.writing import day

RADIUS, EDGE, LINE = 10, 14, 24
"""How large the mark of an event is, how far the line is from both edges, and how high a line of text is."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, or falls due on it: ``open`` is not yet done, ``bad`` went wrong."""

    on: date
    label: str
    open: bool = False
    bad: bool = False


def timeline(title: str, told: str, events: Sequence[Event], columns: tuple[str, str], language: str) -> Chart:
    """Events in the order of their days, as far apart as they were; those too near for each other stand above."""
    ordered = sorted(events, key=lambda each: each.on)
    first, last = (ordered[0].on, ordered[-1].on) if ordered else (date.min, date.min)
    span = (last - first).days or 1
    places = [EDGE + (each.on - first).days / span * (WIDTH - 2 * EDGE) for each in ordered]
    storeys = _storeys(places)
    ground = RADIUS + 4 + max(storeys, default=0) * 2 * (RADIUS + 1) + RADIUS
    dates = [f"{number}  {day(each.on, language)}" for number, each in enumerate(ordered, 1)]
    beside = max((breadth(each) for each in dates), default=0) * LARGER + 12
    names = [wrapped(each.label, WIDTH - beside) for each in ordered]
    row = ground + 16 + LINE - 6
    drawing = Drawing(title, told, row + sum(LINE + LETTERS * (len(each) - 1) for each in names) - LINE + 10)
    drawing.add("path", class_="axis zero", d=f"M{EDGE} {ground}H{WIDTH - EDGE}")
    for number, (each, x, storey) in enumerate(zip(ordered, places, storeys, strict=True), 1):
        y = ground - storey * 2 * (RADIUS + 1)
        kind = "line l5 dash" if each.open else "line l6" if each.bad else "line l1"
        drawing.add("circle", class_=kind, cx=x, cy=y, r=RADIUS)
        drawing.text(x, y + 4, str(number), "middle", "ink")
        drawing.text(0, row, dates[number - 1], class_="ink")
        drawing.lines(beside, row, names[number - 1])
        row += LINE + LETTERS * (len(names[number - 1]) - 1)
    return Chart(
        title, drawing.done(), [[columns[0], ""], [columns[1], ""]],
        [[day(each.on, language), each.label] for each in ordered],
    )  # fmt: skip


def _storeys(places: Sequence[float]) -> list[int]:
    """How high each mark stands: on the lowest storey on which it touches none before it."""
    ends: list[float] = []
    found = []
    for x in places:
        storey = next((level for level, end in enumerate(ends) if x - end >= 2 * RADIUS + 2), len(ends))
        ends[storey : storey + 1] = [x]
        found.append(storey)
    return found
