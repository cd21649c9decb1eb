"""Decide what may be brought, shadowed, promoted and rolled back. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from farthing.credit.models.file import load
from farthing.credit.models.model import INVALID, Model
from farthing.credit.models.one_way import runs_one_way
from farthing.credit.models.shipped import Shipped
from farthing.credit.reasons import DEBTOR, sentences
from farthing.credit.scorecard import Scorecard
from farthing.credit.succession.model import Act, Expected, Measures, ModelGate, ModelTurn
from farthing.kit.errors import conflict, declined, malformed, not_found

UNKNOWN = not_found("credit.model_unknown", "There is no model {model}.", "没有模型 {model}。")
SLOT_UNKNOWN = not_found(
    "credit.slot_unknown",
    "No product decides by a scorecard {slot} that may be followed; there are {there}.",
    "没有可替换的评分卡 {slot}；现有：{there}。",
)
BROUGHT = conflict(
    "credit.model_brought", "The model {model} was brought before, to {slot}.", "模型 {model} 已登记于 {slot}。"
)
NOT_IN_SHADOW = conflict(
    "credit.model_not_in_shadow",
    "The model {model} is not in shadow; let it run beside the champion first.",
    "模型 {model} 未在影子运行；请先启动影子运行。",
)
IN_USE = conflict(
    "credit.model_in_use", "The model {model} is in shadow or decides already.", "模型 {model} 已在影子运行或已启用。"
)
NOTHING_BEFORE = conflict(
    "credit.model_none_before",
    "{slot} is decided by the scorecard that ships with the program; there is none before it.",
    "{slot} 现由随程序提供的评分卡审批，没有更早的模型可恢复。",
)
MOVED = conflict(
    "credit.models_moved",
    "Somebody else acted on the models of {slot} at the same moment; look again.",
    "{slot} 的模型刚被他人变更，请重新查看。",
)
CANNOT_DECIDE = declined(
    "credit.model_cannot_decide",
    "The model {model} can be compared in shadow but not decide: one for {subject} that runs one way in every "
    "figure can.",
    "模型 {model} 仅可影子运行，不可用于审批；审批模型的适用对象须为 {subject}，且每项指标均须单向。",
)
FIGURE_UNKNOWN = malformed(
    "credit.model_figure_unknown",
    "The model asks for {figures}, which no decision knows.",
    "模型需要 {figures}，但授信决定不含该指标。",
)
MEASURES = malformed(
    "credit.model_measures",
    "The measures do not belong to the model or cannot be read: {problem}. Bring the metrics.json of its training.",
    "指标文件与模型不符或无法读取：{problem_zh}。请提交训练所得的 metrics.json。",
)
GATES = declined(
    "credit.gate_not_passed",
    "The model may not decide yet. Gates that it does not pass: {gates}.",
    "模型尚不可启用，未通过：{gates_zh}。",
)


def read(source: str) -> Model:
    """A model from its text, which asks only for what decisions know; refuses ``credit.model_invalid``,
    ``credit.scorecard_invalid``, ``credit.model_figure_unknown``."""
    model = load(source)
    unknown = sorted({each.name for each in model.figures} - (set(sentences()) - {DEBTOR}))
    if unknown or not model.figures:
        raise FIGURE_UNKNOWN(figures=", ".join(unknown) or "-")
    if any(each.codes is not None for each in model.figures):
        problem, problem_zh = "it asks for categories, and decisions know numbers", "需要类别指标，而授信决定仅含数值"
        raise INVALID(name=model.name, problem=problem, problem_zh=problem_zh)
    return model


def card(model: Model) -> Scorecard | None:
    """The scorecard that a model is, where decisions can be made by it."""
    return model.card if isinstance(model, Shipped) else None


def measured(model: Model, text: str) -> dict[str, Any]:
    """What of the measures of a training is kept: how score and figures were distributed there.

    Refuses ``credit.model_measures`` where they are of another model or are not whole.
    """
    try:
        told = json.loads(text)
        named = {model.digest, str(_provenance(model).get("model_sha256", ""))}
        of = next((each for each in told["models"].values() if each["sha256"] in named), None)
        if of is None:
            problem, problem_zh = "they name another model by its digest", "摘要值指向另一模型"
            raise MEASURES(problem=problem, problem_zh=problem_zh)
        wanted = {each.name for each in model.figures}
        figures = [_distribution(each["name"], each) for each in told["figures"] if each["name"] in wanted]
        score = _distribution("score", of["score"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MEASURES(problem=str(error)[:100] or "no JSON", problem_zh=str(error)[:100]) from None
    missing = sorted(wanted - {each["name"] for each in figures})
    if missing:
        names = ", ".join(missing)
        raise MEASURES(problem=f"nothing is said of {names}", problem_zh=f"未说明 {names}")
    return {"score": score, "figures": figures}


def _provenance(model: Model) -> Mapping[str, Any]:
    found = card(model)
    return {} if found is None else found.provenance


def _distribution(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    edges, shares = [float(each) for each in value["edges"]], [float(each) for each in value["shares"]]
    rises = all(map(isfinite, edges)) and all(one < two for one, two in pairwise(edges))
    if not rises or len(shares) != len(edges) + 2 or min(shares) < 0 or not 0.999 < sum(shares) < 1.001:
        raise ValueError(f"the distribution of {name} does not sum to one")
    return {"name": name, "edges": edges, "shares": shares}


def expected(measures: Measures) -> tuple[Expected, ...]:
    """How score and figures were distributed where a model was trained, the score first; empty where nobody said."""
    if not measures:
        return ()
    told = [measures["score"], *measures["figures"]]
    return tuple(Expected(each["name"], tuple(each["edges"]), tuple(each["shares"])) for each in told)


def champion(turns: Sequence[ModelTurn]) -> str:
    """Which model decides after these acts, the oldest first; empty: the one that ships with the program."""
    return turns[-1].champion if turns else ""


def before(slot: str, turns: Sequence[ModelTurn]) -> str:
    """Which decided before the champion; refuses ``credit.model_none_before``. One that was rolled back never comes again
    by this way: only a promotion brings it."""
    stack = [""]
    for each in turns:
        if each.act == "promoted":
            stack.append(each.model)
        elif each.act == "rolled_back":
            stack.pop()
    if len(stack) < 2:
        raise NOTHING_BEFORE(slot=slot)
    return stack[-2]


def state(model: str, turns: Sequence[ModelTurn]) -> Act:
    """What was last done with a model. A champion that another followed, or that was rolled back, stands as stopped."""
    last: Act = next((each.act for each in reversed(turns) if each.model == model), "brought")
    if last == "rolled_back" or (last == "promoted" and champion(turns) != model):
        return "promoted" if champion(turns) == model else "stopped"
    return last


def check_shadow(model: str, turns: Sequence[ModelTurn]) -> None:
    """Refuse ``credit.model_in_use``."""
    if state(model, turns) in ("shadow", "promoted"):
        raise IN_USE(model=model[:12])


def check_in_shadow(model: str, turns: Sequence[ModelTurn]) -> None:
    """Refuse ``credit.model_not_in_shadow``."""
    if state(model, turns) != "shadow":
        raise NOT_IN_SHADOW(model=model[:12])


def may_decide(model: Model, subject: str) -> bool:
    """Whether decisions of a slot for persons, or shops, can be made by a model: it was made for them, and runs one way."""
    return model.subject == subject and runs_one_way(model)


def check_gates(model: Model, subject: str, gates: Sequence[ModelGate]) -> None:
    """Refuse ``credit.model_cannot_decide``, ``credit.gate_not_passed`` naming every gate with its figure and limit."""
    if not may_decide(model, subject):
        raise CANNOT_DECIDE(model=model.digest[:12], subject=subject)
    shut = [each for each in gates if each.light in ("red", "unknown")]
    if shut:
        told = ", ".join(f"{each.called.en} {_figure(each)} ({each.limit})" for each in shut)
        told_zh = "、".join(f"{each.called.zh} {_figure(each)}（{each.limit}）" for each in shut)
        raise GATES(gates=told, gates_zh=told_zh)


def _figure(gate: ModelGate) -> str:
    return "?" if gate.figure is None else str(gate.figure)
