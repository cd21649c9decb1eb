"""A box is counted twice, by code that shares nothing; what was put in, taken out or changed is refused by both."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.evidence.merkle import root_of
from farthing.kit.errors import Refusal
from farthing.voice.ballots import checker
from farthing.voice.ballots.box import check_choice, count, leaves, read
from tests.voice.ballots.boxes import APPROVAL, POINTS, boxed

A, B, C = APPROVAL.options
BOX = boxed(APPROVAL, [{A: 1, B: 1}, {B: 1}, {}], issued=4)


def resealed(box: dict[str, Any]) -> dict[str, Any]:
    return {**box, "root": root_of(leaves(box)).hex()}


def test_both_counts_agree_and_whoever_abstains_is_counted_as_a_voter() -> None:
    for box, totals, won in (
        (BOX, {A: 1, B: 2, C: 0}, (B,)),
        (boxed(POINTS, [{A: 10}, {B: 3, C: 6}, {C: 4}]), {A: 10, B: 3, C: 10}, (A, C)),  # a tie: both are told
        (boxed(APPROVAL, [{A: 1}]), {A: 1, B: 0, C: 0}, ()),  # below the quorum of two nobody wins
        (boxed(APPROVAL, []), {A: 0, B: 0, C: 0}, ()),
    ):
        found, again = count(box), checker.recount(json.dumps(box))
        assert dict(found.totals) == again["totals"] == totals
        assert (found.voters, found.root) == (again["voters"], again["root"])
        assert found.winners == won


def _stuffed(box: dict[str, Any]) -> None:
    box["choices"].append({"tracker": "f" * 64, "chosen": {A: 1}})


def _unsigned(box: dict[str, Any]) -> None:
    _stuffed(box)
    box["tokens"].append({"token": "f" * 64, "signature": box["tokens"][0]["signature"]})


def _twice(box: dict[str, Any]) -> None:
    box["tokens"][0] = copy.deepcopy(box["tokens"][1])


def _more_than_given_out(box: dict[str, Any]) -> None:
    box["issued"] = 2


def _heavy(box: dict[str, Any]) -> None:
    box["choices"][0]["chosen"] = {A: 2}


def _elsewhere(box: dict[str, Any]) -> None:
    box["choices"][0]["chosen"] = {"none of these": 1}


@pytest.mark.parametrize("harm", [_stuffed, _unsigned, _twice, _more_than_given_out, _heavy, _elsewhere])
def test_what_was_put_in_or_taken_out_is_refused_by_both_even_under_a_new_root(harm: Callable[[Any], None]) -> None:
    box = copy.deepcopy(BOX)
    harm(box)
    for told in (box, resealed(box)):
        with pytest.raises(Refusal):
            count(told)
        with pytest.raises(checker.Bad):
            checker.recount(json.dumps(told))


def test_a_changed_choice_moves_the_root() -> None:
    box = copy.deepcopy(BOX)
    box["choices"][0]["chosen"] = {C: 1}
    with pytest.raises(Refusal, match="root"):
        count(box)
    with pytest.raises(checker.Bad, match="root"):
        checker.recount(json.dumps(box))
    assert count(resealed(box)).root != BOX["root"]  # whoever kept the published root sees it


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"key": "00"}', '{"a": 1, "a": 2}', "[" * 5000])
def test_broken_bytes_are_no_box(text: str) -> None:
    with pytest.raises(checker.Bad):
        checker.recount(text)
    with pytest.raises(Refusal, match="cannot be counted"):
        read(text.encode())


def test_every_field_of_the_wrong_kind_is_refused_and_breaks_nothing() -> None:
    for name in BOX:
        for value in (None, -1, True, "zz", [], {}, [1], [{}], {"a": []}):
            if value in (BOX[name], *([{}] if name == "ballot" else [])):
                continue
            with pytest.raises(Refusal):
                count({**BOX, name: value})


def test_two_lists_are_in_no_order_of_time_and_share_no_number() -> None:
    tokens, trackers = [each["token"] for each in BOX["tokens"]], [each["tracker"] for each in BOX["choices"]]
    assert tokens == sorted(tokens)
    assert trackers == sorted(trackers)
    assert not set(tokens) & set(trackers)


def test_the_command_tells_both_counts_and_the_checker_runs_alone(tmp_path: Path) -> None:
    path = tmp_path / "box.json"
    path.write_text(json.dumps(BOX), "utf-8")
    told = CliRunner().invoke(app, ["vote", "check", str(path), "--root", BOX["root"], "--json"])
    assert json.loads(told.output) == {
        "voters": 3, "totals": {A: 1, B: 2, C: 0}, "root": BOX["root"], "issued": 4, "quorum": 2, "quorum_reached": True,
        "winners": [B],
    }  # fmt: skip
    for said in ("Counted twice, the same", B, BOX["root"], "2, reached"):
        assert said in CliRunner().invoke(app, ["vote", "check", str(path)], env={"LC_ALL": "C.UTF-8"}).output
    alone = subprocess.run(
        [sys.executable, "-I", checker.__file__, str(path)], capture_output=True, check=True, cwd=tmp_path
    )
    assert json.loads(alone.stdout)["totals"] == {A: 1, B: 2, C: 0}


def test_points_are_spread_and_never_exceeded() -> None:
    check_choice(POINTS, {A: 4, B: 6})
    for wrong in ({A: 4, B: 7}, {A: 0}, {A: -1, B: 5}, {A: 11}, {"other": 1}):
        with pytest.raises(Refusal, match="no vote"):
            check_choice(POINTS, wrong)
