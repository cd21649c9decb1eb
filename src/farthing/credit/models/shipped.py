"""Own ``Shipped``: a scorecard of TOML, such as ship with the program, asked as any model is. Its scores stay what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from farthing.credit.models.model import Asked, Floats, Part, Scored, Value, Values, Whole
from farthing.credit.scorecard import Figure, Scorecard


@dataclass(frozen=True, slots=True)
class Shipped:
    """A scorecard behind the questions of a model."""

    card: Scorecard

    @property
    def name(self) -> str:
        """Its name."""
        return self.card.name

    @property
    def version(self) -> str:
        """Its version."""
        return self.card.version

    @property
    def subject(self) -> str:
        """Whom it judges."""
        return self.card.subject

    @property
    def digest(self) -> str:
        """SHA-256 of its text."""
        return self.card.digest

    @property
    def refuse_below(self) -> int:
        """The score below which it refuses."""
        return self.card.refuse_below

    @property
    def figures(self) -> tuple[Asked, ...]:
        """What it asks for."""
        return tuple(Asked(each.name, each.better, None, _steps(each)) for each in self.card.figures)

    def scored(self, values: Values) -> Scored:
        """Score one person."""
        found = tuple(
            Part(each.name, Decimal(each.points(_number(values.get(each.name)))), Decimal(each.most))
            for each in self.card.figures
        )
        score = self.card.constant + sum(int(part.worth) for part in found)
        return Scored(score, self.probability(score), Decimal(self.card.constant), found)

    def scores(self, columns: Mapping[str, Sequence[Value] | Floats]) -> Whole:
        """Score many: exact numbers are compared as they are, one after the other."""
        rows = max((len(values) for values in columns.values()), default=0)
        total = np.full(rows, self.card.constant, dtype=np.int64)
        for each in self.card.figures:
            column = columns.get(each.name)
            total += np.array(
                [each.points(_number(None if column is None else column[row])) for row in range(rows)], np.int64
            )
        return total

    def probability(self, score: int) -> Decimal:
        """The probability of default that a score stands for."""
        return self.card.probability_of_default(score)

    def cuts(self, figure: str) -> tuple[Decimal, ...]:
        """The edges of a figure's bins."""
        return next((each.steps for each in self.figures if each.name == figure), ())

    def edge(self, values: Values, figure: str, favourable: bool) -> Decimal | None:
        """The nearest edge beyond which a figure would be worth less or more."""
        found = next(each for each in self.card.figures if each.name == figure)
        return found.edge(_number(values.get(figure)), favourable)


def _steps(figure: Figure) -> tuple[Decimal, ...]:
    return tuple(each.below for each in figure.bins if each.below is not None)


def _number(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    return None if not isinstance(value, float) or np.isnan(value) else Decimal(repr(float(value)))
