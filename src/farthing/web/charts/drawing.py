"""Own what every chart shares: the drawing as text, scales with a zero line, axis figures in 万 for who reads Chinese.

Pure. A chart is 640 units wide; the style sheet scales it to its column. No text in it is smaller than 12 units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from farthing.web.writing import MINUS

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 16, 28
LETTERS = 21
"""Units from one line of text to the next where letters are largest: 22 units high, on a phone."""
APART = 28
"""Units from one name beside a chart to the next: each is a text of its own, and its letters have room around them."""
LYING, NAMED, BAR, FIGURE = 62, 20, 28, 48
"""Of lying bars: units from one to the next, and down to the line of its name, to the bar, and to the line of its figure."""
THICK = 26
"""Units that a lying bar is high."""
LARGER = 2.1
"""How much broader than :func:`breadth` a text is where it is shown largest: 22 units high on a phone, and bold."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure and what it stands for; ``shown`` is the figure as people read it."""

    label: str
    value: Decimal
    shown: str


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one kind, in the chart's order."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: its finding, its drawing, and its figures as ``ui.table`` takes them."""

    title: str
    svg: Markup
    columns: list[list[str]]
    rows: list[list[str]]


class Drawing:
    """Collects the marks of one chart."""

    def __init__(self, title: str, told: str, height: int = HEIGHT) -> None:
        self.height = height
        self.title, self.told = title, told
        self.marks: list[str] = []

    def add(self, name: str, text: str = "", **attributes: object) -> None:
        """A mark: ``class_`` is its class, ``stroke_width`` its stroke-width; text is escaped."""
        written = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
            for key, value in attributes.items()
            if value is not None
        )
        self.marks.append(f"<{name}{written}>{escape(text)}</{name}>" if text else f"<{name}{written}/>")

    def text(self, x: float, y: float, text: str, anchor: str = "start", class_: str | None = None) -> None:
        """Words at a place."""
        self.add("text", text, x=x, y=y, text_anchor=None if anchor == "start" else anchor, class_=class_)

    def lines(self, x: float, y: float, texts: Sequence[str], anchor: str = "start", class_: str | None = None) -> None:
        """Words at a place, a line under the other."""
        for number, text in enumerate(texts):
            self.text(x, y + LETTERS * number, text, anchor, class_)

    def done(self) -> Markup:
        """The chart as SVG, with its title and description named."""
        mark = hashlib.sha256(f"{self.title}{self.told}{''.join(self.marks)}".encode()).hexdigest()[:8]
        inner = "".join(self.marks)
        return Markup(  # noqa: S704 - every text in it went through escape
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-labelledby="t{mark} d{mark}">'
            f'<title id="t{mark}">{escape(self.title)}</title><desc id="d{mark}">{escape(self.told)}</desc>{inner}</svg>'
        )


def _short(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float | Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Scale:
    """From a figure to a place; the whole numbers of its axis are ``ticks``."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    def at(self, value: Decimal) -> float:
        """Where a figure stands."""
        span = self.high - self.low or Decimal(1)
        return self.start + float((value - self.low) / span) * (self.end - self.start)

    def ticks(self, most: int = 4) -> list[Decimal]:
        """Round figures across the scale, zero among them."""
        step = round_step((self.high - self.low) / most or Decimal(1))
        first = int((self.low / step).to_integral_value(rounding="ROUND_CEILING"))
        last = int((self.high / step).to_integral_value(rounding="ROUND_FLOOR"))
        return [step * index for index in range(first, last + 1)]


def round_step(rough: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20 ... that is not smaller."""
    power = Decimal(10) ** rough.adjusted()
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def rising(values: Sequence[Decimal], height: int = HEIGHT) -> Scale:
    """A vertical scale that holds the figures and zero, up to a round figure."""
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    step = round_step((high - low) / 4 or Decimal(1))
    top = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    bottom = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    return Scale(bottom, top or (step if bottom == 0 else top), float(height - BOTTOM), float(TOP))


def axis_figure(value: Decimal, language: str) -> str:
    """A figure of an axis: ``1.2万`` or ``12k``, never more than five characters where it can be."""
    sign, size = (MINUS if value < 0 else ""), abs(value)
    units = (
        ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
        if language == "zh"
        else ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
    )
    for unit, name in units:
        if size >= unit:
            return f"{sign}{_trimmed(size / unit)}{name}"
    return f"{sign}{_trimmed(size)}"


def _trimmed(value: Decimal) -> str:
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def frame(drawing: Drawing, scale: Scale, language: str, unit: str = "", end: float = WIDTH - RIGHT) -> None:
    """The axis of figures with its lines up to ``end``; zero is drawn stronger. ``unit``: what each figure is, such as %."""
    for tick in scale.ticks():
        y = scale.at(tick)
        drawing.add("path", class_="axis zero" if tick == 0 else "axis", d=f"M{LEFT} {_short(y)}H{_short(end)}")
        drawing.text(LEFT - 6, y + 4, axis_figure(tick, language) + unit, "end")


def breadth(text: str) -> float:
    """About how many units a text of 12 takes: a Han character its height and a bit, any other about half."""
    return float(sum(13 if ord(letter) > 0x2E80 else 7 for letter in text))


def fitted(text: str, room: float) -> str:
    """A text cut to what there is room for; the table below the chart has the whole of it."""
    if breadth(text) <= room:
        return text
    kept = ""
    for letter in text:
        if breadth(kept + letter) + 13 > room:
            break
        kept += letter
    return f"{kept.rstrip()}\u2026"


def wrapped(text: str, room: float, most: int = 2) -> list[str]:
    """A text in at most ``most`` lines for which there is room also where letters are largest, broken at a space or between
    Han; what does not fit on the last is cut, and the table below the chart has the whole of it."""
    lines: list[str] = []
    while breadth(text) * LARGER > room and len(lines) < most - 1:
        fits = [at for at in range(1, len(text)) if _breaks(text, at) and breadth(text[:at].rstrip()) * LARGER <= room]
        if not fits:
            break
        lines.append(text[: fits[-1]].rstrip())
        text = text[fits[-1] :].lstrip()
    return [*lines, fitted(text, room / LARGER)]


def _breaks(text: str, at: int) -> bool:
    """Whether a line may end before a place: after a space, or before a Han character that no mark is."""
    return text[at - 1] == " " or (ord(text[at]) > 0x2E80 and text[at] not in "，。、；：！？）”")


def named_rows(labels: Sequence[Sequence[str]]) -> tuple[list[float], int]:
    """Where lying bars begin that stand under names of one line or more, and how high they are together."""
    places, reached = [], 0
    for lines in labels:
        places.append(float(reached))
        reached += LYING + LETTERS * (len(lines) - 1)
    return places, reached


def spread(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places moved apart by at least ``least``, in their order, within ``low`` and ``high`` where there is room."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    step = min(least, (high - low) / max(len(places) - 1, 1))
    moved = [0.0] * len(places)
    before = low - step
    for index in order:
        before = moved[index] = max(places[index], before + step, low)
    after = high + step
    for index in reversed(order):
        after = moved[index] = min(moved[index], after - step)
    return moved


def table_of(series: Sequence[Series], first: str) -> tuple[list[list[str]], list[list[str]]]:
    """The figures as a table: a column for each series."""
    columns = [[first, ""], *([each.name, "n"] for each in series)]
    rows = [
        [point.label, *(each.points[index].shown for each in series)] for index, point in enumerate(series[0].points)
    ]
    return columns, rows
