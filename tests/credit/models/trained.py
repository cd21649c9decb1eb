"""Trees that are fitted for tests, one way in figures that decisions know, and the model that they make."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from farthing.credit.models.artefact import Artefact, Chance
from farthing.credit.models.file import load_artefact, text_of
from farthing.credit.models.trees import Seen, Trees
from farthing.credit.succession.force_service import card_of
from farthing.credit.training.trees_of import trees_of

SLOT = "payment-history"
FIGURES = tuple((each.name, each.better) for each in card_of(SLOT)[1].figures)
WAYS = tuple(-1 if better == "higher" else 1 for _, better in FIGURES)


def people(seed: int, count: int = 600) -> NDArray[np.float64]:
    """People by chance with figures of four places, of which a tenth are unknown."""
    chance = np.random.default_rng(seed)
    some = np.round(chance.normal(0.3, 0.6, size=(count, len(FIGURES))), 4)
    some[chance.random(some.shape) < 0.1] = np.nan
    return some


@lru_cache(maxsize=8)
def booster(seed: int, free: bool = False) -> Any:
    """A booster of them, that runs one way unless it is ``free``; what is true runs against it now and then."""
    chance, some = np.random.default_rng(seed), people(seed)
    odds = np.nan_to_num(some) @ np.array(WAYS) + np.sin(5 * np.nan_to_num(some[:, 0]))
    bad = (chance.random(len(some)) < 1 / (1 + np.exp(-odds))).astype(int)
    asked = {"objective": "binary", "num_leaves": 8, "max_depth": 7, "min_data_in_leaf": 10, "verbose": -1, "num_threads": 1,
             "seed": seed % 1000, "deterministic": True, "learning_rate": 0.1}  # fmt: skip
    if not free:
        asked |= {"monotone_constraints": list(WAYS), "monotone_constraints_method": "basic"}
    return lightgbm.train(asked, lightgbm.Dataset(some, bad), 40)


def trees_of_booster(fitted: Any) -> Trees:
    """The booster as data."""
    return trees_of(fitted.dump_model(), [Seen(at) for at in range(len(FIGURES))], 513.56, 28.85)


def text(seed: int, *, free: bool = False, refuse_below: int = 400, version: str = "1") -> str:
    """The file of a model of such trees; every score stands for an even chance."""
    chances = (Chance(0, Decimal("0.5"), Decimal("0.4"), Decimal("0.6")),)
    figures = [(name, better, None) for name, better in FIGURES]
    trees = [(1.0, trees_of_booster(booster(seed, free)))]
    return text_of("grown", version, "person", refuse_below, figures, trees, chances, {"made": "for a test"})


@lru_cache(maxsize=8)
def the_model(seed: int, free: bool = False) -> Artefact:
    """The model."""
    return load_artefact(text(seed, free=free))


def measures(source: str) -> str:
    """Measures that belong to a file, in which everybody lies in one bin."""
    flat = {"edges": [], "shares": [1.0, 0.0]}
    of = {"sha256": hashlib.sha256(source.encode()).hexdigest(), "score": flat}
    return json.dumps({"models": {"trees": of}, "figures": [{"name": name, **flat} for name, _ in FIGURES]})
