"""Own charts of what adds up: a waterfall (where a rate goes) and a Sankey (where money went). Pure.

Figures that do not add up are refused as a fault of ours: a drawing of them would say something that is not so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.errors import InvariantBroken
from farthing.web.charts.drawing import (
    BAR,
    FIGURE,
    HEIGHT,
    LARGER,
    LETTERS,
    NAMED,
    THICK,
    WIDTH,
    Chart,
    Drawing,
    Point,
    Series,
    breadth,
    named_rows,
    wrapped,
)

NODE, GAP = 12, 20
"""How wide a place of a Sankey is, and how far two of them are apart: a line of text fits between."""


def waterfall(title: str, told: str, parts: Series, total: Point, first: str) -> Chart:
    """What a figure is made of, part after part, each from where the one before ended; the last bar is the whole.

    Parts that take away are drawn in another colour and carry their minus.
    """
    if sum((each.value for each in parts.points), Decimal(0)) != total.value:
        raise InvariantBroken(f"the parts of a waterfall do not come to {total.value}")
    steps: list[tuple[Point, Decimal, Decimal, str]] = []
    reached = Decimal(0)
    for point in parts.points:
        steps.append((point, reached, reached + point.value, "f1" if point.value >= 0 else "f2"))
        reached += point.value
    steps.append((total, Decimal(0), total.value, "f5"))
    low, high = min(min(a, b) for _, a, b, _ in steps), max(max(a, b) for _, a, b, _ in steps)
    span = high - low or Decimal(1)
    figures = max(breadth(point.shown) for point, *_ in steps) * LARGER + 16
    names = [wrapped(point.label, WIDTH) for point, *_ in steps]
    places, tall = named_rows(names)

    def at(value: Decimal) -> float:
        return float((value - low) / span) * max(WIDTH - figures, WIDTH / 3)

    drawing = Drawing(title, told, tall)
    drawing.add("path", class_="axis zero", d=f"M{at(Decimal(0)):.0f} {BAR}V{tall}")
    for index, (point, start, end, kind) in enumerate(steps):
        drawing.lines(0, places[index] + NAMED, names[index], class_="ink")
        y, left, right = places[index] + LETTERS * (len(names[index]) - 1), at(min(start, end)), at(max(start, end))
        drawing.add("rect", class_=kind, x=left, y=y + BAR, width=max(right - left, 1.0), height=THICK, rx=2)
        drawing.text(right + 8, y + FIGURE, point.shown, class_="ink")
        if index < len(parts.points):
            below = places[index + 1] + LETTERS * (len(names[index + 1]) - 1) + BAR
            drawing.add("path", class_="axis zero dash", d=f"M{at(end):.0f} {y + BAR + THICK:.0f}V{below:.0f}")
    rows = [[point.label, point.shown] for point, *_ in steps]
    return Chart(title, drawing.done(), [[first, ""], [parts.name, "n"]], rows)


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that went from one place to another; ``shown`` is the amount as people read it."""

    source: str
    target: str
    value: Decimal
    shown: str


@dataclass(slots=True)
class _Node:
    """A place of a Sankey while it is laid out."""

    name: str
    column: int
    size: Decimal
    y: float = 0.0
    taken_out: float = 0.0
    taken_in: float = 0.0


def sankey(title: str, told: str, flows: Sequence[Flow], columns: tuple[str, str, str]) -> Chart:
    """Where money went: places from left to right, bands as wide as what flowed. ``columns`` heads the table.

    What comes into a place and what leaves it must be the same, where it does both; nothing flows back.
    """
    drawn = [each for each in flows if each.value]
    nodes = _laid_out(drawn)
    last = max((each.column for each in nodes.values()), default=0)
    stacks = [[each for each in nodes.values() if each.column == column] for column in range(last + 1)]
    most = max((len(stack) for stack in stacks), default=0)
    height = max(HEIGHT, most * 44) if drawn else 24
    heaviest = max((sum((each.size for each in stack), Decimal(0)) for stack in stacks), default=Decimal(0)) or Decimal(
        1
    )
    scale = (height - 16 - GAP * max(most - 1, 0)) / float(heaviest)
    for stack in stacks:
        y = 8.0
        for node in stack:
            node.y, y = y, y + float(node.size) * scale + GAP
    drawing = Drawing(title, told, height)
    if not drawn:
        drawing.add("path", class_="axis zero dash", d=f"M0 12H{WIDTH}")

    def x_of(node: _Node) -> float:
        return (WIDTH - NODE) * node.column / max(last, 1)

    for number, flow in enumerate(sorted(drawn, key=lambda each: (nodes[each.source].y, nodes[each.target].y))):
        source, target, thick = nodes[flow.source], nodes[flow.target], float(flow.value) * scale
        left, right = x_of(source) + NODE, x_of(target)
        top, end, middle = source.y + source.taken_out, target.y + target.taken_in, (left + right) / 2
        source.taken_out, target.taken_in = source.taken_out + thick, target.taken_in + thick
        drawing.add(
            "path", class_=f"f{number % 4 + 1} faint",
            d=f"M{left:.0f} {top:.1f}C{middle:.0f} {top:.1f} {middle:.0f} {end:.1f} {right:.0f} {end:.1f}v{thick:.1f}"
            f"C{middle:.0f} {end + thick:.1f} {middle:.0f} {top + thick:.1f} {left:.0f} {top + thick:.1f}Z",
        )  # fmt: skip
    room = (WIDTH - NODE) / max(last, 1) / (2 if last < 2 else 1) - NODE - 20
    for node in nodes.values():
        tall = float(node.size) * scale
        drawing.add("rect", class_="f1", x=x_of(node), y=node.y, width=NODE, height=max(tall, 1.0))
        at_end = node.column == last and last > 0
        x = x_of(node) - 6 if at_end else x_of(node) + NODE + 6
        lines = wrapped(node.name, room)
        above = LETTERS * (len(lines) - 1) / 2
        drawing.lines(x, max(node.y + tall / 2 + 4 - above, 18), lines, "end" if at_end else "start", "ink")
    rows = [[each.source, each.target, each.shown] for each in flows]
    return Chart(title, drawing.done(), [[columns[0], ""], [columns[1], ""], [columns[2], "n"]], rows)


def _laid_out(flows: Sequence[Flow]) -> dict[str, _Node]:
    """Every place with its column, one to the right of all that flows into it, and its size."""
    inwards: dict[str, list[Flow]] = {}
    outwards: dict[str, list[Flow]] = {}
    for flow in flows:
        if flow.value < 0:
            raise InvariantBroken(f"a flow from {flow.source} to {flow.target} is negative")
        outwards.setdefault(flow.source, []).append(flow)
        inwards.setdefault(flow.target, []).append(flow)
    names = list(dict.fromkeys(name for flow in flows for name in (flow.source, flow.target)))
    columns: dict[str, int] = {}
    for _ in names:
        for name in names:
            sources = [each.source for each in inwards.get(name, [])]
            if name not in columns and all(source in columns for source in sources):
                columns[name] = max((columns[source] + 1 for source in sources), default=0)
    nodes: dict[str, _Node] = {}
    for name in names:
        if name not in columns:
            raise InvariantBroken(f"money flows round in a circle by {name}")
        came = sum((each.value for each in inwards.get(name, [])), Decimal(0))
        went = sum((each.value for each in outwards.get(name, [])), Decimal(0))
        if came and went and came != went:
            raise InvariantBroken(f"{came} came to {name} and {went} left it")
        nodes[name] = _Node(name, columns[name], max(came, went))
    return nodes
