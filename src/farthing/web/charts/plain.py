"""Own the everyday charts: area, bars, stacked schedule, bullet, two bars that must be equal. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from farthing.web.charts.drawing import (
    BAR,
    FIGURE,
    LARGER,
    LEFT,
    LETTERS,
    LYING,
    NAMED,
    RIGHT,
    THICK,
    TOP,
    WIDTH,
    Chart,
    Drawing,
    Point,
    Series,
    breadth,
    frame,
    named_rows,
    rising,
    table_of,
    wrapped,
)


def area(
    title: str, told: str, series: Series, first: str, language: str, *, step: bool = False, marks: Collection[int] = ()
) -> Chart:
    """A line with what lies under it; ``step``: it holds until the next point; ``marks``: points that carry their figure."""
    drawing = Drawing(title, told)
    points = series.points
    scale = rising([each.value for each in points])
    frame(drawing, scale, language)
    across = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    places = [(LEFT + across * index, scale.at(each.value)) for index, each in enumerate(points)]
    line = f"M{places[0][0]:.0f} {places[0][1]:.0f}" + "".join(
        f"H{x:.0f}V{y:.0f}" if step else f"L{x:.0f} {y:.0f}" for x, y in places[1:]
    )
    zero = scale.at(Decimal(0))
    drawing.add("path", class_="f1 faint", d=f"{line}V{zero:.0f}H{LEFT}Z")
    drawing.add("path", class_="line l1", d=line)
    _marked(drawing, [(*places[index], points[index].shown) for index in sorted(marks)])
    drawing.text(LEFT, drawing.height - 8, points[0].label)
    drawing.text(WIDTH - RIGHT, drawing.height - 8, points[-1].label, "end")
    return Chart(title, drawing.done(), *table_of([series], first))


def _marked(drawing: Drawing, marks: Sequence[tuple[float, float, str]]) -> None:
    """Dots with their figures: above the dot, else below it, or higher, where another figure has that place."""
    taken: list[tuple[float, float, float]] = []
    for x, y, shown in marks:
        drawing.add("circle", class_="f1", cx=x, cy=y, r=5)
        wide = breadth(shown) * LARGER
        anchor, left = (
            ("start", x) if x < WIDTH / 3 else ("end", x - wide) if x > WIDTH * 2 / 3 else ("middle", x - wide / 2)
        )
        free = [
            line
            for line in (max(y - 10, TOP - 2), y + 28, y - 10 - LETTERS, y + 28 + LETTERS)
            if TOP - 2 <= line <= drawing.height - 30
            and not any(
                abs(line - other) < LETTERS and left < end and begin < left + wide for begin, end, other in taken
            )
        ]
        line = free[0] if free else max(y - 10, TOP - 2)
        taken.append((left, left + wide, line))
        drawing.text(x, line, shown, anchor, "ink")


def bars(
    title: str, told: str, series: Series, first: str, *, notes: Sequence[str] = (), strong: Collection[int] = ()
) -> Chart:
    """Lying bars with their names above and their figures at the end, the way people compare; ``strong`` ones stand out."""
    points = series.points
    notes = [notes[index] if index < len(notes) else "" for index in range(len(points))]
    names = [
        wrapped(each.label, WIDTH - breadth(note) * LARGER - (16 if note else 0))
        for each, note in zip(points, notes, strict=True)
    ]
    places, tall = named_rows(names)
    drawing = Drawing(title, told, max(tall, LYING))
    most = max([abs(each.value) for each in points] + [Decimal(0)]) or Decimal(1)
    figures = max([150.0, *(breadth(each.shown) * LARGER + 16 for each in points)])
    for index, point in enumerate(points):
        drawing.lines(0, places[index] + NAMED, names[index], class_="ink")
        if notes[index]:
            drawing.text(WIDTH, places[index] + NAMED, notes[index], "end")
        y = places[index] + LETTERS * (len(names[index]) - 1)
        wide = float(abs(point.value) / most) * (WIDTH - figures)
        kind = "f6" if point.value < 0 else "f1" if not strong or index in strong else "f5"
        drawing.add("rect", class_=kind, x=0, y=y + BAR, width=max(wide, 1), height=THICK, rx=3)
        drawing.text(wide + 8, y + FIGURE, point.shown, class_="ink")
    return Chart(title, drawing.done(), *table_of([series], first))


def stacked(
    title: str, told: str, series: Sequence[Series], first: str, language: str, *, filled: int = 0
) -> Chart:  # fmt: skip
    """Standing bars of parts, one a term; the first ``filled`` are done and drawn full, the others lighter."""
    drawing = Drawing(title, told)
    length = len(series[0].points)
    sums = [sum((each.points[index].value for each in series), Decimal(0)) for index in range(length)]
    scale = rising(sums)
    frame(drawing, scale, language)
    room = (WIDTH - LEFT - RIGHT) / max(length, 1)
    for index in range(length):
        under = Decimal(0)
        for number, each in enumerate(series, 1):
            value = each.points[index].value
            if value:
                top = scale.at(under + value)
                drawing.add(
                    "rect", class_=f"f{number}" + ("" if index < filled else " half"), x=LEFT + room * index + room * 0.12,
                    y=top, width=room * 0.76, height=max(scale.at(under) - top, 0.5),
                )  # fmt: skip
            under += value
        if length <= 12 or index % (length // 12 + 1) == 0:
            drawing.text(LEFT + room * (index + 0.5), drawing.height - 8, series[0].points[index].label, "middle")
    _key(drawing, [each.name for each in series])
    return Chart(title, drawing.done(), *table_of(series, first))


def _key(drawing: Drawing, names: Sequence[str]) -> None:
    """What each colour is, in words above the drawing; there is room for the letters that grow on a phone."""
    x = float(LEFT)
    for number, name in enumerate(names, 1):
        drawing.add("rect", class_=f"f{number}", x=x, y=7, width=10, height=10)
        drawing.text(x + 16, 18, name)
        x += 36 + 2 * breadth(name)


def bullet(
    title: str, told: str, used: Point, limit: Point, first: str, named: str, *, marks: Sequence[Point] = ()
) -> Chart:
    """How much of a limit is used: a bar up to the limit's line; ``marks`` are further lines, such as a warning. What is used
    stands above it with its figure, in two lines where one would be cut on a phone."""
    whole = f"{used.label} {used.shown}"
    above = [whole] if breadth(whole) * LARGER <= WIDTH else [*wrapped(used.label, WIDTH, 1), used.shown]
    top = 26 * (len(above) - 1)
    drawing = Drawing(title, told, 76 + top)
    most = max(used.value, limit.value, *(each.value for each in marks), Decimal(1)) * Decimal("1.05")
    wide = WIDTH - 2

    def at(value: Decimal) -> float:
        return float(value / most) * wide

    over = used.value > limit.value
    drawing.add("rect", class_="f5 faint", x=0, y=top + 26, width=wide, height=24, rx=3)
    drawing.add("rect", class_="f6" if over else "f1", x=0, y=top + 30, width=max(at(used.value), 1), height=16, rx=2)
    for each in marks:
        drawing.add("path", class_="axis zero dash", d=f"M{at(each.value):.0f} {top + 22}V{top + 54}")
    drawing.add("path", class_="limit line", d=f"M{at(limit.value):.0f} {top + 20}V{top + 56}")
    for number, text in enumerate(above):
        drawing.text(0, 16 + 26 * number, text, class_="ink")
    below = f"{limit.label} {limit.shown}"
    anchor = "end" if at(limit.value) > WIDTH / 2 else "start"
    room = breadth(below) * LARGER
    edge = max(at(limit.value), min(room, WIDTH)) if anchor == "end" else min(at(limit.value), max(WIDTH - room, 0))
    drawing.text(edge, top + 72, below, anchor)
    rows = [[each.label, each.shown] for each in (used, limit, *marks)]
    return Chart(title, drawing.done(), [[first, ""], [named, "n"]], rows)


def two_bars(title: str, told: str, one: Point, other: Point, first: str, named: str) -> Chart:
    """Two figures that must be equal; where they are not, the shorter one is drawn as a fault."""
    drawing = Drawing(title, told, 2 * LYING)
    most = max(one.value, other.value) or Decimal(1)
    for index, each in enumerate((one, other)):
        y = index * LYING
        drawing.lines(0, y + NAMED, wrapped(each.label, WIDTH - breadth(each.shown) * LARGER - 16, 1), class_="ink")
        drawing.text(WIDTH, y + NAMED, each.shown, "end", "ink")
        wide = float(each.value / most) * WIDTH
        drawing.add(
            "rect", class_="f1" if each.value == most else "f6", x=0, y=y + BAR, width=max(wide, 1), height=THICK, rx=3
        )
    return Chart(
        title, drawing.done(), [[first, ""], [named, "n"]], [[each.label, each.shown] for each in (one, other)]
    )


def lowest(series: Series) -> int:
    """The place of the smallest figure, the last of equals: what a title may speak of."""
    return min(reversed(range(len(series.points))), key=lambda index: series.points[index].value)
