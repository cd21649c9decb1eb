"""Own how what LightGBM fitted becomes ``Trees``: its own dump, leaves put in order from the left to the right. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from farthing.credit.models.trees import Split, Tree, Trees

Node = Mapping[str, Any]


def trees_of(dumped: Mapping[str, Any], figures: int, offset: float, per_log_odds: float) -> Trees:
    """The trees of a dumped booster over so many figures."""
    roots: list[Node] = [info["tree_structure"] for info in dumped["tree_info"]]
    found: list[set[float]] = [set() for _ in range(figures)]
    for root in roots:
        for node in _splits(root):
            found[node["split_feature"]].add(node["threshold"])
    steps = tuple(tuple(sorted(each)) for each in found)
    return Trees(steps, tuple(_tree(root, steps) for root in roots), offset, per_log_odds)


def _splits(node: Node) -> Sequence[Node]:
    if "split_index" not in node:
        return []
    return [node, *_splits(node["left_child"]), *_splits(node["right_child"])]


def _tree(root: Node, steps: Sequence[Sequence[float]]) -> Tree:
    splits: list[Split] = []
    leaves: list[float] = []
    rows: list[int] = []

    def walk(node: Node) -> int:
        if "split_index" not in node:
            leaves.append(float(node["leaf_value"]))
            rows.append(int(node.get("leaf_count", 1)))
            return -len(leaves)
        place = len(splits)
        figure, threshold = int(node["split_feature"]), float(node["threshold"])
        # Where the figure was known of everybody, an unknown value counts as zero.
        missing_left = bool(node["default_left"]) if node["missing_type"] == "NaN" else threshold >= 0
        splits.append(Split(figure, 0, missing_left, 0, 0))
        left, right = walk(node["left_child"]), walk(node["right_child"])
        splits[place] = Split(figure, list(steps[figure]).index(threshold), missing_left, left, right)
        return place

    walk(root)
    return Tree(tuple(splits), tuple(leaves), tuple(rows))
