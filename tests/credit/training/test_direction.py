"""What is better never costs: neither bins nor trees run against the side that a spec calls better.

Public bugs of this kind: LightGBM 5358 and 6155 (trees under the method "advanced" fall where they must rise), and evidence that
is drawn to zero bin by bin after the bins were made.
"""

from __future__ import annotations

import numpy as np
import pytest

from farthing.credit.models.model import Floats
from farthing.credit.training.card_fit import fit_card
from farthing.credit.training.coding import Coded
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.spec import Scale
from farthing.credit.training.trees_fit import fit_trees

TURNS = {"higher": 1, "lower": -1}


def crowd(seed: int, count: int) -> tuple[Floats, Outcomes]:
    """Borrowers of six figures that bend and hang together, one value in twenty unknown."""
    chance = np.random.default_rng(seed)
    people = chance.normal(size=(count, 6))
    hurt = -2 + people @ chance.normal(size=6) * 0.5 + 0.8 * np.sin(2 * people[:, 0]) * people[:, 1]
    bad = (chance.random(count) < 1 / (1 + np.exp(-hurt))).astype(np.int64)
    people = people.round(1)
    people[chance.random(people.shape) < 0.05] = np.nan
    return people, bad


@pytest.mark.parametrize(("seed", "count"), [(7, 4000)])
def test_no_person_scores_less_for_a_better_value_of_any_figure(seed: int, count: int) -> None:
    people, bad = crowd(seed, count)
    known = [Coded(f"f{at}", "higher" if at % 2 else "lower", None) for at in range(6)]
    parts = fit_trees(people, bad, np.ones(count), known, Scale())
    for at, each in enumerate(known):
        steps = sorted({step for _, trees in parts for step in trees.steps(at)})
        assert steps
        line = np.array([steps[0] - 1, *(np.nextafter(step, np.inf) for step in steps)])
        for person in people[:: count // 40]:
            along = np.repeat(person[None], len(line), axis=0)
            along[:, at] = line
            points = sum(part * trees.points(along) for part, trees in parts)
            assert (np.diff(points) * TURNS[each.better]).min() >= -1e-9, each.name


@pytest.mark.long
@pytest.mark.parametrize(("seed", "weighed"), [(4, False), (5, False), (16, False), (93, True), (96, True)])
def test_no_better_bin_of_a_scorecard_is_worth_less_than_a_worse_one(seed: int, weighed: bool) -> None:
    """Each of these seeds made a scorecard that did: a bin of few people without a bad one stood beside a large one with some."""
    chance = np.random.default_rng(seed)
    count = int(chance.choice([300, 600, 1500]))
    people = chance.exponential(size=(count, 3)).round(2)
    hurt = -1.5 - 2.0 * people[:, 0] - 0.8 * people[:, 1]
    bad = (chance.random(count) < 1 / (1 + np.exp(-hurt))).astype(np.int64)
    weight = chance.uniform(0.2, 5, size=count) if weighed else np.ones(count)
    known = [Coded("a", "higher", None), Coded("b", "higher", None), Coded("c", "lower", None)]
    card = fit_card(people, bad, weight, known, Scale())
    assert len(card.bins) > 1
    for each in card.bins:
        assert len(each.points) == len(each.edges) + 1
        assert (np.diff(each.points) * TURNS[known[each.figure].better]).min(initial=0) >= 0, each
