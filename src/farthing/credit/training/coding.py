"""Own how categories come to stand on one line, and which way a figure runs: both are found where a model is fitted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from farthing.credit.models.model import Better, Floats
from farthing.credit.training.metrics import Outcomes, auc, edges_of, midranks
from farthing.credit.training.table import Figure, People

PRIOR = 20.0
"""A category's bad rate is drawn to the mean as if so many more people of the mean were in it."""
LEAST_ROWS, LEAST_PART = 5, 0.001
MONOTONE, SURE = 0.8, 2.0
"""A figure runs one way where the ranks of ten bins' bad rates agree by so much, its AUC so many errors from a half."""

Codes = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coded:
    """A figure as a model sees it: its codes if it has categories, and the way it runs; ``free`` where the spec says that it may
    run both ways, and not only that no way was found."""

    name: str
    better: Better
    codes: Codes | None
    free: bool = False


def evidence(bad: float, rows: float, rate: float) -> float:
    """The log of a category's odds of bad against everybody's, drawn to zero where it is small."""
    bads = bad + PRIOR * rate
    goods = rows - bad + PRIOR * (1 - rate)
    return log(bads / goods) - log(rate / (1 - rate))


def coded(people: People) -> tuple[Coded, ...]:
    """Codes and directions of all figures, from these people alone."""
    return tuple(_coded(figure, people.bad, people.weight) for figure in people.figures)


def _coded(figure: Figure, bad: Outcomes, weight: Floats) -> Coded:
    if figure.texts is None:
        return Coded(figure.name, figure.better or direction(figure.numbers, bad), None, figure.better == "either")
    rate, least = float(np.average(bad, weights=weight)), max(LEAST_ROWS, LEAST_PART * len(bad))
    found = {}
    for value in sorted({each for each in figure.texts.tolist() if each is not None}):
        here = figure.texts == value
        if here.sum() >= least:
            found[value] = evidence(float((weight * bad)[here].sum()), float(weight[here].sum()), rate)
    order = sorted(found, key=lambda each: (found[each], each))
    return Coded(figure.name, "lower", {value: at for at, value in enumerate(order)})


def direction(values: Floats, bad: Outcomes) -> Better:
    """Which side is better, where the people say so clearly; else either."""
    known = ~np.isnan(values)
    some, outcome = values[known], bad[known]
    if len(some) < 50 or not 0 < outcome.sum() < len(outcome):
        return "either"
    measured = auc(outcome, some)
    bins = np.searchsorted(edges_of(some), some, side="right")
    counts = np.bincount(bins)
    rates = np.bincount(bins, weights=outcome)[counts > 0] / counts[counts > 0]
    if len(rates) < 2 or abs(measured.value - 0.5) < SURE * max(measured.error, 1e-9):
        return "either"
    agree = _correlation(np.arange(len(rates), dtype=np.float64), midranks(rates))
    if abs(agree) < MONOTONE or agree * (measured.value - 0.5) < 0:
        return "either"
    return "lower" if measured.value > 0.5 else "higher"


def _correlation(one: Floats, two: Floats) -> float:
    a, b = one - one.mean(), two - two.mean()
    scale = sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / scale if scale else 0.0


def numbers(figure: Figure, codes: Codes | None) -> Floats:
    """A figure as doubles; a category without a code is unknown."""
    if codes is None or figure.texts is None:
        return figure.numbers
    return np.array([float(codes[each]) if each in codes else np.nan for each in figure.texts.tolist()])


def matrix(people: People, known: tuple[Coded, ...]) -> Floats:
    """People in rows, figures in columns."""
    return np.column_stack([numbers(figure, each.codes) for figure, each in zip(people.figures, known, strict=True)])
