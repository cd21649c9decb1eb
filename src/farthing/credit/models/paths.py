"""Own the exact part of each figure in what trees say: Shapley values over the paths to their leaves. Pure.

A leaf is reached through at most one interval of each figure on its way. With ``z`` the part of the people at the figure's splits
who went that way and ``o`` one where this person does (else zero), a leaf of worth ``v`` gives to figure ``i``

    v (o_i - z_i) * sum over sets S of the others of |S|! (d-|S|-1)! / d! * prod_S o * prod_rest z

which is path-dependent TreeSHAP (Lundberg and others 2020, algorithm 2). The weights are a beta integral, so the sum is

    integral over t from 0 to 1 of prod over j other than i of (z_j (1 - t) + o_j t)

a polynomial in ``t``, for which Gauss and Legendre's rule with half as many nodes as figures is exact. All terms are positive:
nothing cancels. Every sum runs in a fixed order, so that another machine answers the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from farthing.credit.models.model import Floats
from farthing.credit.models.trees import Tree, Trees

MOST_ON_A_PATH = 16
"""Figures on the way to one leaf; the rule below is exact up to there."""
RULES: dict[int, tuple[tuple[float, float], ...]] = {
    4: ((0.33998104358485626, 0.6521451548625461), (0.8611363115940526, 0.34785484513745385)),
    8: (
        (0.18343464249564980, 0.3626837833783620), (0.52553240991632899, 0.3137066458778873),
        (0.79666647741362674, 0.2223810344533745), (0.96028985649753623, 0.1012285362903763),
    ),
}  # fmt: skip
"""Gauss and Legendre's nodes on the right of zero and their weights, by how many there are on both sides (Abramowitz and Stegun,
table 25.4). With ``n`` nodes the rule is exact up to the degree ``2n - 1``, which is ``2n`` figures on a path."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways to all leaves of some trees: leaves in rows, the figures on a way in columns, filled up with -1, which
    changes nothing. A value goes this way if it lies beyond ``low`` to ``high`` steps."""

    seen: NDArray[np.intp]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    missing: NDArray[np.bool_]
    share: Floats
    worth: Floats
    base: float


def parts(trees: Trees, person: Floats) -> tuple[float, dict[int, float]]:
    """The mean log odds of default of those whom the trees were fitted on, and what each figure of one person adds to it."""
    ways = paths_of(trees)
    here = _goes(trees, ways, person)
    per_leaf = ways.worth[:, None] * (here - ways.share) * _weights(here, ways.share)
    # Counted one after the other: a sum whose order depended on the machine would not be the same on the next one.
    found = np.bincount(ways.seen.ravel() + 1, weights=per_leaf.ravel(), minlength=len(trees.seen) + 1)
    total: dict[int, float] = {}
    for seen, worth in zip(trees.seen, found[1:], strict=True):
        total[seen.figure] = total.get(seen.figure, 0.0) + float(worth)
    return ways.base, total


def _goes(trees: Trees, ways: Paths, person: Floats) -> Floats:
    """One where a person goes the way to a leaf past what is looked at, else zero."""
    beyond = np.array([trees.beyond(at, person[None, :])[0] for at in range(len(trees.seen))])
    unknown = beyond > np.array([len(each.steps) for each in trees.seen])
    place = beyond[ways.seen]
    goes = np.where(unknown[ways.seen], ways.missing, (ways.low <= place) & (place <= ways.high))
    return np.where(ways.seen < 0, True, goes).astype(np.float64)


def _weights(here: Floats, share: Floats) -> Floats:
    """The integral above for each leaf and each figure on its way."""
    nodes = 4 if here.shape[1] <= 8 else 8
    total = np.zeros_like(here)
    for node, weight in RULES[nodes]:
        for at in ((1 - node) / 2, (1 + node) / 2):
            each = share * (1 - at) + here * at
            product = each[:, 0].copy()
            for column in range(1, each.shape[1]):
                product *= each[:, column]
            total += (weight / 2) * (product[:, None] / each)
    return total


@lru_cache(maxsize=16)
def paths_of(trees: Trees) -> Paths:
    """All ways of some trees; worked out once."""
    ways = [way for tree in trees.trees for way in _ways(tree)]
    base = 0.0
    for tree in trees.trees:
        base += _mean(tree)
    wide = max((len(way) for way, _ in ways), default=0) or 1
    blank = (-1, 0, 0, True, 1.0)
    rows = [[(seen, *way[seen]) for seen in way] + [blank] * (wide - len(way)) for way, _ in ways]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), wide, 5)
    return Paths(
        seen=table[:, :, 0].astype(np.intp), low=table[:, :, 1].astype(np.int64), high=table[:, :, 2].astype(np.int64),
        missing=table[:, :, 3].astype(bool), share=table[:, :, 4], worth=np.array([worth for _, worth in ways]), base=base,
    )  # fmt: skip


def _mean(tree: Tree) -> float:
    total = 0.0
    for worth, rows in zip(tree.leaves, tree.rows, strict=True):
        total += worth * (rows / sum(tree.rows))
    return total


Way = dict[int, tuple[int, int, bool, float]]
"""Of everything looked at on a way: the fewest and the most steps to lie beyond, whether an unknown value comes along, and the
part of the people at its splits that does."""
EVERYWHERE = (0, 10**9, True, 1.0)


def _ways(tree: Tree) -> Iterator[tuple[Way, float]]:
    """The way to each leaf of a tree, and the leaf's log odds."""

    def rows(node: int) -> int:
        if node < 0:
            return tree.rows[-1 - node]
        return rows(tree.splits[node].left) + rows(tree.splits[node].right)

    def walk(node: int, way: Way) -> Iterator[tuple[Way, float]]:
        if node < 0:
            yield way, tree.leaves[-1 - node]
            return
        split, here = tree.splits[node], rows(node)
        low, high, missing, share = way.get(split.seen, EVERYWHERE)
        left = low, min(high, split.step), missing and split.missing_left, share * (rows(split.left) / here)
        right = max(low, split.step + 1), high, missing and not split.missing_left, share * (rows(split.right) / here)
        yield from walk(split.left, {**way, split.seen: left})
        yield from walk(split.right, {**way, split.seen: right})

    yield from walk(0 if tree.splits else -1, {})


def longest(tree: Tree) -> int:
    """The most figures on the way to one leaf."""
    return max(len(way) for way, _ in _ways(tree))
