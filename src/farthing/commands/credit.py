"""Own ``farthing credit``: train models from a table, look at one, score many people by one, without a database; and, of a bank,
which models decide (:mod:`farthing.commands.models`)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands import models
from farthing.commands.cases import content
from farthing.commands.credit_features import features
from farthing.commands.language import colon
from farthing.commands.problems import chinese
from farthing.commands.progress import progress
from farthing.commands.tables import Json, rows, tell
from farthing.credit.models.file import load
from farthing.credit.models.model import INVALID, Model, Value
from farthing.kit.errors import malformed
from farthing.kit.later import Later
from farthing.kit.tables import exact
from farthing.kit.words import Words

running: Any = Later("farthing.credit.training.running")
specs: Any = Later("farthing.credit.training.spec")
tables: Any = Later("farthing.credit.training.table")
"""Only a training needs them."""

app = typer.Typer(
    help="Credit models: train, show, score without a bank; bring, shadow, promote, watch in one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
MOST_BYTES, MOST_MODEL = 2**30, 64 * 2**20
TAKEN = malformed(
    "commands.training_folder_taken",
    "The folder {name} holds files already; name a new one, so that no model of before is overwritten.",
    "目录 {name} 中已有文件；请另指定新目录，以免覆盖此前的模型。",
)
NO_FOLDER = malformed(
    "commands.training_folder_unusable",
    "The folder {name} cannot be written: {problem}.",
    "目录 {name} 不可写：{problem_zh}。",
)

ModelFile = Annotated[Path, typer.Argument(help="A model: JSON that was trained here, or a scorecard of TOML.")]


app.command("features")(features)


@app.callback()
def credit() -> None:
    """Credit models: train, show, score without a bank; bring, shadow, promote, watch in one."""


@app.command("train")
def train(
    spec: Annotated[Path, typer.Argument(help="What is trained, of which columns: see docs/guides/train-a-model.md.")],
    data: Annotated[Path, typer.Argument(help="The table: CSV of any separator.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder for models, measures and cards.")],
    alternatives: Annotated[
        bool,
        typer.Option("--alternatives", help="Look for models as good under which the spec's groups fare more alike."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Train monotone scorecards and trees, measure them on people they did not see, and write model, measures and cards."""
    running.check_extra()
    text, name = content(spec, specs.INVALID)
    asked = specs.load(_decoded(text, name, specs.INVALID), name)
    table, of = content(data, tables.UNREADABLE, at_most=MOST_BYTES)
    _free(out)
    with progress() as going:
        files = running.train(
            asked,
            table,
            of,
            lambda _, done, total: going(Words("measuring fold by fold", "逐折检验"), done, total),
            alternatives,
        )
    write(out, files)
    told = running.json.loads(files["metrics.json"])
    tell(told, as_json, lambda found: _told(found, out))


def _decoded(text: bytes, name: str, unreadable: Any) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        problem, problem_zh = f"byte {error.start} is no UTF-8", f"第 {error.start} 字节不是 UTF-8"
        raise unreadable(name=name, problem=problem, problem_zh=problem_zh) from None


def _free(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TAKEN(name=str(out))


def write(out: Path, files: dict[str, str]) -> None:
    """Write files into a folder; refuses ``commands.training_folder_unusable``."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise NO_FOLDER(name=str(out), problem=problem, problem_zh=chinese(error)) from None


def _told(found: Any, out: Path) -> None:
    fitted = found["data"]["fitted"]
    rows(
        Words(
            f"Trained on {fitted['people']} people, {fitted['bad']} of them bad; written to {out}",
            f"已按 {fitted['people']} 人训练，其中坏样本 {fitted['bad']}；结果写入 {out}",
        ),
        [
            Words("model", "模型"), "AUC", "±", "KS", "H", "Brier", Words("calibration", "校准误差"),
            Words("out of time", "跨期 AUC"),
        ],
        (
            (
                each["model"], *(f"{value:.4f}" for value in (
                    each["measured"]["folds"]["auc"]["mean"], each["measured"]["folds"]["auc"]["sd"],
                    *(each["measured"]["folds"][name]["mean"] for name in ("ks", "h", "brier")),
                    each["measured"]["together"]["calibration"]["error"],
                )),
                "" if each["measured"]["out_of_time"] is None else f"{each['measured']['out_of_time']['auc']:.4f}",
            )
            for each in found["models"].values()
        ),
        right=(1, 2, 3, 4, 5, 6, 7),
    )  # fmt: skip


@app.command("show")
def show(model: ModelFile, as_json: Json = False) -> None:
    """Show what a model asks for, and what pins it."""
    found = _loaded(model)
    told = {
        "name": found.name, "version": found.version, "sha256": found.digest, "refuse_below": found.refuse_below,
        "figures": [{"name": each.name, "better": each.better, "steps": len(each.steps)} for each in found.figures],
    }  # fmt: skip
    tell(told, as_json, _shown)


WAYS = {
    "higher": Words("higher is better", "越高越好"), "lower": Words("lower is better", "越低越好"),
    "either": Words("runs both ways", "无单一方向"),
}  # fmt: skip


def _shown(told: Any) -> None:
    typer.echo(colon(Words("model", "模型"), f"{told['name']} {told['version']}"))
    typer.echo(colon("SHA-256", told["sha256"]))
    typer.echo(colon(Words("refuses below", "拒绝线"), str(told["refuse_below"])))
    rows(
        Words("Figures it asks for", "所需指标"), [Words("figure", "指标"), Words("direction", "方向"), Words("steps", "分界数")],
        ((each["name"], WAYS[each["better"]], each["steps"]) for each in told["figures"]), right=(2,),
    )  # fmt: skip


@app.command("score")
def score(
    model: ModelFile,
    data: Annotated[Path, typer.Argument(help="A table with a column for each figure, CSV with commas.")],
    as_json: Json = False,
) -> None:
    """Score a table of people: CSV with score and probability of default, a line a person."""
    found = _loaded(model)
    table, name = content(data, tables.UNREADABLE, at_most=MOST_BYTES)
    read = csv.DictReader(io.StringIO(_decoded(table, name, tables.UNREADABLE), newline=""))
    people = list(read)
    missing = [each.name for each in found.figures if each.name not in (read.fieldnames or ())]
    if missing:
        raise tables.NO_COLUMN(column=missing[0], there=", ".join(read.fieldnames or ()))
    columns = {
        each.name: [
            _value(name, at, each.name, person[each.name], each.codes is not None)
            for at, person in enumerate(people, 1)
        ]
        for each in found.figures
    }
    scored = [Points(each, found.probability(each)) for each in found.scores(columns).tolist()]
    tell(scored, as_json, _lines)


@dataclass(frozen=True, slots=True)
class Points:
    """What a table's line is worth."""

    score: int
    probability: Decimal


def _lines(found: list[Points]) -> None:
    typer.echo("\n".join(("score,probability", *(f"{each.score},{each.probability}" for each in found))))


def _value(table: str, at: int, column: str, text: str | None, category: bool) -> Value:
    """A value; an empty one is unknown, and what is no number is refused and not taken to be unknown."""
    plain = (text or "").strip()
    if category or not plain:
        return plain or None
    found = exact(plain)
    if found is None:
        problem, problem_zh = f"person {at}: {column} is no number", f"第 {at} 人：{column} 不是数值"
        raise tables.UNREADABLE(name=table, problem=problem, problem_zh=problem_zh)
    return found


def _loaded(model: Path) -> Model:
    text, name = content(model, INVALID, at_most=MOST_MODEL)
    return load(_decoded(text, name, INVALID), name)


models.add(app)
