"""Own ``Artefact``: a model as it was written by whoever fitted it, one or several members that are weighed together. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from farthing.credit.models.inputs import matrix, number
from farthing.credit.models.model import Asked, Floats, Part, Scored, Value, Values, Whole
from farthing.credit.models.paths import parts as shapley
from farthing.credit.models.points import Card
from farthing.credit.models.trees import Trees

_PLACES = Decimal("0.000001")
PLACE = Decimal("0.0001")
"""The last place of the figures of decisions."""
MOST_CUT = 1e12
"""No figure of a decision lies beyond it."""
MOST_TRIED = 24
"""Values that are tried of a figure that runs both ways, to say the most that it could have given."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability of default of scores from ``at_least`` on, and the two between which it lies (Vovk and Petej 2012)."""

    at_least: int
    probability: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, eq=False)
class Artefact:
    """A model as data. ``about`` says what it was made from: it is told, and never reckoned with."""

    name: str
    version: str
    subject: str
    digest: str
    refuse_below: int
    figures: tuple[Asked, ...]
    members: tuple[tuple[float, Card | Trees], ...]
    chances: tuple[Chance, ...]
    about: Mapping[str, Any]

    def points(self, people: Floats) -> Floats:
        """Scores before they are rounded to whole points, a row of figures each."""
        total = np.zeros(len(people))
        for weight, member in self.members:
            total = total + weight * member.points(people)
        return total

    def scores(self, columns: Mapping[str, Sequence[Value] | Floats]) -> Whole:
        """Score many, a column a figure."""
        return whole(self.points(matrix(self.figures, columns)))

    def scored(self, values: Values) -> Scored:
        """Score one person, with what each figure gave."""
        person = np.array([number(asked, values.get(asked.name)) for asked in self.figures])
        people, spans = self._best(person)
        reached = self.points(people)
        score = int(whole(reached[:1])[0])
        worths = self._worths(person)
        found = []
        for at, asked in enumerate(self.figures):
            first, last = spans[at]
            more = max(0.0, float(reached[first:last].max() - reached[0])) if last > first else 0.0
            worth = _places(worths.get(at, 0.0))
            found.append(Part(asked.name, worth, worth + _places(more)))
        # What rounding to six places left over is the base's, so that base and worths are the score to the last of them.
        base = _places(float(reached[0])) - sum((part.worth for part in found), Decimal(0))
        return Scored(score, self.probability(score), base, tuple(found))

    def chance(self, score: int) -> Chance:
        """The probability of default that a score stands for, and its two bounds."""
        place = bisect_right(self._from, score)
        return self.chances[max(place - 1, 0)]

    def probability(self, score: int) -> Decimal:
        """The probability of default that a score stands for."""
        return self.chance(score).probability

    def cuts(self, figure: str) -> tuple[Decimal, ...]:
        """The values, to four places, that part what a figure may be worth; of trees just above a step."""
        return self._cuts.get(figure, ())

    def edge(self, values: Values, figure: str, favourable: bool) -> Decimal | None:
        """The nearest cut beyond which the score would be lower or higher by a whole point, or where none does so much, by
        less. Found by asking the model, with all other figures as they are."""
        value, at = values.get(figure), [each.name for each in self.figures].index(figure)
        if not isinstance(value, Decimal):
            return None
        below = (self.figures[at].better == "higher") == favourable
        cuts = self.cuts(figure)
        near = [each for each in reversed(cuts) if each <= value] if below else [each for each in cuts if each > value]
        person = np.array([number(asked, values.get(asked.name)) for asked in self.figures])
        people = np.tile(person, (len(near) + 1, 1))
        people[1:, at] = [float(each - PLACE if below else each) for each in near]
        points = self.points(people)
        for reached in (whole(points).astype(np.float64), points):
            beyond = reached[1:] < reached[0] if favourable else reached[1:] > reached[0]
            if beyond.any():
                return near[int(beyond.argmax())]
        return None

    @cached_property
    def _cuts(self) -> dict[str, tuple[Decimal, ...]]:
        found: dict[str, set[Decimal]] = {each.name: set() for each in self.figures}
        for _, member in self.members:
            for at, each in enumerate(self.figures):
                found[each.name].update(_cut(step, member) for step in member.steps(at) if abs(step) < MOST_CUT)
        return {name: tuple(sorted(each)) for name, each in found.items()}

    @cached_property
    def _from(self) -> list[int]:
        return [chance.at_least for chance in self.chances]

    def _worths(self, person: Floats) -> dict[int, float]:
        """Points that each figure gives to one person."""
        total: dict[int, float] = {}
        for weight, member in self.members:
            if isinstance(member, Card):
                found, sign = member.parts(person)[1], 1.0
            else:
                found, sign = shapley(member, person)[1], -member.per_log_odds
            for figure, worth in found.items():
                total[figure] = total.get(figure, 0.0) + weight * sign * worth
        return total

    def _best(self, person: Floats) -> tuple[Floats, list[tuple[int, int]]]:
        """The person, and below it that person with one figure at each value that could be its best one; which rows are whose."""
        rows, spans = [person], []
        for at, tried in enumerate(self._tried):
            first = len(rows)
            for value in tried:
                other = person.copy()
                other[at] = value
                rows.append(other)
            spans.append((first, len(rows)))
        return np.array(rows), spans

    @cached_property
    def _tried(self) -> tuple[tuple[float, ...], ...]:
        """Of each figure the values among which the best one is: the far end of its better side, or some between its steps."""
        return tuple(_tried(asked) for asked in self.figures)


def _tried(asked: Asked) -> tuple[float, ...]:
    steps = [float(step) for step in asked.steps]
    if not steps:
        return ()
    low, high = steps[0] - 1, steps[-1] + 1
    if asked.better != "either":
        return (high if asked.better == "higher" else low,)
    between = [(one + two) / 2 for one, two in pairwise(steps)]
    return (low, *between[:: 1 + len(between) // MOST_TRIED], high)


def _cut(step: float, member: Card | Trees) -> Decimal:
    """The smallest value of four places that lies beyond a step: at an edge of bins already, of trees above it only."""
    told = Decimal(repr(float(step)))
    if isinstance(member, Card):
        return told.quantize(PLACE, ROUND_CEILING)
    return told.quantize(PLACE, ROUND_FLOOR) + PLACE


def whole(points: Floats) -> Whole:
    """Points rounded to whole ones, halves to the even one."""
    return np.rint(points).astype(np.int64)


def _places(value: float) -> Decimal:
    return Decimal(value).quantize(_PLACES, ROUND_HALF_EVEN)
