"""Own the nouns of what would change a decision. Nothing of it is kept: it follows from the decision's own inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Edges:
    """At which values of a figure a model's answer may change, and which way is better: of a scorecard the edges of its bins, of
    trees the values at which they part."""

    better: Literal["higher", "lower"]
    values: Sequence[Decimal]


Model = Mapping[str, Edges]
"""The figures that a model looks at."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that would be otherwise (a figure, or a lever by name) and what it would be, as the rule reads it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Way:
    """What would change a decision, for one of its ``reason``s: with ``moved`` changed and all else as it was, the same rule
    answers ``approved`` and ``limit``. ``since_on``: the day from which it can be so, where it takes time."""

    reason: str
    moved: tuple[Moved, ...]
    approved: bool
    limit: Money
    score: int
    since_on: date | None
    said: Words


@dataclass(frozen=True, slots=True)
class Evidenced:
    """What a better grade of evidence would change: ``carries`` is what may be owed here on it in all, ``limit`` the rule's
    answer with everything else as it was."""

    grade: str
    carries: Money | None
    approved: bool
    limit: Money
    said: Words


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of what a loan costs: its name, a year and as a part of what is lent, and in money of what was asked for."""

    name: str
    annual: Decimal
    a_year: Money
    said: Words


@dataclass(frozen=True, slots=True)
class PriceTable:
    """What a decision's loan costs the bank and what it bears, a year: ``lines`` sum to ``cost``, and ``margin`` is what is left
    of ``annual``. ``lines`` are none where the decision is from before costs were kept."""

    decision_id: str
    probability_of_default: Decimal
    lines: tuple[CostLine, ...]
    cost: Decimal
    annual: Decimal
    margin: Decimal


@dataclass(frozen=True, slots=True)
class Ways:
    """What would change a decision, and what better evidence would; by ``grade`` it was decided."""

    decision_id: str
    grade: str
    ways: tuple[Way, ...]
    better: tuple[Evidenced, ...]
