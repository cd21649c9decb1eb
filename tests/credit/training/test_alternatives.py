"""A proxy of the group is found by leaving it out; what is proposed is never worse at equal loss, and never sees the group."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit.training.alternatives import (
    AUC_LOSS,
    BRIER_MORE,
    Alternative,
    check_group,
    choose,
    frontier,
)
from farthing.credit.training.running import train
from farthing.credit.training.spec import load
from farthing.kit.errors import Refusal
from tests.credit.training.made import HEADER, SPEC, rows, table

PART = st.floats(0.4, 1)
TRIED = st.lists(
    st.builds(Alternative, st.just(("x",)), PART, st.floats(0.05, 0.3), st.none() | PART, st.none()), min_size=1
)


@given(TRIED)
def test_what_is_proposed_loses_nothing_and_is_fairer(tried: list[Alternative]) -> None:
    whole, found = tried[0], choose(tried)
    if found is not None:
        assert found.auc >= whole.auc - AUC_LOSS and found.brier <= whole.brier * (1 + BRIER_MORE)
        assert found.adverse_impact_ratio and whole.adverse_impact_ratio
        assert found.adverse_impact_ratio > whole.adverse_impact_ratio
    edge = frontier(tried)
    assert all(
        not (each.auc > one.auc and (each.adverse_impact_ratio or 0) > (one.adverse_impact_ratio or 0))
        for one in edge for each in tried
    )  # fmt: skip
    assert bool(edge) == any(each.adverse_impact_ratio is not None for each in tried)


def test_a_spec_without_a_group_has_no_alternatives() -> None:
    with pytest.raises(Refusal) as caught:
        check_group(load(SPEC.replace('group = "team"\n', "")))
    assert caught.value.code == "credit.training_no_group"


@pytest.mark.prove
def test_a_proxy_that_tells_nothing_else_is_left_out() -> None:
    chance = random.Random(5)
    told = []
    for row in rows(600):
        values = dict(zip(HEADER, row, strict=True))
        # What went wrong is noted of one team more often, and the hobby is nearly the team: it tells a little and hurts much.
        if values["team"] == "x" and chance.random() < 0.3:
            values["went"] = "bad"
        values["hobby"] = {"x": "chess", "y": "cards"}[values["team"]] if chance.random() < 0.9 else values["hobby"]
        told.append([*values.values()])
    spec = load(SPEC.replace("folds = 3", 'folds = 2\nkinds = ["scorecard"]') + 'year = "ignore"\n')
    steps: list[tuple[int, int]] = []
    files = train(spec, table(told), "made.csv", lambda _, done, total: steps.append((done, total)), alternatives=True)
    found = json.loads(files["metrics.json"])["models"]["scorecard"]["alternatives"]
    assert found["tried"][0]["without"] == [] and len(found["tried"]) == 1 + 5 + 3 and (9, 9) in steps
    by = {tuple(each["without"]): each["adverse_impact_ratio"] for each in found["tried"]}
    assert by["hobby",] > by[()] and found["frontier"]
    assert "Less discriminatory alternatives" in files["model-card.en.md"] and "替代模型" in files["model-card.zh.md"]
    assert "| hobby |" in files["model-card.en.md"] or "hobby" not in str(found["frontier"])
