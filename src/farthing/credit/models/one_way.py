"""Decide whether a model runs one way in every figure, whatever the others are: what decides about people must. Pure.

It is proved of the artefact and not believed of whoever fitted it: of two leaves of a tree that the same person could fall into
but for one figure, the one on the better side of it never says a higher risk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from farthing.credit.models.artefact import Artefact
from farthing.credit.models.model import Better, Model
from farthing.credit.models.points import Card
from farthing.credit.models.trees import Seen, Tree, Trees


@dataclass(frozen=True, slots=True)
class _Span:
    """Of what is seen, how many steps its value may lie beyond, from and up to, and whether it may be unknown."""

    low: int
    high: int
    unknown: bool

    @property
    def known(self) -> bool:
        """Whether any value that is known leads there."""
        return self.low <= self.high

    def meets(self, other: _Span) -> bool:
        """Whether one value may be of both."""
        return max(self.low, other.low) <= min(self.high, other.high) or (self.unknown and other.unknown)


Box = Mapping[int, _Span]


def runs_one_way(model: Model) -> bool:
    """Whether more of what a model calls better never costs points, in any figure and beside any others."""
    return not isinstance(model, Artefact) or _artefact(model)


@lru_cache(maxsize=16)
def _artefact(model: Artefact) -> bool:
    ways = [each.better for each in model.figures]
    if "either" in ways or any(each.codes is not None for each in model.figures):
        return False
    return all(weight > 0 and _member(member, ways) for weight, member in model.members)


def _member(member: Card | Trees, ways: Sequence[Better]) -> bool:
    if isinstance(member, Card):
        figures = [each.figure for each in member.bins]
        return len(figures) == len(set(figures)) and all(
            list(each.points) == sorted(each.points, reverse=ways[each.figure] == "lower") for each in member.bins
        )
    figures = [each.figure for each in member.seen]
    if (
        member.per_log_odds <= 0
        or len(figures) != len(set(figures))
        or any(each.code is not None for each in member.seen)
    ):
        return False
    return all(_tree(tree, member.seen, ways) for tree in member.trees)


def _tree(tree: Tree, seen: Sequence[Seen], ways: Sequence[Better]) -> bool:
    boxes = _boxes(tree, seen)
    whole = {at: _Span(0, len(each.steps), unknown=True) for at, each in enumerate(seen)}
    reached = [at for at, box in enumerate(boxes) if all(each.known or each.unknown for each in box.values())]
    for one, other in combinations(reached, 2):
        first, second = whole | dict(boxes[one]), whole | dict(boxes[other])
        apart = [at for at in {**boxes[one], **boxes[other]} if not first[at].meets(second[at])]
        # Leaves that are told apart by one figure alone, known of both: all else may be alike.
        for at in boxes[one].keys() | boxes[other].keys():
            if [each for each in apart if each != at]:
                continue
            below = first[at].high < second[at].low
            if not (first[at].known and second[at].known) or not (below or second[at].high < first[at].low):
                continue
            lower, upper = (one, other) if below else (other, one)
            risks = tree.leaves[lower], tree.leaves[upper]
            if risks[0] < risks[1] if ways[seen[at].figure] == "higher" else risks[0] > risks[1]:
                return False
    return True


def _boxes(tree: Tree, seen: Sequence[Seen]) -> list[Box]:
    """Of each leaf what may lead to it."""
    found: dict[int, Box] = {}
    open_: list[tuple[int, dict[int, _Span]]] = [(0 if tree.splits else -1, {})]
    while open_:
        node, box = open_.pop()
        if node < 0:
            found[-1 - node] = box
            continue
        split = tree.splits[node]
        span = box.get(split.seen, _Span(0, len(seen[split.seen].steps), unknown=True))
        left = _Span(span.low, min(span.high, split.step), span.unknown and split.missing_left)
        right = _Span(max(span.low, split.step + 1), span.high, span.unknown and not split.missing_left)
        open_ += [(split.left, {**box, split.seen: left}), (split.right, {**box, split.seen: right})]
    return [found[at] for at in range(len(tree.leaves))]
