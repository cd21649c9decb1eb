"""Own the timeline: dated events along a line, numbered where they lie and told below. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from farthing.web.charts.drawing import WIDTH, Chart, Drawing, fitted
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
    drawing = Drawing(title, told, ground + 16 + LINE * len(ordered) + 4)
    drawing.add("path", class_="axis zero", d=f"M{EDGE} {ground}H{WIDTH - EDGE}")
    for number, (each, x, storey) in enumerate(zip(ordered, places, storeys, strict=True), 1):
        y = ground - storey * 2 * (RADIUS + 1)
        kind = "line l5 dash" if each.open else "line l6" if each.bad else "line l1"
        drawing.add("circle", class_=kind, cx=x, cy=y, r=RADIUS)
        drawing.text(x, y + 4, str(number), "middle", "ink")
        row = ground + 16 + LINE * number - 6
        when = day(each.on, language)
        drawing.text(0, row, f"{number}  {when}", class_="ink")
        drawing.text(150, row, fitted(each.label, WIDTH - 150))
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
