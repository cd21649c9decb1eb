"""Own ``Scorecard``: points for bins of figures, as data with its version and provenance. Pure.

A scorecard is law for a decision, so its file is read strictly: an unknown key, a bin out of order or points that
run against the figure's direction are refused, not repaired.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from farthing.credit.features import ENGINE_VERSION
from farthing.credit.reasons import sentences
from farthing.kit.errors import Refusal, malformed
from farthing.kit.tables import Fault, Table, parse

INVALID = malformed("credit.scorecard_invalid", "Scorecard {name}: {problem}.", "评分卡 {name} 无效：{problem_zh}。")


@dataclass(frozen=True, slots=True)
class Bin:
    """Values below ``below`` (none: all others) are worth ``points``."""

    below: Decimal | None
    points: int


@dataclass(frozen=True, slots=True)
class Figure:
    """The bins of one figure, lowest values first; ``missing`` is what an unknown value is worth."""

    name: str
    better: Literal["higher", "lower"]
    missing: int
    bins: tuple[Bin, ...]

    def points(self, value: Decimal | None) -> int:
        """Points of a value."""
        if value is None:
            return self.missing
        return next(item.points for item in self.bins if item.below is None or value < item.below)

    def edge(self, value: Decimal | None, favourable: bool) -> Decimal | None:
        """The nearest edge of the bins beyond which a value would be worth less (``favourable``) or more; none where there
        is none, or where the value is not known."""
        if value is None:
            return None
        own, below = self.points(value), (self.better == "higher") == favourable
        for lower, upper in reversed(self._steps()) if below else self._steps():
            edge = lower.below
            if edge is None or (edge > value if below else edge <= value):
                continue
            beyond = lower.points if below else upper.points
            if beyond < own if favourable else beyond > own:
                return edge
        return None

    def _steps(self) -> list[tuple[Bin, Bin]]:
        """Neighbouring bins, the lowest values first."""
        return list(zip(self.bins, self.bins[1:], strict=False))

    @property
    def most(self) -> int:
        """The most points this figure can give."""
        return max(item.points for item in self.bins)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scorecard as loaded. ``digest`` (SHA-256 of its text) pins it in every decision."""

    name: str
    version: str
    subject: Literal["person", "shop"]
    features: str
    constant: int
    base_score: int
    base_odds: int
    points_to_double: int
    refuse_below: int
    provenance: Mapping[str, Any]
    figures: tuple[Figure, ...]
    digest: str

    def probability_of_default(self, score: int) -> Decimal:
        """One over one plus the odds of good that the score stands for, to four places."""
        doublings = Decimal(score - self.base_score) / self.points_to_double
        odds = Decimal(self.base_odds) * Decimal(2) ** doublings
        return (1 / (1 + odds)).quantize(Decimal("0.0001"))


def load(text: str, name: str = "scorecard") -> Scorecard:
    """Read a scorecard's TOML strictly; refuses ``credit.scorecard_invalid`` saying what is wrong."""
    table = parse(name, text, _refused, quoted=True)
    scale = table.table("scale")
    table.choice("kind", ("scorecard",))
    card = Scorecard(
        name=table.text("name"),
        version=table.text("version"),
        subject="person" if table.choice("subject", ("person", "shop")) == "person" else "shop",
        features=table.choice("features", (ENGINE_VERSION,)),
        constant=_points(table, "constant"),
        base_score=_points(scale, "score"),
        base_odds=scale.whole("odds", 1),
        points_to_double=scale.whole("points_to_double", 1),
        refuse_below=_points(table, "refuse_below"),
        provenance=dict(table.table("provenance").values),
        figures=table.many("figure", lambda one: _figure(one.table("figure"))),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    scale.close()
    table.close()
    return card


def _refused(fault: Fault) -> Refusal:
    problem, problem_zh = f"{fault.name} {fault.problem}".strip(), f"{fault.name} {fault.problem_zh}".strip()
    return INVALID(name=fault.file, problem=problem, problem_zh=problem_zh)


def _figure(table: Table) -> Figure:
    name = table.choice("name", sentences())
    bins = table.many("bins", lambda one: _bin(one.table("bins")))
    edges, points = [one.below for one in bins[:-1]], [one.points for one in bins]
    if None in edges or bins[-1].below is not None or edges != sorted(edge for edge in edges if edge is not None):
        problem, problem_zh = "must rise, and only the last has no upper edge", "须递增，且仅最后一段没有上限"
        raise table.wrong("bins", f"of {name} {problem}", f"（{name}）{problem_zh}")
    better: Literal["higher", "lower"] = (
        "higher" if table.choice("better", ("higher", "lower")) == "higher" else "lower"
    )
    if points != sorted(points, reverse=better == "lower"):
        raise table.wrong(
            "bins", f"of {name} run against {better} being better", f"（{name}）的分值与 better = {better} 相反"
        )
    figure = Figure(name, better, _points(table, "missing"), bins)
    table.close()
    return figure


def _bin(table: Table) -> Bin:
    """One bin; ``loans`` and ``bad`` say what it was fitted on."""
    found = Bin(table.maybe("below", table.decimal), _points(table, "points"))
    for count in ("loans", "bad"):
        table.maybe(count, table.whole)
    table.close()
    return found


def _points(table: Table, key: str) -> int:
    return table.whole(key, -(10**6), 10**6)
