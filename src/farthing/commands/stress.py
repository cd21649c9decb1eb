"""Own ``farthing stress``: how the bank stands by the rules of prudence, what a scenario makes of it, and what breaks it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from farthing.assurance.prudence import service as prudence
from farthing.assurance.prudence.model import Prudential, RuleFigure
from farthing.assurance.stress import file
from farthing.assurance.stress import service as stress
from farthing.assurance.stress.model import Broken, Stressed
from farthing.commands.language import colon, pick, say
from farthing.commands.savings import ask, day
from farthing.commands.tables import Json, rows
from farthing.kit.rates import percent
from farthing.kit.words import Words

app = typer.Typer(
    help="Prudence: how the bank stands by each rule, on any day; scenarios, and what breaks it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
LIGHTS = {
    "red": Words("red", "超限"), "amber": Words("amber", "预警"), "green": Words("green", "正常"),
    "unknown": Words("not known", "未知"),
}  # fmt: skip
HEADS = (
    Words("month", "月"), Words("loans", "贷款"), Words("bad", "不良"), Words("ready money", "备付"), Words("capital", "资本"),
    Words("red", "超限"),
)  # fmt: skip
Name = Annotated[
    str, typer.Argument(help="A scenario that ships with the program, or a file of one.", metavar="SCENARIO")
]


@app.callback()
def _stress() -> None:
    """Prudence: how the bank stands by each rule, on any day; scenarios, and what breaks it."""


@app.command("figures")
def figures(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A past day: 2026-11-30.")] = None,
    as_json: Json = False,
) -> None:
    """Every rule in force, with its value and light; a past day is recomputed."""
    ask(lambda tx: prudence.figures(tx, day(on)), as_json, _figures)


@app.command("list")
def listed(as_json: Json = False) -> None:
    """The scenarios that ship with the program."""
    ask(stress.scenarios, as_json, _listed)


@app.command("run")
def run(scenario: Name, as_json: Json = False) -> None:
    """The path of a scenario from today's book, month by month; nothing is kept."""
    name, text = _read(scenario)
    ask(lambda tx: stress.path(tx, name, text), as_json, _path)


@app.command("reverse")
def reverse(scenario: Name, as_json: Json = False) -> None:
    """How much of a scenario breaks the bank: the first rule that binds and turns red, or no ready money."""
    name, text = _read(scenario)
    ask(lambda tx: stress.reverse(tx, name, text), as_json, _broken)


def _read(scenario: str) -> tuple[str, str]:
    """The name of a scenario that ships, or a file's name and its text."""
    path = Path(scenario)
    if scenario not in file.known() and path.suffix == ".toml":
        return path.name[:60], path.read_text(encoding="utf-8")
    return scenario, ""


def _listed(found: list[tuple[str, Words]]) -> None:
    heads = [Words("name", "名称"), Words("what happens", "说明")]
    rows(Words("scenarios", "情景"), heads, [[name, pick(words)] for name, words in found])


def _figures(found: Prudential) -> None:
    heads = [Words("light", "状态"), Words("rule", "规则"), Words("value", "数值"), Words("amber, red", "预警线、限值")]
    told = [[pick(LIGHTS[each.light]), pick(each.name), value(each), bounds(each)] for each in found.figures]
    title = Words(f"{found.on}, {found.currency}, {found.pack}", f"{found.on}，{found.currency}，{found.pack}")
    rows(title, heads, told, right=(2, 3))
    counts = {"red": found.red, "amber": found.amber, "green": found.green, "unknown": found.unknown}
    typer.echo(say(", ", "，").join(f"{pick(LIGHTS[light])} {count}" for light, count in counts.items()))
    typer.echo(colon(Words("inputs (SHA-256)", "输入摘要（SHA-256）"), found.inputs_sha256))


def value(found: RuleFigure) -> str:
    """A figure as people read it."""
    return "-" if found.value is None else percent(found.value, most=2)


def bounds(found: RuleFigure) -> str:
    """From which values on it is amber and red."""
    sign = "<" if found.better == "higher" else ">"
    return f"{sign} {percent(found.amber, most=2)}, {sign} {percent(found.red, most=2)}"


def _path(found: Stressed) -> None:
    rows(
        found.name, HEADS,
        [
            [str(each.month), str(each.loans), str(each.bad), str(each.ready), str(each.capital), ", ".join(each.red) or "-"]
            for each in found.path
        ],
        right=(0, 1, 2, 3, 4),
    )  # fmt: skip
    if found.breaks:
        typer.echo(
            say(
                f"breaks in month {found.breaks_month}: {found.breaks}",
                f"第 {found.breaks_month} 个月突破：{found.breaks}",
            )
        )
    else:
        typer.echo(say("no rule that binds turns red", "没有约束性规则超限"))


def _broken(found: Broken) -> None:
    if found.scale is None:
        typer.echo(say("ten times of it breaks nothing", "放大十倍仍未突破"))
        return
    times = f"{Decimal(found.scale).normalize():f}"
    typer.echo(
        say(f"{times} times of it breaks the bank in month {found.month}: {found.breaks}",
            f"该情景的 {times} 倍于第 {found.month} 个月突破：{found.breaks}")
    )  # fmt: skip
