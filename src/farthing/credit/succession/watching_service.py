"""Run what is watched of models: each day they say of its decisions what they would have said; the gates are looked at on it.

Outcomes are read when somebody looks, so that no loan's life costs anything here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from farthing.credit.models.model import Model
from farthing.credit.succession import gates, groups, rules, store
from farthing.credit.succession.force_service import card_in_force, card_of, slots
from farthing.credit.succession.model import Case, Watched
from farthing.db.tx import Row, Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped, zone_of
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.inputs import AnyId, Slug
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.model_rules import ModelRules, before

LOG = logging.getLogger("farthing.credit")
LATEST = 20_000
"""Decisions that are looked at, the newest."""
FIRST = timedelta(days=90)
"""How far back the first close looks for decisions of a champion that ships with the program."""
LATE = timedelta(hours=1)
"""A decision may have been written so long after the moment that it bears."""
HOUSE = Words("house rule", "本行规则")


@operation(
    "credit.score_by_models",
    title=Words("Models in shadow", "模型影子运行"),
    permission="kernel:close_day",
    whose=STAFF,
)
def score_by_models(tx: Tx, command: CloseStep) -> Stepped:
    """Keep what models in shadow would have said of the day's decisions, and what the champion said, a piece of them. It changes
    no decision, and a decision does not wait for it."""
    handled, more = 0, False
    for slot in slots():
        turns = store.turns(tx, slot)
        champion = card_in_force(tx, slot)[1]
        began = {each.model: each.happened_at for each in turns if each.act in ("shadow", "promoted")}
        scoring: list[tuple[Model, datetime]] = [(champion, began.get(champion.digest, tx.now - FIRST))]
        for each, since in began.items():
            if rules.state(each, turns) == "shadow":
                scoring += _readable(tx, each, since)
        for model, start in scoring:
            count = _score(tx, model, champion.digest, start)
            handled, more = handled + count, more or count == PIECE
    return Stepped(handled, f"{int(command.after or 0) + 1}" if more else None)


def _readable(tx: Tx, digest: str, since: datetime) -> list[tuple[Model, datetime]]:
    """A model in shadow; none where a later release reads it no more: no day waits for what decides nothing."""
    try:
        return [(rules.read(store.source(tx, digest)), since)]
    except Refusal as refusal:
        LOG.warning("model %s in shadow cannot be read: %s", digest[:12], refusal.code)
        return []


def _score(tx: Tx, model: Model, champion: str, began: datetime) -> int:
    until = store.scored_until(tx, model.digest)
    since = began if until is None else max(began, until - LATE)
    found = store.not_scored(tx, model.digest, champion, since, PIECE)
    if found:
        names = [each.name for each in model.figures]
        known = [{one["name"]: one["value"] for one in row["features"]} for row in found]
        figures = [{name: each.get(name) for name in names} for each in known]
        columns = {name: [_number(each[name]) for each in figures] for name in names}
        said = [(score, model.probability(score)) for score in model.scores(columns).tolist()]
        store.insert_scores(tx, model.digest, champion, found, said, figures)
    return len(found)


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@question("credit.watch_model", permission="reports:read", whose=STAFF)
def watch_model(tx: Tx, scorecard: Slug, model: AnyId = "") -> Watched:
    """How a model of a slot stands beside its champion; the champion itself where none is named.

    Gates, drift by month, bad rates by band of the score, groups, curve. It names nobody.

    Refuses ``credit.slot_unknown``, ``credit.model_unknown``.
    """
    if scorecard not in slots():
        raise rules.SLOT_UNKNOWN(slot=scorecard, there=", ".join(slots()))
    champion = card_in_force(tx, scorecard)[1]
    digest = model or champion.digest
    row = store.find_model(tx, digest)
    if row is not None and row["slot"] == scorecard:
        return looked_at(tx, scorecard, rules.read(row["source"]), row["measures"])
    if digest == card_of(scorecard)[1].digest:
        return looked_at(tx, scorecard, card_of(scorecard)[1], {})
    raise rules.UNKNOWN(model=digest[:12])


def looked_at(tx: Tx, slot: str, model: Model, measures: Mapping[str, Any]) -> Watched:
    """What is watched of a model, by what is known at this moment."""
    law, champion = _law(tx), card_in_force(tx, slot)[1]
    cases, expected = _cases(tx, model, champion.digest, law), rules.expected(measures)
    lines = model.refuse_below, champion.refuse_below
    known = [case for case in cases if case.bad is not None]
    return Watched(
        slot=slot, model=model.digest, name=model.name, version=model.version, champion=champion.digest, cases=len(cases),
        known=len(known), bad=sum(bool(case.bad) for case in known),
        may_decide=rules.may_decide(model, card_of(slot)[1].subject), gates=gates.gates(cases, expected, *lines, law),
        drift=gates.drift(cases, expected, law), bands=gates.bands(cases), shares=gates.shares(cases, expected),
        groups=groups.rates(cases, *lines), curve=gates.curve(cases),
    )  # fmt: skip


def _cases(tx: Tx, model: Model, champion: str, law: ModelRules) -> list[Case]:
    found = store.scores(tx, model.digest, champion, LATEST)
    late = store.outcomes(tx, [row["decision_id"] for row in found], add_months(tx.business_date, -law.months))
    people = parties.parties(tx, sorted({row["party_id"] for row in found})) if found else {}
    known = {name: person for name, person in people.items() if not parties.is_erased(person)}
    zone = zone_of(tx)

    def case(row: Row) -> Case:
        on = row["decided_at"].astimezone(zone).date()
        days = late.get(row["decision_id"])
        return Case(
            on, row["approved"], row["score"], row["probability"], row["champion_score"], row["champion_probability"],
            {name: _number(value) for name, value in row["figures"].items()}, None if days is None else days >= law.days_bad,
            groups.groups_of(known.get(row["party_id"]), on),
        )  # fmt: skip

    return [case(row) for row in found]


def _law(tx: Tx) -> ModelRules:
    """What the pack in force asks; where it asks nothing, what holds in a house whose pack does not say."""
    return products.policy_in_force(tx).models or before(HOUSE)
