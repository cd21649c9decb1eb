"""Refusals of ballots and their boxes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from farthing.commands.cases import content
from farthing.commands.votes import NOT_OPENED, counted
from farthing.voice.ballots import checker
from farthing.voice.ballots.box import check_choice
from tests.errors.gallery import reproduces
from tests.voice.ballots.boxes import APPROVAL, boxed


@reproduces("ballots.box_unreadable")
def a_box_that_is_none() -> None:
    counted(b"{}")


@reproduces("vote.box_not_opened")
def a_box_that_is_not_there() -> None:
    content(Path("/nowhere/box.json"), NOT_OPENED)


@reproduces("ballots.choice_refused")
def a_vote_for_what_is_not_asked() -> None:
    check_choice(APPROVAL, {"none of these": 1})


@reproduces("vote.other_root")
def a_box_that_is_not_the_published_one() -> None:
    counted(json.dumps(boxed(APPROVAL, [{}])).encode(), "0" * 64)


@reproduces("vote.counts_differ")
def two_counts_that_differ() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checker, "recount", lambda _: {"voters": 2, "totals": {}, "root": ""})
        counted(json.dumps(boxed(APPROVAL, [{}])).encode())
