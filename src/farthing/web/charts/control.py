"""Own the control chart: a bar a term, what was to be expected, and from where on it alarms. Pure."""

from __future__ import annotations

from collections.abc import Collection

from farthing.web.charts.drawing import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Chart,
    Drawing,
    Series,
    frame,
    rising,
    table_of,
)


def control(
    title: str, told: str, seen: Series, expected: Series, limit: Series, first: str, language: str,
    *, alarms: Collection[int] = (),
) -> Chart:  # fmt: skip
    """Bars of what was seen, those that alarm drawn as a fault; a dashed line of the limit, a thin one of what is expected."""
    drawing = Drawing(title, told)
    length = len(seen.points)
    scale = rising([each.value for series in (seen, expected, limit) for each in series.points])
    frame(drawing, scale, language)
    room = (WIDTH - LEFT - RIGHT) / max(length, 1)
    ground = float(HEIGHT - BOTTOM)
    for index, point in enumerate(seen.points):
        top = scale.at(point.value)
        drawing.add(
            "rect", class_="f6" if index in alarms else "f1", x=LEFT + room * index + room * 0.16, y=top,
            width=room * 0.68, height=max(ground - top, 0.5),
        )  # fmt: skip
        if length <= 7 or index % (length // 6 + 1) == 0:
            drawing.text(LEFT + room * (index + 0.5), drawing.height - 8, point.label, "middle")
    for series, kind in ((expected, "line l1"), (limit, "line l6 dash")):
        line = "".join(
            f"{'M' if not index else 'L'}{LEFT + room * index:.0f} {scale.at(point.value):.0f}H{LEFT + room * (index + 1):.0f}"
            for index, point in enumerate(series.points)
        )
        if line:
            drawing.add("path", class_=kind, d=line)
    return Chart(title, drawing.done(), *table_of((seen, expected, limit), first))
