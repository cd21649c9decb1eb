"""Own ``Trees``: a member of a model that adds up the leaves a person falls into, as log odds of default. Pure.

A split sends to the left what is not above its step; an unknown value goes the way the split says. People are scored by the
bits of leaves that are still possible (QuickScorer, Lucchese and others 2015): each step that a value lies beyond takes the
leaves to its left away, and of what is left the first is the leaf. Leaves are added in the order of the trees, as the library
that fitted them adds, so that the sum is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farthing.credit.models.model import Floats

Masks = NDArray[np.unsignedinteger[Any]]
MOST_LEAVES = 64
CHUNK = 2_048
"""People scored together: what they need then stays near the processor."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What trees see of a figure (its place in the model): its value, or only whether it is the category of a ``code``."""

    figure: int
    code: int | None = None
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """What is looked at (its place in ``Trees.seen``), the place of the step among its steps, and whether an unknown value goes
    left. ``left`` and ``right``: a split of the same tree, or where negative the leaf ``-1 - n``."""

    seen: int
    step: int
    missing_left: bool
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Tree:
    """Splits, the root first; leaves from the left to the right with their log odds, and how many people fitted each."""

    splits: tuple[Split, ...]
    leaves: tuple[float, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees, and what they look at; ``per_log_odds`` points are taken away for a unit of the log odds of default."""

    seen: tuple[Seen, ...]
    trees: tuple[Tree, ...]
    offset: float
    per_log_odds: float

    def beyond(self, at: int, people: Floats) -> NDArray[np.intp]:
        """Of each row of figures how many steps of what is seen it lies beyond; one more than all of them where it is unknown."""
        seen = self.seen[at]
        values = people[:, seen.figure]
        if seen.code is not None:
            return np.where(values == seen.code, len(seen.steps), 0)
        found = np.searchsorted(self._steps[at], values, side="left")
        found[np.isnan(values)] = len(seen.steps) + 1
        return found

    def raw(self, people: Floats) -> Floats:
        """The log odds of default of each row of figures."""
        return np.concatenate(
            [self._raw(people[at : at + CHUNK]) for at in range(0, len(people), CHUNK)] or [np.empty(0)]
        )

    def _raw(self, people: Floats) -> Floats:
        """In the columns of the trees' leaves people stand side by side, so that adding a tree is adding a row."""
        left = np.full((len(people), len(self.trees)), self._all)
        for at, masks in self._masks.items():
            left &= np.take(masks, self.beyond(at, people), axis=0)
        lowest = left & (~left + left.dtype.type(1))
        leaf = np.bitwise_count(lowest - left.dtype.type(1))
        total = np.zeros(len(people))
        for leaves, row in zip(self._leaves, np.ascontiguousarray(leaf.T), strict=True):
            total += leaves[row]
        return total

    def points(self, people: Floats) -> Floats:
        """The points of each row of figures."""
        return self.offset - self.per_log_odds * self.raw(people)

    def steps(self, figure: int) -> Sequence[float]:
        """The values of a figure beyond which trees may say something else."""
        found: list[float] = []
        for each in self.seen:
            if each.figure == figure and each.steps:
                found += each.steps if each.code is None else (each.code - 0.5, each.code + 0.5)
        return found

    @cached_property
    def _steps(self) -> list[Floats]:
        return [np.array(each.steps) for each in self.seen]

    @cached_property
    def _leaves(self) -> list[Floats]:
        return [np.array(tree.leaves) for tree in self.trees]

    @cached_property
    def _all(self) -> np.unsignedinteger[Any]:
        """Every leaf, in a word as short as the largest tree lets it be."""
        most = max((len(tree.leaves) for tree in self.trees), default=1)
        for word in (np.uint8, np.uint16, np.uint32):
            if most <= np.iinfo(word).bits:
                return word(np.iinfo(word).max)
        return np.uint64(2**64 - 1)

    @cached_property
    def _masks(self) -> dict[int, Masks]:
        """Of everything that any tree looks at: by the number of steps a value lies beyond (the last row: unknown), which leaves
        of each tree are still possible."""
        found: dict[int, Masks] = {}
        everything, word = int(self._all), type(self._all)
        for column, tree in enumerate(self.trees):
            for split, (first, middle, _) in zip(tree.splits, spans_of(tree), strict=True):
                if split.seen not in found:
                    rows = len(self.seen[split.seen].steps) + 2
                    found[split.seen] = np.full((rows, len(self.trees)), self._all)
                masks, kept = found[split.seen], word(everything ^ ((1 << middle) - (1 << first)))
                masks[split.step + 1 : -1, column] &= kept
                if not split.missing_left:
                    masks[-1, column] &= kept
        return found


def spans_of(tree: Tree) -> Sequence[tuple[int, int, int]]:
    """Of each split its first leaf, the first one on its right, and the one after its last."""
    found: dict[int, tuple[int, int, int]] = {}

    def span(node: int) -> tuple[int, int]:
        if node < 0:
            return -1 - node, -node
        first, middle = span(tree.splits[node].left)
        other, end = span(tree.splits[node].right)
        if middle != other:
            raise ValueError("leaves are not in the order of the tree")
        found[node] = first, middle, end
        return first, end

    if tree.splits:
        span(0)
    return [found[node] for node in range(len(tree.splits))]
