"""Own ``Scorecard``: points for bins of figures, as data with its version and provenance. Pure.

A scorecard is law for a decision, so its file is read strictly: an unknown key, a bin out of order or points that
run against the figure's direction are refused, not repaired.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from farthing.credit.features import ENGINE_VERSION, Feature
from farthing.credit.reasons import FIGURES
from farthing.kit.errors import malformed

INVALID = malformed("credit.scorecard_invalid", "Scorecard {name}: {problem}.", "评分卡 {name} 无效：{problem}。")

_TOP = {"kind", "name", "version", "subject", "features", "constant", "scale", "refuse_below", "provenance", "figure"}
_SCALE = {"score", "odds", "points_to_double"}
_FIGURE = {"name", "better", "missing", "bins"}
_BIN = {"below", "points", "loans", "bad"}


class _Wrong(Exception):
    """What is wrong with a file, before its name is known."""


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


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and the points of each figure."""

    score: int
    points: tuple[tuple[str, int, int], ...]
    """Figure, its points, and the most it could have given."""


def score(card: Scorecard, features: Sequence[Feature]) -> Scored:
    """Add up the points of the figures the card asks for."""
    known = {feature.name: feature.value for feature in features}
    points = tuple((figure.name, figure.points(known.get(figure.name)), figure.most) for figure in card.figures)
    return Scored(card.constant + sum(worth for _, worth, _ in points), points)


def load(text: str, name: str = "scorecard") -> Scorecard:
    """Read a scorecard's TOML strictly; refuses ``credit.scorecard_invalid`` saying what is wrong."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise INVALID(name=name, problem=str(error)) from None
    try:
        return _decode(values, hashlib.sha256(text.encode()).hexdigest())
    except (_Wrong, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise INVALID(name=name, problem=f"{type(error).__name__}: {error}".removeprefix("_Wrong: ")) from None


def _decode(values: Mapping[str, Any], digest: str) -> Scorecard:
    _only(values, _TOP, "the file")
    _only(values["scale"], _SCALE, "scale")
    if values["kind"] != "scorecard" or values["subject"] not in ("person", "shop"):
        raise _Wrong("kind must be scorecard and subject person or shop")
    if values["features"] != ENGINE_VERSION:
        raise _Wrong(f"it was made for {values['features']}, and figures are counted by {ENGINE_VERSION}")
    return Scorecard(
        name=str(values["name"]),
        version=str(values["version"]),
        subject=values["subject"],
        features=str(values["features"]),
        constant=_whole(values["constant"]),
        base_score=_whole(values["scale"]["score"]),
        base_odds=_whole(values["scale"]["odds"]),
        points_to_double=_whole(values["scale"]["points_to_double"]),
        refuse_below=_whole(values["refuse_below"]),
        provenance=dict(values["provenance"]),
        figures=tuple(_figure(item) for item in values["figure"]),
        digest=digest,
    )


def _figure(item: Mapping[str, Any]) -> Figure:
    _only(item, _FIGURE, f"figure {item.get('name')}")
    if item["name"] not in FIGURES:
        raise _Wrong(f"figure {item['name']} has no words to explain it; known are {', '.join(sorted(FIGURES))}")
    bins = []
    for one in item["bins"]:
        _only(one, _BIN, f"a bin of {item['name']}")
        bins.append(Bin(Decimal(str(one["below"])) if "below" in one else None, _whole(one["points"])))
    edges = [one.below for one in bins[:-1]]
    points = [one.points for one in bins]
    if None in edges or bins[-1].below is not None or edges != sorted(edge for edge in edges if edge is not None):
        raise _Wrong(f"the bins of {item['name']} must rise, and only the last has no upper edge")
    if item["better"] not in ("higher", "lower"):
        raise _Wrong(f"{item['name']} must say whether higher or lower is better")
    if points != sorted(points, reverse=item["better"] == "lower"):
        raise _Wrong(f"the points of {item['name']} run against {item['better']} being better")
    return Figure(str(item["name"]), item["better"], _whole(item["missing"]), tuple(bins))


def _only(values: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise _Wrong(f"{where} has the unknown key {', '.join(unknown)}")


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise _Wrong(f"{value!r} is not a whole number")
    return value
