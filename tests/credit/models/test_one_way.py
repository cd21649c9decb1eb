"""What decides runs one way in every figure: it is proved of the artefact, and is exact for a tree."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit.models.artefact import Artefact, Chance
from farthing.credit.models.one_way import runs_one_way
from farthing.credit.models.points import Bins, Card
from farthing.credit.models.trees import Seen, Trees
from tests.credit.models.test_models import a_tree, walked
from tests.credit.models.trained import WAYS, booster, people, the_model, trees_of_booster

EVERY = (Chance(0, Decimal("0.5"), Decimal("0.5"), Decimal("0.5")),)


def told(member: Card | Trees, ways: tuple[str, ...], weight: float = 1.0) -> Artefact:
    """A model of one member whose figures are better as ``ways`` say."""
    asked = the_model(1).figures
    named = tuple(replace(each, better=way) for each, way in zip(asked, ways, strict=False))  # type: ignore[arg-type]
    return Artefact("x", "1", "person", "", 0, named, ((weight, member),), EVERY, {})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.tuples(*[st.sampled_from(["higher", "lower"])] * 3))
def test_a_tree_runs_one_way_where_nobody_is_found_against_whom_it_turns(seed: int, ways: tuple[str, ...]) -> None:
    """Everybody that there can be, each figure below, between and above its steps or unknown, is asked by walking."""
    chance = random.Random(seed)
    steps = tuple(tuple(sorted({round(chance.uniform(-2, 2), 1) for _ in range(2)})) for _ in ways)
    tree = a_tree(chance, steps, chance.randint(1, 3))
    if chance.random() < 0.7:  # by chance few trees run one way: leaves of two values are likelier to
        tree = replace(tree, leaves=tuple(float(round(each)) for each in tree.leaves))
    trees = Trees(tuple(Seen(at, None, each) for at, each in enumerate(steps)), (tree,), 600.0, 28.0)
    values = [(*each, each[-1] + 1) for each in steps]
    turned = False
    for at, way in enumerate(ways):
        others = [(*each, float("nan")) if place != at else (0.0,) for place, each in enumerate(values)]
        for rest in itertools.product(*others):
            risks = [walked(trees, np.array([*rest[:at], value, *rest[at + 1 :]])) for value in values[at]]
            turned = turned or risks != sorted(risks, reverse=way == "higher")
    assert runs_one_way(told(trees, ways)) is not turned


def test_bins_weights_and_ways_are_looked_at() -> None:
    rising = Card(0, (Bins(0, (1.0,), (1, 2), 5),))
    assert runs_one_way(told(rising, ("higher",)))
    assert not runs_one_way(told(rising, ("lower",)))
    assert not runs_one_way(told(rising, ("either",)))
    assert not runs_one_way(told(rising, ("higher",), weight=-1.0))
    assert not runs_one_way(told(Card(0, rising.bins * 2), ("higher",))), "a figure of two rows of bins"
    trees = trees_of_booster(booster(1))
    ways = tuple("higher" if way < 0 else "lower" for way in WAYS)
    assert runs_one_way(told(trees, ways))
    assert not runs_one_way(told(replace(trees, per_log_odds=-1.0), ways))
    assert not runs_one_way(told(trees, tuple("lower" if way == "higher" else "higher" for way in ways)))
    assert not runs_one_way(told(replace(trees, seen=(trees.seen[0], *trees.seen[:-1])), ways)), "seen twice"


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_trees_are_the_boosters_to_the_last_bit_whatever_was_fitted(seed: int) -> None:
    """Fitted one way on other people each time, asked about yet others, of whom some are unknown and some stand on a step."""
    fitted = booster(seed)
    trees, some = trees_of_booster(fitted), people(seed + 1, 400)
    for at, each in enumerate(trees.seen):
        # The library takes what is as near to nought as this for nought; no figure of four places is.
        standing = [step if abs(step) > 1e-30 else 0.0 for step in each.steps]
        some[: len(standing), at] = standing
    assert trees.raw(some).tolist() == fitted.predict(some, raw_score=True).tolist()
    assert runs_one_way(the_model(seed))
    assert not runs_one_way(the_model(seed, free=True)), "without directions the same people make it turn"
