"""A box that one count refuses the other refuses too: a token in other letters is the same token, and order tells nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from farthing.evidence.merkle import root_of
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.voice.ballots import checker
from farthing.voice.ballots.box import count, leaves
from tests.voice.ballots.boxes import APPROVAL, POINTS, boxed

A, B, _ = APPROVAL.options
BOX = boxed(APPROVAL, [{A: 1}, {B: 1}, {B: 1}], issued=4)


def resealed(box: dict[str, Any]) -> dict[str, Any]:
    return {**box, "root": root_of(leaves(box)).hex()}


def _again(written: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    def harm(box: dict[str, Any]) -> None:
        token = box["tokens"][-1]
        box["tokens"].append({**token, "token": written(token["token"])})
        box["choices"].append({"tracker": "f" * 64, "chosen": {A: 1}})

    return harm


def _arrived(name: str) -> Callable[[dict[str, Any]], None]:
    def harm(box: dict[str, Any]) -> None:
        box[name].reverse()

    return harm


def _with(**values: Any) -> Callable[[dict[str, Any]], None]:
    def harm(box: dict[str, Any]) -> None:
        box.update(values)

    return harm


def _tracker(box: dict[str, Any]) -> None:
    box["choices"][0]["tracker"] = " seat 12"


HARMS = [
    _again(str.upper),
    _again(lambda token: f" {token}"),
    _again(lambda token: f"{token[:2]} {token[2:]}"),
    _arrived("tokens"),
    _arrived("choices"),
    _tracker,
    _with(method="lottery"),
    _with(options=[A, B, A]),
    _with(options=[A, B, 3]),
    _with(points=7),
    _with(issued=True),
    _with(issued=float("inf")),
    _with(issued=3.5),
    _with(quorum=-1),
    _with(ballot=None),
    _with(more="something"),
]


@pytest.mark.parametrize("harm", HARMS)
def test_neither_count_counts_what_the_other_refuses(harm: Callable[[Any], None]) -> None:
    box = copy.deepcopy(BOX)
    harm(box)
    try:
        box = resealed(box)
    except (ValueError, InvariantBroken):
        box["root"] = checker.tree([checker.line(each).encode() for each in [
            {name: box[name] for name in sorted(set(box) - {"tokens", "choices", "root"})}, *box["tokens"], *box["choices"],
        ]]).hex()  # fmt: skip
    with pytest.raises(Refusal):
        count(box)
    with pytest.raises(checker.Bad):
        checker.recount(json.dumps(box))


def test_what_is_right_is_still_counted_by_both() -> None:
    for box in (BOX, boxed(POINTS, [{A: 10}, {}])):
        assert dict(count(box).totals) == checker.recount(json.dumps(box))["totals"]
