"""Own the nouns of succession. Tables: ``credit_model``, ``credit_model_turn``, ``credit_model_score``.

A *slot* is the scorecard that products name. Its *champion* decides: the one that ships with the program until another is
promoted. A *challenger* in shadow says of each decision what it would have said, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Id, ModelText, Slug, Statement
from farthing.kit.words import Words

Act = Literal["brought", "shadow", "stopped", "promoted", "rolled_back"]
Light = Literal["green", "amber", "red", "unknown"]
GroupKind = Literal["sex", "age", "region"]


@dataclass(frozen=True, slots=True)
class BringModel:
    """Bring a model to a slot: its file's text, and the ``metrics.json`` of its training. Both are kept whole; the
    log has the digest."""

    slot: Slug
    source: ModelText = secret()
    measures: ModelText = secret()


@dataclass(frozen=True, slots=True)
class ShadowModel:
    """Let a model that was brought say of each decision what it would have said."""

    model: Id


@dataclass(frozen=True, slots=True)
class StopModel:
    """Take a model out of shadow."""

    model: Id
    reason: Statement


@dataclass(frozen=True, slots=True)
class PromoteModel:
    """Let a challenger that passed the gates decide."""

    model: Id
    reason: Statement


@dataclass(frozen=True, slots=True)
class RollBackModel:
    """Let the champion before decide again."""

    slot: Slug
    reason: Statement


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """One act in a slot. ``champion``: which decides after it; empty is the one that ships with the program."""

    slot: str
    number: int
    act: Act
    model: str
    champion: str
    happened_on: date
    happened_at: datetime
    done_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class BroughtModel:
    """A model as it was brought, without its text."""

    model: str
    slot: str
    name: str
    version: str
    kind: Literal["scorecard", "artefact"]
    brought_on: date
    brought_by: str
    state: Act


@dataclass(frozen=True, slots=True)
class ModelSlot:
    """A slot: which model decides now, which were brought, the acts, the newest first."""

    slot: str
    champion: str
    name: str
    version: str
    promoted_on: date | None
    models: tuple[BroughtModel, ...]
    turns: tuple[ModelTurn, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What a model and its champion said of one decision, and what became of it: ``bad`` is none where that is not known.
    ``groups`` are read for monitoring alone and never reach a model."""

    decided_on: date
    approved: bool
    score: int
    probability: Decimal
    champion_score: int
    champion_probability: Decimal
    figures: Mapping[str, Decimal | None]
    bad: bool | None
    groups: Mapping[GroupKind, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """How a figure or a score was distributed where a model was trained; the last share is of whom nothing was known."""

    name: str
    edges: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelGate:
    """A gate, and how the challenger stands before it. ``beside``: the champion's figure."""

    name: str
    light: Light
    figure: Decimal | None
    limit: Decimal
    beside: Decimal | None
    called: Words


@dataclass(frozen=True, slots=True)
class ModelDrift:
    """How far a figure (``score``: the score) has moved in a month from where the model was trained."""

    name: str
    month: str
    people: int
    psi: Decimal
    light: Light


@dataclass(frozen=True, slots=True)
class BadBand:
    """Decisions with a score of ``low`` to below ``high``; of those whose outcome is known, how many were bad and how many
    were expected to be."""

    low: int
    high: int
    decided: int
    known: int
    bad: int
    expected: Decimal


@dataclass(frozen=True, slots=True)
class ScoreShare:
    """The part of people in a bin of the score, where the model was trained and as it was found."""

    upto: Decimal | None
    expected: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A group: its people, the part the model and the champion would approve, the part of the good approved by the model.
    Groups of fewer than thirty are told and not compared."""

    kind: GroupKind
    name: str
    people: int
    approved: Decimal
    champion_approved: Decimal
    good: int
    good_approved: Decimal | None
    compared: bool


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of the curve: the part of the good and of the bad at or below a score."""

    score: int
    good: Decimal
    bad: Decimal


@dataclass(frozen=True, slots=True)
class Watched:
    """How a model stands beside the champion of its slot."""

    slot: str
    model: str
    name: str
    version: str
    champion: str
    cases: int
    known: int
    bad: int
    may_decide: bool
    gates: tuple[ModelGate, ...]
    drift: tuple[ModelDrift, ...]
    bands: tuple[BadBand, ...]
    shares: tuple[ScoreShare, ...]
    groups: tuple[GroupRate, ...]
    curve: tuple[CurvePoint, ...]

    @property
    def passes(self) -> bool:
        """Whether it may be promoted."""
        return self.may_decide and all(each.light in ("green", "amber") for each in self.gates)


Measures = Mapping[str, Any]
