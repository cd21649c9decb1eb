"""Own how what LightGBM fitted becomes ``Trees``: its own dump, leaves put in order from the left to the right. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from farthing.credit.models.trees import Seen, Split, Tree, Trees

Node = Mapping[str, Any]
Place = Callable[[int, float], float]
"""Where a threshold of a column lies on the line of its figure: as it is, or between two codes of categories."""


def trees_of(
    dumped: Mapping[str, Any], seen: Sequence[Seen], offset: float, per_log_odds: float, place: Place = lambda _, at: at
) -> Trees:
    """The trees of a dumped booster over what it saw."""
    roots: list[Node] = [info["tree_structure"] for info in dumped["tree_info"]]
    found: list[set[float]] = [set() for _ in seen]
    for root in roots:
        for node in _splits(root):
            at = node["split_feature"]
            found[at].add(place(at, node["threshold"]))
    steps = [sorted(each) for each in found]
    told = tuple(replace(each, steps=tuple(steps[at])) for at, each in enumerate(seen))
    return Trees(told, tuple(_tree(root, steps, place) for root in roots), offset, per_log_odds)


def _splits(node: Node) -> Sequence[Node]:
    if "split_index" not in node:
        return []
    return [node, *_splits(node["left_child"]), *_splits(node["right_child"])]


def _tree(root: Node, steps: Sequence[Sequence[float]], place: Place) -> Tree:
    splits: list[Split] = []
    leaves: list[float] = []
    rows: list[int] = []

    def walk(node: Node) -> int:
        if "split_index" not in node:
            leaves.append(float(node["leaf_value"]))
            rows.append(max(1, int(node.get("leaf_count", 1))))
            return -len(leaves)
        at, seen, threshold = len(splits), int(node["split_feature"]), float(node["threshold"])
        # Where it was known of everybody in the fit, an unknown value counts as zero.
        missing_left = bool(node["default_left"]) if node["missing_type"] == "NaN" else threshold >= 0
        splits.append(Split(seen, 0, missing_left, 0, 0))
        left, right = walk(node["left_child"]), walk(node["right_child"])
        splits[at] = Split(seen, list(steps[seen]).index(place(seen, threshold)), missing_left, left, right)
        return at

    walk(root)
    return Tree(tuple(splits), tuple(leaves), tuple(rows))
