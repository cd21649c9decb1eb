"""Own ``Card``: a member of a model that gives whole points for bins of figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from farthing.credit.models.model import Floats


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins of one figure (its place in the model), lowest first: a value below ``edges[n]``, and not below the one before,
    is worth ``points[n]``; the last bin has no edge. ``missing`` is what an unknown value is worth."""

    figure: int
    edges: tuple[float, ...]
    points: tuple[int, ...]
    missing: int

    def worth(self, values: Floats) -> Floats:
        """Points of a column."""
        where = np.searchsorted(np.array(self.edges), values, side="right")
        found = np.array(self.points, dtype=np.float64)[np.minimum(where, len(self.edges))]
        return np.where(np.isnan(values), float(self.missing), found)


@dataclass(frozen=True, slots=True)
class Card:
    """A constant and the bins of some of the model's figures."""

    constant: int
    bins: tuple[Bins, ...]

    def points(self, people: Floats) -> Floats:
        """The points of each row of figures."""
        total = np.full(len(people), float(self.constant))
        for each in self.bins:
            total = total + each.worth(people[:, each.figure])
        return total

    def parts(self, person: Floats) -> tuple[float, dict[int, float]]:
        """The constant, and the points of each figure of one person."""
        return float(self.constant), {
            each.figure: float(each.worth(person[each.figure : each.figure + 1])[0]) for each in self.bins
        }

    def steps(self, figure: int) -> Sequence[float]:
        """The edges of a figure's bins."""
        return next((each.edges for each in self.bins if each.figure == figure), ())
