"""Own the measures of a score: how well it tells bad from good, how true its probabilities are, how stable it stays. Pure numpy.

Outcomes are 1 for bad; of ``bad`` and ``risk`` a higher risk should be a worse person. AUC with DeLong's variance and his test of
two scores on the same people (DeLong and others 1988, by the ranks of Sun and Xu 2014); H after Hand (2009), whose severity has
its mode at the bad rate unless one is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from farthing.credit.models.model import Floats

Outcomes = NDArray[np.int64]
BINS = 10


@dataclass(frozen=True, slots=True)
class Auc:
    """The chance that a bad one has the higher risk of two, with its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Between which it lies in 95 of 100 samples."""
        return max(0.0, self.value - 1.96 * self.error), min(1.0, self.value + 1.96 * self.error)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the second score tells better than the first on the same people, and how likely so much is by chance."""

    value: float
    error: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities are from what happened. ``error`` is the mean distance over bins of equal mass; ``by_chance`` what a
    true model of so many people would show; ``beyond`` what is left above that, by squares. ``in_the_large`` is the bad rate less
    the mean probability; ``slope`` of the log odds is one where they are neither too bold nor too shy."""

    error: float
    by_chance: float
    beyond: float
    in_the_large: float
    slope: float
    bins: tuple[tuple[int, float, float], ...]
    """People, mean probability and bad rate of each bin, the lowest probabilities first."""


def midranks(values: Floats) -> Floats:
    """Ranks from one, equal values sharing theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts).astype(np.float64)
    shared: Floats = ends - (counts - 1) / 2
    return shared[inverse]


def _placements(bad: Outcomes, risk: Floats) -> tuple[float, Floats, Floats]:
    """AUC; and of each bad one the part of the good below it, of each good one the part of the bad above it."""
    is_bad = bad == 1
    bads, goods = risk[is_bad], risk[~is_bad]
    among = midranks(np.concatenate([bads, goods]))
    below = (among[: len(bads)] - midranks(bads)) / len(goods)
    above = 1 - (among[len(bads) :] - midranks(goods)) / len(bads)
    return float(below.mean()), below, above


def auc(bad: Outcomes, risk: Floats) -> Auc:
    """AUC and DeLong's standard error."""
    value, below, above = _placements(bad, risk)
    return Auc(value, sqrt(_spread(below, below) / len(below) + _spread(above, above) / len(above)))


def _spread(one: Floats, two: Floats) -> float:
    return float(((one - one.mean()) * (two - two.mean())).sum() / max(len(one) - 1, 1))


def delong(bad: Outcomes, one: Floats, two: Floats) -> Difference:
    """Two scores on the same people compared; a p-value of one where nothing differs."""
    first, below_1, above_1 = _placements(bad, one)
    second, below_2, above_2 = _placements(bad, two)
    below, above = below_2 - below_1, above_2 - above_1
    error = sqrt(_spread(below, below) / len(below) + _spread(above, above) / len(above))
    if error < 1e-12:
        return Difference(second - first, error, 1.0)
    return Difference(second - first, error, erfc(abs(second - first) / error / sqrt(2)))


def _curve(bad: Outcomes, risk: Floats) -> tuple[Floats, Floats]:
    """Parts of the bad and of the good at or above each risk there is, the highest first, from none to all."""
    values, inverse = np.unique(-risk, return_inverse=True)
    bads = np.bincount(inverse, weights=bad, minlength=len(values))
    alls = np.bincount(inverse, minlength=len(values)).astype(np.float64)
    caught, wrong = np.cumsum(bads) / bads.sum(), np.cumsum(alls - bads) / (alls - bads).sum()
    return np.concatenate([[0.0], caught]), np.concatenate([[0.0], wrong])


def ks(bad: Outcomes, risk: Floats) -> float:
    """Kolmogorov and Smirnov's distance: the most by which the parts of bad and good above a risk differ."""
    caught, wrong = _curve(bad, risk)
    return float((caught - wrong).max())


def h_measure(bad: Outcomes, risk: Floats, severity: tuple[float, float] | None = None) -> float:
    """Hand's H: one less the least expected loss over all costs against that of knowing nothing.

    ``severity``: the Beta distribution of the cost of refusing a good one against accepting a bad one. Unless given, its mode
    is the bad rate (Beta(2, 1 + goods / bads)), as in the reference implementation of its author.
    """
    caught, wrong = _curve(bad, risk)
    part = float(bad.mean())
    severity = severity or (2.0, 1 + (1 - part) / part)
    hull = _upper_hull(wrong, caught)
    costs = [0.0]
    for (x0, y0), (x1, y1) in pairwise(hull):
        # Between two corners of the hull both cost the same at this cost of an accepted bad one.
        gain, loss = part * (y1 - y0), (1 - part) * (x1 - x0)
        costs.append(gain / (gain + loss))
    # From the right end of the hull (all refused) to the left (none), the cost of refusing a good one rises.
    costs = [0.0, *costs[:0:-1], 1.0]
    total = 0.0
    for at, (x, y) in enumerate(reversed(hull)):
        low, high = costs[at], costs[at + 1]
        good_refused, bad_accepted = (1 - part) * x, part * (1 - y)
        total += good_refused * _moment(low, high, 1, severity) + bad_accepted * _moment(low, high, 0, severity)
    nothing = (1 - part) * _moment(0.0, part, 1, severity) + part * _moment(part, 1.0, 0, severity)
    return float(1 - total / nothing)


def _moment(low: float, high: float, of_cost: int, severity: tuple[float, float]) -> float:
    """The integral of ``c`` (or ``1 - c``) times the severity's density from ``low`` to ``high``."""
    a, b = severity
    one, other = (a + 1, b) if of_cost else (a, b + 1)
    scale = exp(_log_beta(one, other) - _log_beta(a, b))
    return scale * (_beta_below(high, one, other) - _beta_below(low, one, other))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction (Numerical Recipes 6.4)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_below(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) - _log_beta(a, b)) / a
    tiny, value, upper, lower = 1e-300, 1.0, 1.0, 0.0
    for step in range(400):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        else:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        lower = 1 / (1 + term * lower or tiny)
        upper = 1 + term / upper or tiny
        value *= upper * lower
        if abs(1 - upper * lower) < 1e-14:
            break
    return front * (value - 1)


def _upper_hull(xs: Floats, ys: Floats) -> list[tuple[float, float]]:
    hull: list[tuple[float, float]] = []
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    return hull


def _turns_up(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> bool:
    return (two[0] - one[0]) * (three[1] - one[1]) >= (two[1] - one[1]) * (three[0] - one[0])


def brier(bad: Outcomes, probability: Floats) -> float:
    """The mean square of probability less outcome."""
    return float(((probability - bad) ** 2).mean())


def calibration(bad: Outcomes, probability: Floats, bins: int = BINS) -> Calibration:
    """Probabilities against what happened, in bins of equal mass that share no probability."""
    order = np.argsort(probability, kind="stable")
    found, before = [], None
    for part in np.array_split(order, bins):
        if not len(part):
            continue
        if before is not None and len({float(probability[part[0]]), float(probability[part[-1]]), before}) == 1:
            found[-1] = np.concatenate([found[-1], part])
        else:
            found.append(part)
        before = float(probability[part[-1]])
    told = [(len(part), float(probability[part].mean()), float(bad[part].mean())) for part in found]
    people = len(bad)
    error = sum(count * abs(rate - mean) for count, mean, rate in told) / people
    noise = [sqrt(2 * mean * (1 - mean) / (np.pi * count)) for count, mean, _ in told]
    by_chance = sum(count * each for (count, _, _), each in zip(told, noise, strict=True)) / people
    squares = sum(count * ((rate - mean) ** 2 - mean * (1 - mean) / count) for count, mean, rate in told) / people
    return Calibration(
        error,
        by_chance,
        sqrt(max(0.0, squares)),
        float(bad.mean() - probability.mean()),
        _slope(bad, probability),
        tuple(told),
    )


def _slope(bad: Outcomes, probability: Floats) -> float:
    """Cox's slope: the coefficient of the log odds in a logistic regression on them, by Newton's method."""
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    odds = np.log(clipped / (1 - clipped))
    if float(odds.std()) < 1e-9:
        return 1.0
    design, beta = np.column_stack([np.ones(len(odds)), odds]), np.array([0.0, 1.0])
    for _ in range(30):
        fitted = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        weight = fitted * (1 - fitted)
        hessian = design.T @ (design * weight[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (bad - fitted))
        step = np.clip(step, -1, 1)  # where probabilities are nearly all nought or one a whole step would leap too far
        beta = beta + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(beta[1])


def psi(expected: Floats, found: Floats) -> float:
    """The population stability index of two lists of shares; a share of nobody counts as half a person in ten thousand."""
    least = 0.00005
    one, two = np.maximum(expected, least), np.maximum(found, least)
    return float(((two - one) * np.log(two / one)).sum())


def shares(values: Floats, edges: Floats) -> Floats:
    """The part of people between edges, below the first to above the last, and at the end of whom nothing is known."""
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    found: Floats = np.append(counts, len(values) - len(known)) / max(len(values), 1)
    return found


def edges_of(values: Floats, bins: int = BINS) -> Floats:
    """Edges that part the known values into bins of about equal mass."""
    known = values[~np.isnan(values)]
    if not len(known):
        return np.empty(0)
    cuts: Floats = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1], method="lower"))
    found: Floats = cuts[cuts > known.min()]
    return found
