"""A challenger is brought, runs in shadow, is refused by its gates, is promoted by two, decides, and is rolled back by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.model import Decision, ReplayDecision
from farthing.credit.owing import service as owing
from farthing.credit.owing.model import Take
from farthing.credit.succession import service as models
from farthing.credit.succession import watching_service as watching
from farthing.credit.succession.force_service import card_of
from farthing.credit.succession.model import PromoteModel, RollBackModel, ShadowModel, StopModel, Watched
from farthing.credit.ways import service as ways
from farthing.kernel import approvals, day
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.credit.succession.challengers import SLOT, brought, grown, measures
from tests.credit.test_decision import ask, consent, ready, refused
from tests.hands import law

ANN, BEN = (Actor(f"operator:{each}", frozenset({"*"}), person_id=f"person_{each}") for each in ("ann", "ben"))


def decided(bank: Bank, party: str, count: int) -> list[Decision]:
    return [bank.run(credit.request_decision, ask(party)) for _ in range(count)]


def lend(bank: Bank, found: list[Decision], late: list[int]) -> None:
    """What became of loans on decisions: how late each ever was."""
    on = bank.kernel.clock().business_date
    with bank.superuser() as connection:
        for each, days in zip(found, late, strict=True):
            connection.execute(
                "INSERT INTO credit_commitment (id, party_id, decision_id, product, use, currency, agreed_minor, owed_minor,"
                " instalment_minor, state, taken_on, drawn_on, worst_days_late)"
                " VALUES (%s, %s, %s, 'x', 'consumption', 'CNY', 100, 0, 10, 'drawn', %s, %s, %s)",
                [f"loan_{each.id}", each.party_id, each.id, on, on, days],
            )


def promote(bank: Bank, model: str) -> str:
    """Draft by one and decide by another; how it ended."""
    draft = bank.run(models.promote_model, PromoteModel(model, "better in shadow"), actor=ANN)
    assert refused(bank, approvals.decide, Decide(draft.approval_id, True), actor=ANN) == "approvals.same_person"
    settled = bank.run(approvals.decide, Decide(draft.approval_id, True), actor=BEN)
    return str(settled.refusal_code or settled.state)


def watched(bank: Bank, model: str = "") -> Watched:
    found: Watched = bank.read(lambda tx: watching.watch_model(tx, SLOT, model))
    return found


@pytest.mark.long
def test_from_shadow_to_champion_and_back(bank: Bank) -> None:
    party = ready(bank)
    law(bank, "sandbox")
    shipped = card_of(SLOT)[1]
    first = bank.run(models.bring_model, brought("next"))
    worse = bank.run(models.bring_model, brought("bold", "score = 600, odds = 400"))
    assert refused(bank, models.bring_model, brought("next")) == "credit.model_brought"
    before = decided(bank, party, 1)
    day.close_day(bank.kernel)
    assert promote_refused(bank, first.model) == "credit.model_not_in_shadow"
    other, turning = (bank.run(models.bring_model, each) for each in (grown(), grown(free=True)))
    for each in (first, worse, other, turning):
        bank.run(models.shadow_model, ShadowModel(each.model))
    assert refused(bank, models.shadow_model, ShadowModel(first.model)) == "credit.model_in_use"

    consent(bank, party)
    made = decided(bank, party, 4)
    assert {each.scorecard_sha256 for each in made} == {shipped.digest}  # shadow decides nothing
    day.close_day(bank.kernel)
    seen = watched(bank, first.model)
    assert (seen.cases, seen.known, seen.passes) == (4, 0, False)
    assert {each.name for each in seen.gates if each.light == "unknown"} == {"bad", "auc", "brier", "calibration"}
    assert promote_refused(bank, first.model) == "credit.gate_not_passed"

    lend(bank, made, [120, 95, 0, 89])
    assert promote_refused(bank, worse.model) == "credit.gate_not_passed"
    assert next(each for each in watched(bank, worse.model).gates if each.name == "calibration").light == "red"
    seen = watched(bank, first.model)
    assert (seen.known, seen.bad, seen.passes) == (4, 2, True), [(g.name, g.light, g.figure) for g in seen.gates]
    assert [each.compared for each in seen.groups] == [False] * 3
    assert promote_refused(bank, turning.model) == "credit.model_cannot_decide"
    assert not watched(bank, turning.model).may_decide and watched(bank, other.model).may_decide
    own = watched(bank)
    assert (own.model, own.cases, own.known) == (shipped.digest, 5, 4) and not own.shares

    assert promote(bank, first.model) == "approved"
    (after,) = decided(bank, party, 1)
    assert after.scorecard_sha256 == first.model and after.scorecard == f"{shipped.name}-next"
    assert after.probability_of_default > made[0].probability_of_default
    for each in (*before, *made, after):
        assert bank.run(credit.replay_decision, ReplayDecision(each.id)).identical
    assert refused(bank, models.stop_model, StopModel(first.model, "x")) == "credit.model_not_in_shadow"
    slot = next(each for each in bank.read(models.models) if each.slot == SLOT)
    assert (
        slot.champion == first.model
        and {each.state for each in slot.models} == {"promoted", "shadow"}
        and len(slot.models) == 4
    )

    slot = bank.run(models.roll_back_model, RollBackModel(SLOT, "too many complaints"), actor=ANN)
    assert slot.champion == shipped.digest and [each.act for each in slot.turns[:2]] == ["rolled_back", "promoted"]
    assert decided(bank, party, 1)[0].scorecard_sha256 == shipped.digest
    assert bank.run(credit.replay_decision, ReplayDecision(after.id)).identical
    assert refused(bank, models.roll_back_model, RollBackModel(SLOT, "again")) == "credit.model_none_before"
    assert bank.run(models.stop_model, StopModel(worse.model, "bold")).state == "stopped"
    day.close_day(bank.kernel)
    assert watched(bank).cases == 6  # those it decided, before and after


def promote_refused(bank: Bank, model: str) -> str:
    """The gates are looked at when it is drafted already."""
    return refused(bank, models.promote_model, PromoteModel(model, "x"), actor=ANN)


def test_what_cannot_be_brought(bank: Bank) -> None:
    whole = brought("next")
    assert refused(bank, models.bring_model, replace(whole, slot="debtor-grade")) == "credit.slot_unknown"
    assert refused(bank, models.bring_model, replace(whole, source="kind =")) == "credit.scorecard_invalid"
    assert refused(bank, models.bring_model, replace(whole, source="{}")) == "credit.model_invalid"
    for wrong in (
        "{",
        "[]",
        brought("other").measures,
        whole.measures.replace("[1.0", "[NaN"),
        whole.measures.replace('"edges": []', '"edges": [1e999]').replace("[1.0", "[1.0, 0.0"),
        whole.measures.replace("1.0", "0.5"),
        '{"models": {}, "figures": 3}',
    ):
        assert refused(bank, models.bring_model, replace(whole, measures=wrong)) == "credit.model_measures", wrong
    debtor = card_of("debtor-grade")[0]
    assert refused(bank, models.bring_model, replace(whole, source=debtor)) == "credit.model_figure_unknown"
    assert refused(bank, models.shadow_model, ShadowModel("x")) == "credit.model_unknown"
    twice = lambda: bank.kernel.tidy(lambda tx: models.keep_turn(tx, SLOT, [], "brought", "m", "", ""))  # noqa: E731
    twice()
    with pytest.raises(Refusal) as caught:
        twice()
    assert caught.value.code == "credit.models_moved"
    shipped = replace(whole, source=card_of(SLOT)[0])
    assert (
        refused(bank, models.bring_model, replace(shipped, measures=measures(shipped.source))) == "credit.model_brought"
    )
    with pytest.raises(Refusal) as caught:
        watched(bank, "nothing")
    assert caught.value.code == "credit.model_unknown"


@pytest.mark.long
def test_trees_are_let_decide_by_the_same_gates_and_decide_again_to_the_same(bank: Bank) -> None:
    """Promoted by two, they decide with reasons and ways; what is accepted is reckoned again; all replays after the roll-back."""
    party = ready(bank)
    law(bank, "sandbox")
    trees = bank.run(models.bring_model, grown())
    assert trees.kind == "artefact"
    bank.run(models.shadow_model, ShadowModel(trees.model))
    consent(bank, party)
    made = decided(bank, party, 4)
    day.close_day(bank.kernel)
    assert promote_refused(bank, trees.model) == "credit.gate_not_passed"
    lend(bank, made, [120, 95, 0, 89])
    assert [(each.name, each.figure) for each in watched(bank, trees.model).gates if each.light == "red"] == []
    assert promote(bank, trees.model) == "approved"

    (after,) = decided(bank, party, 1)
    assert (after.scorecard_sha256, after.scorecard) == (trees.model, "grown-1")
    assert after.score != made[0].score and 1 <= len(after.reasons) <= 4
    assert bank.run(credit.replay_decision, ReplayDecision(after.id)).identical
    told = bank.read(lambda tx: ways.ways(tx, after.id))
    assert told.decision_id == after.id and told.better
    points = bank.read(lambda tx: insight.decision_points(tx, after.id))
    assert len(points) == len({each.figure for each in points}) == 5
    assert bank.read(lambda tx: ways.price(tx, after.id)).lines
    wanted = Take("loan_of_trees", party, after.id, after.product, "consumption", after.limit, after.limit)
    assert after.approved
    assert bank.kernel.tidy(lambda tx: owing.take(tx, wanted)).agreed == after.limit

    bank.run(models.roll_back_model, RollBackModel(SLOT, "asked to"), actor=ANN)
    assert decided(bank, party, 1)[0].scorecard_sha256 == card_of(SLOT)[1].digest
    assert bank.run(credit.replay_decision, ReplayDecision(after.id)).identical
    day.close_day(bank.kernel)
