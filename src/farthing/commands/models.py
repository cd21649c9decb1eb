"""Own the part of ``farthing credit`` that asks a bank: which models decide, which run beside them, how one follows another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.cases import content
from farthing.commands.language import colon, pick
from farthing.commands.savings import ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.credit.models.model import INVALID
from farthing.credit.succession import service as models
from farthing.credit.succession import watching_service as watching
from farthing.credit.succession.model import (
    BringModel,
    BroughtModel,
    ModelSlot,
    PromoteModel,
    RollBackModel,
    ShadowModel,
    StopModel,
    Watched,
)
from farthing.credit.succession.rules import MEASURES
from farthing.kit.words import Words

MOST = 8 * 2**20
ACTS = {
    "brought": Words("brought", "已登记"), "shadow": Words("in shadow", "影子运行"), "stopped": Words("stopped", "已停止"),
    "promoted": Words("decides", "已启用"), "rolled_back": Words("rolled back", "已恢复前一模型"),
}  # fmt: skip
LIGHTS = {
    "green": Words("passed", "通过"), "amber": Words("passed, look at it", "通过，须关注"), "red": Words("not passed", "未通过"),
    "unknown": Words("not enough", "数据不足"),
}  # fmt: skip
ModelId = Annotated[str, typer.Argument(help="A model by its SHA-256.", metavar="MODEL")]
SlotName = Annotated[str, typer.Argument(help="The scorecard that products name.", metavar="SLOT")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words.")]


def add(app: typer.Typer) -> None:
    """Put the commands beside those that need no bank."""
    for name, command in (
        ("models", listed), ("bring", bring), ("shadow", shadow), ("stop", stop), ("promote", promote),
        ("roll-back", roll_back), ("watch", watch),
    ):  # fmt: skip
        app.command(name)(command)


def listed(as_json: Json = False) -> None:
    """Which model decides for which products, and which were brought."""
    ask(models.models, as_json, _slots)


def bring(
    slot: SlotName, model: Annotated[Path, typer.Argument(help="Its file: scorecard.toml or ....model.json.")],
    measures: Annotated[Path, typer.Argument(help="The metrics.json of its training.")], as_json: Json = False,
    officer: Officer = None,
) -> None:  # fmt: skip
    """Bring a model with the measures of its training; nothing is decided by it."""
    command = BringModel(slot, _text(model, INVALID), _text(measures, MEASURES))
    do(models.bring_model, command, _model, dry_run=False, as_json=as_json, officer=officer)


def _text(file: Path, unreadable: object) -> str:
    text, name = content(file, unreadable, at_most=MOST)  # type: ignore[arg-type]
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        problem, problem_zh = f"byte {error.start} is no UTF-8", f"第 {error.start} 字节不是 UTF-8"
        raise INVALID(name=name, problem=problem, problem_zh=problem_zh) from None


def shadow(model: ModelId, as_json: Json = False, officer: Officer = None) -> None:
    """Let a model say of each decision what it would have said; it decides nothing."""
    do(models.shadow_model, ShadowModel(model), _model, dry_run=False, as_json=as_json, officer=officer)


def stop(model: ModelId, reason: Reason, as_json: Json = False, officer: Officer = None) -> None:
    """Take a model out of shadow."""
    do(models.stop_model, StopModel(model, reason), _model, dry_run=False, as_json=as_json, officer=officer)


def promote(model: ModelId, reason: Reason, as_json: Json = False, officer: Officer = None) -> None:
    """Draft that a model decides from now on; it must pass every gate, and a second member of staff approves."""
    do(models.promote_model, PromoteModel(model, reason), _model, dry_run=False, as_json=as_json, officer=officer)


def roll_back(slot: SlotName, reason: Reason, as_json: Json = False, officer: Officer = None) -> None:
    """Let the model before decide again; one person may."""
    do(models.roll_back_model, RollBackModel(slot, reason), lambda found: _slots([found]), dry_run=False, as_json=as_json,
       officer=officer)  # fmt: skip


def watch(
    slot: SlotName, model: Annotated[str, typer.Option("--model", help="A challenger; else the champion.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """How a model stands: gates, drift by month, bad rates by score, groups."""
    ask(lambda tx: watching.watch_model(tx, slot, model), as_json, _watched)


def _model(found: BroughtModel) -> None:
    typer.echo(colon(ACTS[found.state], f"{found.name} {found.version} {found.model}"))


def _slots(found: list[ModelSlot]) -> None:
    for each in found:
        rows(
            Words(f"{each.slot}: decided by {each.name} {each.version}", f"{each.slot}：审批模型为 {each.name} {each.version}"),
            [Words("model", "模型"), Words("version", "版本"), Words("state", "状态"), "SHA-256"],
            ((one.name, one.version, ACTS[one.state], one.model) for one in each.models),
        )  # fmt: skip


def _watched(found: Watched) -> None:
    rows(
        Words(
            f"{found.name} {found.version}: {found.cases} decisions, {found.known} with an outcome, {found.bad} bad",
            f"{found.name} {found.version}：{found.cases} 笔决定，{found.known} 笔已知结果，其中不良 {found.bad} 笔",
        ),
        [Words("gate", "门槛"), Words("state", "状态"), Words("figure", "数值"), Words("limit", "限值"),
         Words("champion", "现行模型")],
        (
            (pick(each.called), LIGHTS[each.light], _shown(each.figure), each.limit, _shown(each.beside))
            for each in found.gates
        ),
        right=(2, 3, 4),
    )  # fmt: skip
    rows(
        Words("Stability by month", "各月稳定性"),
        [Words("figure", "指标"), Words("month", "月份"), Words("decisions", "决定笔数"), "PSI", Words("state", "状态")],
        ((each.name, each.month, each.people, each.psi, LIGHTS[each.light]) for each in found.drift), right=(2, 3),
    )  # fmt: skip
    rows(
        Words("Bad loans by score", "各分段不良"),
        [Words("score", "评分"), Words("decisions", "决定笔数"), Words("known", "已知结果"), Words("bad", "不良"),
         Words("expected", "预期")],
        ((f"{each.low}-{each.high - 1}", each.decided, each.known, each.bad, each.expected) for each in found.bands),
        right=(1, 2, 3, 4),
    )  # fmt: skip
    rows(
        Words("Groups, for monitoring alone", "群体（仅供监测）"),
        [Words("group", "群体"), Words("people", "人数"), Words("approved", "通过率"), Words("by champion", "现行通过率")],
        ((f"{each.kind}:{each.name}", each.people, each.approved, each.champion_approved) for each in found.groups),
        right=(1, 2, 3),
    )  # fmt: skip


def _shown(value: object) -> str:
    return "" if value is None else str(value)
