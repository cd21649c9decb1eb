"""Run what the close of a day does with cases: escalate them before they lapse, tell which lapsed, close what nobody
contested."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.voice.cases import rules, store
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.model import LATE, NEAR, Case, CaseSaid, LateTold, NearTold


@operation(
    "voice.watch_clocks", title=Words("Cases whose day is near or over", "临期与逾期事项"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def watch_clocks(tx: Tx, step: CloseStep) -> Stepped:
    """Escalate cases that are near their last day, and tell their persons and whoever watches which were not answered by it,
    each once a clock. It decides nothing: a person still has to answer."""
    due = store.due(tx, step.on + timedelta(days=taking.law(tx).warn_days), step.after, PIECE)
    near = [each for each in due if each.near_on is None]
    late = [each for each in due if each.due_on is not None and each.due_on <= step.on and each.late_on is None]
    over = {each.id for each in late}
    _kept(
        tx,
        [
            replace(each, near_on=each.near_on or step.on, late_on=step.on if each.id in over else each.late_on)
            for each in due
        ],
    )
    store.say(
        tx,
        [(each, CaseSaid(each.id, "near", "day", "", step.on)) for each in near]
        + [(each, CaseSaid(each.id, "late", "day", "", step.on)) for each in late],
    )
    told = [
        (NEAR, NearTold(each.id, each.party_id, each.owner, each.due_on or step.on))
        for each in near
        if each.id not in over
    ]
    lapsed = [(LATE, LateTold(each.id, each.party_id, each.owner, each.due_on or step.on)) for each in late]
    evidence.append_many(tx, [*told, *lapsed])
    return Stepped(len(due), due[-1].id if len(due) == PIECE else None)


@operation(
    "voice.close_answered", title=Words("Answered cases nobody contested", "已答复且无异议的事项"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def close_answered(tx: Tx, step: CloseStep) -> Stepped:
    """Close cases whose person let the days go by in which to contest the answer; nobody is asked to rate by that."""
    before = step.on - timedelta(days=taking.law(tx).appeal_within_days)
    over = store.over(tx, before, step.after, PIECE)
    _kept(tx, [rules.ended(each, "closed", step.on) for each in over])
    store.say(tx, [(each, CaseSaid(each.id, "closed", "day", "", step.on)) for each in over])
    return Stepped(len(over), over[-1].id if len(over) == PIECE else None)


def _kept(tx: Tx, moved: list[Case]) -> None:
    if moved and store.move(tx, moved) != len(moved):
        raise Collision("a case was moved at the same time")
