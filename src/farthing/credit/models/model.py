"""Own ``Model``: what turns figures into a score, a probability and what each figure gave. Pure.

A model is data and small arithmetic: additions, multiplications and comparisons of IEEE doubles in a fixed order, and tables.
No library that fits models has a part in it, so that a decision is made again to the same answer after any of them moved on.
Never knows a person, and never fits anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from farthing.kit.errors import malformed

Value = Decimal | str | None
"""What is known of a figure: a number, the name of a category, or nothing. Nothing is never zero."""
Values = Mapping[str, Value]
Better = Literal["higher", "lower", "either"]
"""On which side more points are, or that a figure runs both ways."""
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

INVALID = malformed(
    "credit.model_invalid", "The model {name} cannot be used: {problem}.", "模型 {name} 不可用：{problem_zh}。"
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one figure gave to a score, in points, and the most it could have given with the others as they are.

    Of a scorecard both are points of its bins. Of trees ``worth`` is the exact Shapley value against the people whom the
    model was fitted on, and ``most`` adds what the best value of this figure alone would add to the score.
    """

    figure: str
    worth: Decimal
    most: Decimal

    @property
    def lost(self) -> Decimal:
        """Points that a better value of this figure alone would bring."""
        return self.most - self.worth


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in whole points, the probability of default that it stands for, and its parts in the order of the figures.

    ``base`` and the worths together are the score before it was rounded to a whole point.
    """

    score: int
    probability: Decimal
    base: Decimal
    parts: tuple[Part, ...]

    @property
    def weak(self) -> tuple[Part, ...]:
        """The parts that lost points, those that lost most first."""
        lost = [part for part in self.parts if part.lost > 0]
        return tuple(sorted(lost, key=lambda part: (-part.lost, part.figure)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that a model asks for. ``codes`` are the places of its categories on one line, where it has categories; one that
    is not among them is as good as unknown. ``steps``: the values at and beyond which it may be worth something else."""

    name: str
    better: Better
    codes: Mapping[str, int] | None
    steps: tuple[Decimal, ...]


class Model(Protocol):
    """Scorecard or trees: both are asked the same."""

    @property
    def name(self) -> str:
        """Name of the model."""

    @property
    def version(self) -> str:
        """Version; with the name it says which one decided."""

    @property
    def subject(self) -> str:
        """Whom it judges: ``person``, ``shop``, or ``any`` where it was fitted for neither."""

    @property
    def digest(self) -> str:
        """SHA-256 of its text, which pins it in every decision."""

    @property
    def refuse_below(self) -> int:
        """The score below which an application is refused."""

    @property
    def figures(self) -> tuple[Asked, ...]:
        """What it asks for, in its order."""

    def scored(self, values: Values) -> Scored:
        """Score one person."""

    def scores(self, columns: Mapping[str, Sequence[Value] | Floats]) -> Whole:
        """Score many, a column a figure; each score is the one that :meth:`scored` gives."""

    def probability(self, score: int) -> Decimal:
        """The probability of default that a score stands for, to four places."""

    def cuts(self, figure: str) -> tuple[Decimal, ...]:
        """The values of a figure, to four places, below which and from which on it may be worth something else; rising."""

    def edge(self, values: Values, figure: str, favourable: bool) -> Decimal | None:
        """The nearest of them beyond which this person's figure would be worth less (``favourable``) or more, all others as they
        are; none where there is none, or where the value is not known."""
