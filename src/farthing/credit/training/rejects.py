"""Own what is assumed of those who were refused, who have no outcome: a model of the accepted alone is silent about them. Pure.

An assumption and nothing more: it is named in the model, and measures are taken of people with an outcome alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.training.spec import Rejects
from farthing.credit.training.table import People

SEED = 42


def assumed(people: People, risk: Floats, rejects: Rejects) -> People:
    """The accepted as they are, and each refused one as its probability of default (times ``harsher``) says: one person whose
    outcome is drawn (parcelling), or two parts of one, bad and good (fuzzy)."""
    refused = people.rejected
    chance = np.clip(risk * float(rejects.harsher), 0.001, 0.999)
    if rejects.assume == "parcelling":
        drawn = np.random.default_rng(SEED).random(len(chance)) < chance
        bad = people.bad.copy()
        bad[refused] = drawn.astype(np.int64)
        return replace(people, bad=bad, rejected=np.zeros(len(bad), dtype=bool))
    order = np.concatenate([np.arange(len(people.bad)), np.flatnonzero(refused)])
    twice = people.rows(order)
    bad, weight = twice.bad.copy(), twice.weight.copy()
    first, second = np.flatnonzero(refused), np.arange(len(people.bad), len(order))
    bad[first], bad[second] = 1, 0
    weight[second] *= 1 - chance
    weight[first] *= chance
    return replace(twice, bad=bad, weight=weight, rejected=np.zeros(len(order), dtype=bool))
