"""Own the fit of boosted trees by LightGBM: one thread, fixed seeds, a fixed order: the same data give the same trees. Pure.

Of a category with few values trees see whether it is one of them; of one with many its place by evidence, which in the fit is
taken from other people than the one it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.models.trees import Seen, Trees
from farthing.credit.training.coding import Coded, evidence
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.spec import Scale
from farthing.credit.training.trees_of import trees_of
from farthing.kit.later import Later

lightgbm = Later("lightgbm")
SEED = 42
FEW_VALUES = 12
CROSS = 5
ALWAYS: dict[str, Any] = {
    "objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
    "bagging_freq": 1, "max_depth": 7, "max_bin": 255, "feature_pre_filter": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class How:
    """How trees are grown; how many times from another seed, whose mean counts."""

    trees: int
    rate: float
    leaves: int
    least: int
    people: float
    figures: float
    ridge: float
    seeds: int


def how(rows: int) -> How:
    """What suits so many people, without looking at them: few are held close to nothing."""
    if rows < 3_000:
        return How(300, 0.02, 8, max(8, min(20, rows // 40)), 0.7, 0.25, 5.0, 3)
    if rows < 15_000:
        return How(350, 0.03, 12, 30, 0.8, 0.4, 5.0, 2)
    return How(300, 0.04, 16, 80, 0.8, 0.5, 10.0, 1)


@dataclass(frozen=True, slots=True)
class _View:
    """What trees see: columns, how each came to be, which way it must run, and the evidence that a code stands for."""

    seen: tuple[Seen, ...]
    columns: Floats
    ways: tuple[int, ...]
    evidence: dict[int, Floats]


def fit_trees(
    people: Floats, bad: Outcomes, weight: Floats, known: Sequence[Coded], scale: Scale, monotone: bool = True
) -> tuple[tuple[float, Trees], ...]:
    """Trees of these people, each seed's with its part of the whole."""
    view, chosen = _view(people, bad, weight, known), how(len(bad))
    per_log_odds = scale.points_to_double / log(2)
    offset = scale.score - per_log_odds * log(scale.odds)

    def place(at: int, threshold: float) -> float:
        """Between which two codes a threshold lies that was found among their evidence."""
        if at not in view.evidence:
            return threshold
        return float(np.searchsorted(view.evidence[at], threshold, side="right")) - 0.5

    found = []
    for seed in range(chosen.seeds):
        booster = _booster(view, bad, weight, chosen, SEED + seed, monotone)
        trees = trees_of(booster.dump_model(), view.seen, offset, per_log_odds, place)
        found.append((1 / chosen.seeds, trees))
    return tuple(found)


def _booster(view: _View, bad: Outcomes, weight: Floats, chosen: How, seed: int, monotone: bool) -> Any:
    asked = ALWAYS | {
        "learning_rate": chosen.rate, "num_leaves": chosen.leaves, "min_data_in_leaf": chosen.least,
        "bagging_fraction": chosen.people, "feature_fraction": chosen.figures, "lambda_l2": chosen.ridge, "seed": seed,
    }  # fmt: skip
    if monotone and any(view.ways):
        asked |= {"monotone_constraints": list(view.ways), "monotone_constraints_method": "basic"}
    return lightgbm.train(asked, lightgbm.Dataset(view.columns, bad, weight=weight), chosen.trees)


WAYS = {"higher": -1, "lower": 1, "either": 0}
"""More of what is better is less risk."""


def _view(people: Floats, bad: Outcomes, weight: Floats, known: Sequence[Coded]) -> _View:
    seen: list[Seen] = []
    columns: list[Floats] = []
    ways: list[int] = []
    told: dict[int, Floats] = {}
    for figure, each in enumerate(known):
        values = people[:, figure]
        if each.codes is not None and len(each.codes) <= FEW_VALUES:
            for code in range(len(each.codes)):
                seen.append(Seen(figure, code))
                columns.append((values == code).astype(np.float64))
                ways.append(0)
            continue
        if each.codes is not None:
            told[len(seen)] = _evidence(values, bad, weight, len(each.codes))
            values = _crossed(values, bad, weight, len(each.codes))
        seen.append(Seen(figure))
        columns.append(values)
        ways.append(WAYS[each.better])
    return _View(tuple(seen), np.column_stack(columns), tuple(ways), told)


def _evidence(codes: Floats, bad: Outcomes, weight: Floats, count: int) -> Floats:
    """The evidence of each code, in their order, which is its own."""
    known = ~np.isnan(codes)
    places = codes[known].astype(np.intp)
    rows = np.bincount(places, weights=weight[known], minlength=count)
    bads = np.bincount(places, weights=(weight * bad)[known], minlength=count)
    rate = float(np.average(bad, weights=weight))
    return np.array([evidence(float(one), float(all_), rate) for one, all_ in zip(bads, rows, strict=True)])


def _crossed(codes: Floats, bad: Outcomes, weight: Floats, count: int) -> Floats:
    """Of each person the evidence of its code among the others: every fifth person is told by the other four fifths."""
    found = np.full(len(codes), np.nan)
    known = ~np.isnan(codes)
    for part in range(CROSS):
        here = np.arange(len(codes)) % CROSS == part
        told = _evidence(codes[~here], bad[~here], weight[~here], count)
        found[here & known] = told[codes[here & known].astype(np.intp)]
    return found
