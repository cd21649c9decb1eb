"""Own charts that risk is watched by: vintages, roll rates, a fan of losses, Lorenz, a control chart. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from farthing.kit.errors import InvariantBroken
from farthing.web.charts.drawing import (
    APART,
    BOTTOM,
    HEIGHT,
    LARGER,
    LEFT,
    LETTERS,
    RIGHT,
    TOP,
    WIDTH,
    Chart,
    Drawing,
    Series,
    breadth,
    fitted,
    frame,
    rising,
    spread,
    wrapped,
)

NAMES = (104, 208)
"""Units at the right of a line chart for the names of its lines: at least, and at most."""
DASHED = 3
"""Lines after so many are dashed as well, so that colour alone tells none apart."""
MOST_LINES = 12
TALL = 280
"""A drawing in which the names of so many lines stand above each other in the letters of a phone."""
CURVE = 60
"""Points of a Lorenz curve that are drawn, at most."""


def lines(title: str, told: str, series: Sequence[Series], first: str, language: str, unit: str = "%") -> Chart:
    """Vintages: a line for each cohort, as far as it has come, with its name at its end. The last ``MOST_LINES`` are drawn;
    all are in the table."""
    drawing = Drawing(title, told, TALL)
    drawn = [each for each in series if each.points][-MOST_LINES:]
    scale = rising([point.value for each in drawn for point in each.points], TALL)
    end = _end([each.name for each in drawn])
    frame(drawing, scale, language, unit, end)
    longest = max((each.points for each in drawn), key=len, default=[])
    across = (end - LEFT) / max(len(longest) - 1, 1)
    ends = [scale.at(each.points[-1].value) for each in drawn]
    named_at = spread(ends, APART, TOP, TALL - BOTTOM)
    for number, each in enumerate(drawn):
        places = [(LEFT + across * index, scale.at(point.value)) for index, point in enumerate(each.points)]
        dash = " dash" if number >= DASHED else ""
        _line(drawing, places, f"line l{number % 6 + 1}{dash}")
        x, y = places[-1]
        drawing.add("circle", class_=f"f{number % 6 + 1}", cx=x, cy=y, r=4)
        drawing.add("path", class_="axis", d=f"M{x + 4:.0f} {y:.0f}L{end + 4:.0f} {named_at[number]:.0f}")
        drawing.lines(end + 8, named_at[number] + 4, wrapped(each.name, WIDTH - end - 8, 1), class_="ink")
    if longest:
        drawing.text(LEFT, TALL - 8, longest[0].label)
        drawing.text(end, TALL - 8, longest[-1].label, "end")
    furthest = max((each.points for each in series), key=len, default=[])
    rows = [
        [point.label, *(each.points[index].shown if index < len(each.points) else "" for each in series)]
        for index, point in enumerate(furthest)
    ]
    return Chart(title, drawing.done(), [[first, ""], *([each.name, "n"] for each in series)], rows)


def heat(title: str, told: str, rows: Sequence[Series], first: str, *, whole: bool = True) -> Chart:
    """Roll rates: a row for what loans were, a column for what they became; the more, the darker, with its figure.

    ``whole``: what a row became is all of it, so that its rates come to one, or nothing was there and all are zero.
    """
    wide = max((len(each.points) for each in rows), default=0)
    for each in rows:
        total = sum((point.value for point in each.points), Decimal(0))
        if any(not 0 <= point.value <= 1 for point in each.points) or len(each.points) != wide:
            raise InvariantBroken(f"{each.name} of a heat map is not a row of shares")
        if whole and total and abs(total - 1) > Decimal("0.001"):
            raise InvariantBroken(f"the shares of {each.name} come to {total}")
    names = 150
    room = (WIDTH - names) / max(wide, 1)
    heads = [wrapped(point.label, room - 4) for point in (rows[0].points if rows else [])]
    called = [wrapped(each.name, names - 8) for each in rows]
    head, tall = 28 + _more(heads), 34 + _more(called)
    drawing = Drawing(title, told, head + tall * len(rows) + 4)
    for index, lines in enumerate(heads):
        drawing.lines(names + room * (index + 0.5), 18, lines, "middle")
    for number, each in enumerate(rows):
        y = head + tall * number
        drawing.lines(0, y + 22 + (_more(called) - _more([called[number]])) // 2, called[number], class_="ink")
        for index, point in enumerate(each.points):
            drawing.add(
                "rect", class_="f1", x=names + room * index + 1, y=y + 1, width=room - 2, height=tall - 2, rx=3,
                fill_opacity=f"{Decimal('0.04') + point.value * Decimal('0.4'):.2f}",
            )  # fmt: skip
            middle = y + 22 + _more(called) // 2
            drawing.text(names + room * (index + 0.5), middle, fitted(point.shown, room - 2), "middle", "ink")
    head_row = [[first, ""], *([point.label, "n"] for point in (rows[0].points if rows else []))]
    return Chart(title, drawing.done(), head_row, [[each.name, *(p.shown for p in each.points)] for each in rows])


def _more(texts: Sequence[Sequence[str]]) -> int:
    """How much higher than one line the tallest of some texts is."""
    return LETTERS * (max((len(lines) for lines in texts), default=1) - 1)


def _end(names: Sequence[str]) -> float:
    """Where the lines of a chart end that have their names beside them."""
    wanted = max((breadth(each) * LARGER + 8 for each in names), default=0)
    return WIDTH - RIGHT - min(max(wanted, NAMES[0]), NAMES[1])


@dataclass(frozen=True, slots=True)
class Spread:
    """What was expected at one point: five figures from the lowest to the highest, as people read them."""

    label: str
    values: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
    shown: tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class FanWords:
    """What a fan says: the name of the points, of the five figures, and of what came true."""

    first: str
    expected: tuple[str, str, str, str, str]
    realised: str


def fan(title: str, told: str, expected: Sequence[Spread], realised: Series, words: FanWords, language: str) -> Chart:
    """A fan: the widest band from the lowest to the highest, a narrower one within, the middle dashed, what came true drawn
    full as far as it has come."""
    for each in expected:
        if list(each.values) != sorted(each.values):
            raise InvariantBroken(f"what was expected at {each.label} does not rise")
    if len(realised.points) > len(expected):
        raise InvariantBroken("more came true than was expected")
    drawing = Drawing(title, told)
    scale = rising([value for each in expected for value in each.values] + [each.value for each in realised.points])
    end = _end([*words.expected, words.realised])
    frame(drawing, scale, language, end=end)
    across = (end - LEFT) / max(len(expected) - 1, 1)
    curves = [
        [(LEFT + across * at, scale.at(each.values[line])) for at, each in enumerate(expected)] for line in range(5)
    ]
    for low, high, kind in ((0, 4, "f3 faint"), (1, 3, "f3 half")):
        around = [*curves[low], *reversed(curves[high])]
        if around:
            drawing.add("path", class_=kind, d="M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in around) + "Z")
    _line(drawing, curves[2], "line l3 dash")
    true = [(LEFT + across * at, scale.at(each.value)) for at, each in enumerate(realised.points)]
    _line(drawing, true, "line l2")
    named = [(words.expected[line], curves[line][-1][1]) for line in (0, 2, 4)] if expected else []
    if true:
        x, y = true[-1]
        drawing.add("circle", class_="f2", cx=x, cy=y, r=5)
        named.append((words.realised, y))
    for (text, _), y in zip(named, spread([y for _, y in named], APART, TOP, HEIGHT - BOTTOM), strict=True):
        drawing.lines(end + 8, y + 4, wrapped(text, WIDTH - end - 8, 1), class_="ink")
    if expected:
        half = (end - LEFT) / 2 - 8
        drawing.text(LEFT, HEIGHT - 8, fitted(expected[0].label, half / LARGER))
        drawing.text(end, HEIGHT - 8, fitted(expected[-1].label, half / LARGER), "end")
    rows = [
        [each.label, *each.shown, realised.points[at].shown if at < len(realised.points) else ""]
        for at, each in enumerate(expected)
    ]
    columns = [[words.first, ""], *([name, "n"] for name in (*words.expected, words.realised))]
    return Chart(title, drawing.done(), columns, rows)


def gini(values: Sequence[Decimal]) -> Decimal:
    """How unequal figures are, from 0 (all alike) towards 1 (one has all); 0 where there is nothing to share."""
    whole, count = sum(values, Decimal(0)), len(values)
    if any(value < 0 for value in values):
        raise InvariantBroken("a share below zero has no place on a Lorenz curve")
    if not whole:
        return Decimal("0.000")
    weighed = sum(((2 * place - count - 1) * value for place, value in enumerate(sorted(values), 1)), Decimal(0))
    exact = Fraction(weighed) / (count * Fraction(whole))
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.001"))


def lorenz(
    title: str, told: str, values: Sequence[Decimal], words: tuple[str, str], columns: tuple[str, str]
) -> Chart:  # fmt: skip
    """How a whole is shared: the curve under the line on which all have the same; the table says it by tenths.

    ``words``: what is said at that line, and what the coefficient is called.
    """
    coefficient = gini(values)
    ranked, whole, count = sorted(values), sum(values, Decimal(0)), len(values)
    height, side = 304, 256
    drawing = Drawing(title, told, height)
    left, ground = 68, side + 16

    def held(first: int) -> Fraction:
        """What the ``first`` who have least hold together."""
        return Fraction(sum(ranked[:first], Decimal(0))) / Fraction(whole) if whole else Fraction(first, max(count, 1))

    drawing.add("path", class_="axis", d=f"M{left} 16V{ground}H{left + side}")
    drawing.add("path", class_="axis zero dash", d=f"M{left} {ground}L{left + side} 16")
    picked = sorted({round(count * at / CURVE) for at in range(CURVE + 1)}) if count else []
    places = [(left + side * at / max(count, 1), ground - float(held(at)) * side) for at in picked]
    if places:
        drawing.add("path", class_="f1 faint", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z")
    _line(drawing, places, "line l1", fine=True)
    for share in (0, 50, 100):
        drawing.text(left - 6, ground - side * share / 100 + 4, f"{share}%", "end")
        drawing.text(left + side * share / 100, ground + 28, f"{share}%", "middle")
    beside, room = left + side + 32, WIDTH - left - side - 32
    said = wrapped(words[0], room)
    drawing.lines(beside, 30, said)
    drawing.lines(beside, 60 + _more([said]), wrapped(f"{words[1]} {coefficient}", room), class_="ink")
    tenths = [(tenth, count * tenth // 10) for tenth in range(1, 11)] if count else []
    rows = [[f"{tenth * 10}%", f"{float(held(first)):.1%}"] for tenth, first in tenths]
    return Chart(title, drawing.done(), [[columns[0], ""], [columns[1], "n"]], rows)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a control chart holds figures against; ``shown`` are the lower limit, the centre and the upper limit as read."""

    lower: Decimal
    centre: Decimal
    upper: Decimal
    shown: tuple[str, str, str]

    def holds(self, value: Decimal) -> bool:
        """Whether a figure is inside."""
        return self.lower <= value <= self.upper


def natural(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """The natural limits of single figures: the mean and 2.66 mean moving ranges to both sides (Wheeler)."""
    if not values:
        return Decimal(0), Decimal(0), Decimal(0)
    mean = sum(values, Decimal(0)) / len(values)
    moves = [abs(later - earlier) for earlier, later in itertools.pairwise(values)]
    reach = Decimal("2.66") * sum(moves, Decimal(0)) / len(moves) if moves else Decimal(0)
    return mean - reach, mean, mean + reach


def control(
    title: str, told: str, series: Series, limits: Limits, columns: tuple[str, str, str], language: str
) -> Chart:
    """Figures one after another between two limits; those outside are ringed and carry their figure.

    ``columns``: the heads of the point, of what a point outside is called, and of the limits.
    """
    if not limits.lower <= limits.centre <= limits.upper:
        raise InvariantBroken("the limits of a control chart do not rise")
    drawing = Drawing(title, told)
    edges = [limits.lower, limits.centre, limits.upper]
    scale = rising([each.value for each in series.points] + edges)
    end = _end(limits.shown)
    frame(drawing, scale, language, end=end)
    heights = [scale.at(edge) for edge in edges]
    for height, kind in zip(heights, ("limit line", "axis zero", "limit line"), strict=True):
        drawing.add("path", class_=kind, d=f"M{LEFT} {height:.1f}H{end:.0f}")
    for text, y in zip(limits.shown, spread([-y for y in heights], APART, BOTTOM - HEIGHT, -TOP), strict=True):
        drawing.lines(end + 8, -y + 4, wrapped(text, WIDTH - end - 8, 1), class_="ink")
    across = (end - LEFT) / max(len(series.points) - 1, 1)
    places = [(LEFT + across * index, scale.at(each.value)) for index, each in enumerate(series.points)]
    _line(drawing, places, "line l1")
    for (x, y), point in zip(places, series.points, strict=True):
        if not limits.holds(point.value):
            drawing.add("circle", class_="line l6", cx=x, cy=y, r=7)
            anchor = "start" if x < WIDTH / 3 else "end" if x > end - NAMES[0] else "middle"
            drawing.text(x, y - 11 if y > TOP + 14 else y + 22, point.shown, anchor, "ink")
        elif len(places) <= 40:
            drawing.add("circle", class_="f1", cx=x, cy=y, r=3)
    if series.points:
        drawing.text(LEFT, HEIGHT - 8, fitted(series.points[0].label, 200))
        drawing.text(end, HEIGHT - 8, fitted(series.points[-1].label, 200), "end")
    rows = [[each.label, each.shown, "" if limits.holds(each.value) else columns[1]] for each in series.points]
    rows.append([columns[2], " / ".join(limits.shown), ""])
    return Chart(title, drawing.done(), [[columns[0], ""], [series.name, "n"], ["", ""]], rows)


def _line(drawing: Drawing, places: Sequence[tuple[float, float]], kind: str, *, fine: bool = False) -> None:
    """A line through places; one place alone is a dot."""
    if len(places) == 1:
        drawing.add("circle", class_=kind.replace("line l", "f").split(" ")[0], cx=places[0][0], cy=places[0][1], r=4)
    elif places:
        written = "L".join(f"{x:.1f} {y:.1f}" if fine else f"{x:.0f} {y:.0f}" for x, y in places)
        drawing.add("path", class_=kind, d=f"M{written}")
