"""Own the fit of a scorecard: monotone bins by optbinning, a logistic regression of their evidence, whole points. Pure.

A better bin never costs points: a figure whose evidence would count the wrong way beside the others is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from farthing.credit.models.model import Better, Floats
from farthing.credit.models.points import Bins, Card
from farthing.credit.training.coding import Coded
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.spec import Scale
from farthing.kit.later import Later

optbinning = Later("optbinning")
MOST_BINS, LEAST_BIN, LEAST_PEOPLE = 8, 0.05, 10
SMALL, LOOSE, TIGHT = 5_000, 1.0, 5.0
"""Ridges of the regression: below so many people it is held closer to nothing."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure's bins with the evidence of each: the log of its odds of good against everybody's."""

    figure: int
    edges: tuple[float, ...]
    weights: tuple[float, ...]
    missing: float

    def of(self, values: Floats) -> Floats:
        """Evidence of a column."""
        where = np.searchsorted(np.array(self.edges), values, side="right")
        found = np.array(self.weights)[np.minimum(where, len(self.edges))]
        return np.where(np.isnan(values), self.missing, found)


def fit_card(people: Floats, bad: Outcomes, weight: Floats, known: Sequence[Coded], scale: Scale) -> Card:
    """A scorecard of these people; figures that tell nothing have no bins in it."""
    found = [
        each for at, one in enumerate(known) if (each := _evidence(at, people[:, at], bad, weight, one)) is not None
    ]
    kept, constant, factors = _joined(found, people, bad, weight)
    per_log_odds = scale.points_to_double / log(2)
    bins = tuple(
        Bins(
            each.figure, each.edges, tuple(round(per_log_odds * factor * one) for one in each.weights),
            round(per_log_odds * factor * each.missing),
        )
        for each, factor in zip(kept, factors, strict=True)
    )  # fmt: skip
    return Card(round(scale.score + per_log_odds * (constant - log(scale.odds))), bins)


def _evidence(figure: int, values: Floats, bad: Outcomes, weight: Floats, one: Coded) -> Evidence | None:
    unknown = np.isnan(values)
    some, outcome, weights = values[~unknown], bad[~unknown], weight[~unknown]
    edges = _edges(some, outcome, weights, one)
    if edges is None:
        return None
    places = np.searchsorted(np.array(edges), some, side="right")
    rows = np.bincount(places, weights=weights, minlength=len(edges) + 1)
    bads = np.bincount(places, weights=weights * outcome, minlength=len(edges) + 1)
    all_bad = float((weight * bad).sum())
    odds = (float(weight.sum()) - all_bad + HALF) / (all_bad + HALF)
    edges, found = _run(edges, rows.tolist(), bads.tolist(), odds, one.better)
    missing = 0.0
    if unknown.sum() >= LEAST_PEOPLE:
        lost, gone = float((weight * bad)[unknown].sum()), float(weight[unknown].sum())
        missing = log((gone - lost + HALF) / (lost + HALF) / odds)
    if not edges and not missing:
        return None
    return Evidence(figure, tuple(edges), tuple(found), missing)


def _run(
    edges: Sequence[float], rows: list[float], bads: list[float], odds: float, better: Better
) -> tuple[list[float], list[float]]:
    """The bins and their evidence, none of which runs against what is better: of few people evidence is drawn to zero, so that a
    bin without any bad one may come to count less than a worse one that is larger; then the two are one bin."""
    edges, sign = list(edges), {"higher": 1, "lower": -1, "either": 0}[better]

    def told(at: int) -> float:
        return log((rows[at] - bads[at] + HALF) / (bads[at] + HALF) / odds)

    at = 0
    while at < len(edges):
        if sign * (told(at + 1) - told(at)) >= 0:
            at += 1
            continue
        rows[at : at + 2], bads[at : at + 2] = [rows[at] + rows[at + 1]], [bads[at] + bads[at + 1]]
        del edges[at]
        at = max(0, at - 1)
    return edges, [told(each) for each in range(len(rows))]


def _edges(values: Floats, bad: Outcomes, weight: Floats, one: Coded) -> list[float] | None:
    """Where optbinning cuts a figure; none where there is nothing to cut."""
    if len(values) < 2 * LEAST_PEOPLE or len(np.unique(values)) < 2 or not 0 < bad.sum() < len(bad):
        return [] if len(values) else None
    either = "auto" if one.free else "auto_asc_desc"
    trend = {"higher": "descending", "lower": "ascending", "either": either}[one.better]
    binning = optbinning.OptimalBinning(
        name=one.name, dtype="numerical", monotonic_trend=trend, max_n_bins=MOST_BINS,
        min_bin_size=max(LEAST_BIN, min(0.5, LEAST_PEOPLE / len(values))), solver="mip", time_limit=60,
    )  # fmt: skip
    binning.fit(values, bad, sample_weight=None if (weight == 1).all() else weight)
    return [float(each) for each in binning.splits]


def _joined(
    found: Sequence[Evidence], people: Floats, bad: Outcomes, weight: Floats
) -> tuple[list[Evidence], float, list[float]]:
    """The figures that stay, the log odds of good of nobody in particular, and by how much the evidence of each counts."""
    kept = list(found)
    rate = float(np.average(bad, weights=weight))
    while kept:
        design = np.column_stack([each.of(people[:, each.figure]) for each in kept])
        constant, factors = logistic(design, 1 - bad, weight, TIGHT if len(bad) < SMALL else LOOSE)
        if min(factors) >= 0:
            return kept, constant, factors
        kept = [each for each, factor in zip(kept, factors, strict=True) if factor >= 0]
    return [], log((1 - rate) / rate), []


def logistic(design: Floats, outcome: Outcomes, weight: Floats, ridge: float) -> tuple[float, list[float]]:
    """A logistic regression by Newton's steps, its factors (never the constant) drawn to zero by a ridge. Sums are made without a
    library of linear algebra, whose order of adding hangs on the number of processors."""
    full = np.column_stack([np.ones(len(design)), design])
    held = np.diag([0.0, *[ridge] * design.shape[1]])
    beta: Floats = np.zeros(full.shape[1])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(np.einsum("ij,j->i", full, beta), -30, 30)))
        gradient = np.einsum("ij,i->j", full, weight * (outcome - fitted)) - held @ beta
        curved = np.einsum("ij,ik,i->jk", full, full, weight * fitted * (1 - fitted)) + held
        step = np.linalg.solve(curved + 1e-9 * np.eye(len(beta)), gradient)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            break
    return float(beta[0]), [float(each) for each in beta[1:]]
