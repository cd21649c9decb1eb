"""Run succession: a model is brought, runs in shadow, is promoted by two persons, and is rolled back by one."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.credit.succession import rules, store
from farthing.credit.succession.force_service import card_in_force, card_of, slots
from farthing.credit.succession.model import (
    Act,
    BringModel,
    BroughtModel,
    ModelSlot,
    ModelTurn,
    PromoteModel,
    RollBackModel,
    ShadowModel,
    StopModel,
)
from farthing.credit.succession.watching_service import looked_at
from farthing.db.tx import Row, Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words

PERMISSION = "credit:models"


@operation("credit.bring_model", title=Words("Bring a model", "登记信用模型"), permission=PERMISSION, whose=STAFF)
def bring_model(tx: Tx, command: BringModel) -> BroughtModel:
    """Keep a model and the measures of its training; nothing is decided by it. What ships with the program is there already.

    Refuses ``credit.slot_unknown``, ``credit.model_invalid``, ``credit.scorecard_invalid``, ``credit.model_figure_unknown``,
    ``credit.model_measures``, ``credit.model_brought``.
    """
    check_slot(command.slot)
    model = rules.read(command.source)
    measures = rules.measured(model, command.measures)
    values = {
        "id": model.digest, "slot": command.slot, "name": model.name, "version": model.version,
        "kind": "artefact" if rules.card(model) is None else "scorecard", "source": command.source, "measures": measures,
    }  # fmt: skip
    shipped = card_of(command.slot)[1].digest == model.digest
    if shipped or not store.insert_model(tx, values):
        there = command.slot if shipped else str(_found(tx, model.digest)["slot"])
        raise rules.BROUGHT(model=model.digest[:12], slot=there)
    turns = store.turns(tx, command.slot)
    return _acted(tx, _found(tx, model.digest), turns, "brought", rules.champion(turns), "")


@operation(
    "credit.shadow_model", title=Words("Run a model in shadow", "启动模型影子运行"), permission=PERMISSION, whose=STAFF
)
def shadow_model(tx: Tx, command: ShadowModel) -> BroughtModel:
    """Let a model say of each decision what it would have said. Refuses ``credit.model_unknown``, ``credit.model_in_use``."""
    row = _found(tx, command.model)
    turns = store.turns(tx, row["slot"])
    rules.check_shadow(row["id"], turns)
    return _acted(tx, row, turns, "shadow", rules.champion(turns), "")


@operation(
    "credit.stop_model",
    title=Words("Take a model out of shadow", "停止模型影子运行"),
    permission=PERMISSION,
    whose=STAFF,
)
def stop_model(tx: Tx, command: StopModel) -> BroughtModel:
    """Take a model out of shadow. Refuses ``credit.model_unknown``, ``credit.model_not_in_shadow``."""
    row = _found(tx, command.model)
    turns = store.turns(tx, row["slot"])
    rules.check_in_shadow(row["id"], turns)
    return _acted(tx, row, turns, "stopped", rules.champion(turns), command.reason)


@operation(
    "credit.promote_model", title=Words("Let a model decide", "启用信用模型"), permission=PERMISSION, four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def promote_model(tx: Tx, command: PromoteModel) -> BroughtModel:
    """Let a challenger decide from now on, where it passes every gate at this moment.

    Refuses ``credit.model_unknown``, ``credit.model_not_in_shadow``, ``credit.model_cannot_decide``, ``credit.gate_not_passed``.
    """
    row = _found(tx, command.model)
    turns = store.turns(tx, row["slot"])
    rules.check_in_shadow(row["id"], turns)
    model = rules.read(row["source"])
    subject = card_of(row["slot"])[1].subject
    rules.check_gates(model, subject, looked_at(tx, row["slot"], model, row["measures"]).gates)
    return _acted(tx, row, turns, "promoted", row["id"], command.reason)


@operation(
    "credit.roll_back_model", title=Words("Let the model before decide again", "恢复此前的信用模型"), permission=PERMISSION,
    whose=STAFF,
)  # fmt: skip
def roll_back_model(tx: Tx, command: RollBackModel) -> ModelSlot:
    """Stop the champion; the one before it decides from now on. One person may, as it brings nothing that two have not let decide
    before. Refuses ``credit.slot_unknown``, ``credit.model_none_before``."""
    check_slot(command.slot)
    turns = store.turns(tx, command.slot)
    back = rules.before(command.slot, turns)
    keep_turn(tx, command.slot, turns, "rolled_back", rules.champion(turns), back, command.reason)
    return _slot(tx, command.slot, store.models(tx))


@question("credit.models", permission="reports:read", whose=STAFF)
def models(tx: Tx) -> list[ModelSlot]:
    """Every slot with its champion, the models that were brought and what was done with them, by whom and why."""
    brought = store.models(tx)
    return [_slot(tx, slot, brought) for slot in slots()]


def _slot(tx: Tx, slot: str, brought: Sequence[Row]) -> ModelSlot:
    turns = store.turns(tx, slot)
    card = card_in_force(tx, slot)[1]
    since = next((each.happened_on for each in reversed(turns) if each.act in ("promoted", "rolled_back")), None)
    own = tuple(_told(row, rules.state(row["id"], turns)) for row in brought if row["slot"] == slot)
    return ModelSlot(slot, card.digest, card.name, card.version, since, own, tuple(reversed(turns)))


def check_slot(slot: str) -> None:
    """Refuse ``credit.slot_unknown``."""
    if slot not in slots():
        raise rules.SLOT_UNKNOWN(slot=slot, there=", ".join(slots()))


def _found(tx: Tx, model: str) -> Row:
    row = store.find_model(tx, model)
    if row is None:
        raise rules.UNKNOWN(model=model[:12])
    return row


def _acted(tx: Tx, row: Row, turns: Sequence[ModelTurn], act: Act, champion: str, reason: str) -> BroughtModel:
    keep_turn(tx, row["slot"], turns, act, row["id"], champion, reason)
    return _told(row, act)


def keep_turn(tx: Tx, slot: str, turns: Sequence[ModelTurn], act: Act, model: str, champion: str, reason: str) -> None:
    """Keep an act upon the models of a slot, once only for a place in its order; refuses ``credit.models_moved``."""
    if not store.insert_turn(tx, slot, len(turns) + 1, act, model, champion, reason):
        raise rules.MOVED(slot=slot)


def _told(row: Row, state: Act) -> BroughtModel:
    return BroughtModel(
        row["id"], row["slot"], row["name"], row["version"], row["kind"], row["brought_on"], row["brought_by"], state
    )
