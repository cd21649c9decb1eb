"""Own ``farthing rails``: our accounts at other banks, their statements against the books, and what becomes of differences."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands import breaks as differences
from farthing.commands.language import say
from farthing.commands.savings import DAY, DryRun, ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kit.words import Words
from farthing.payments.nostro import breaks_service as service
from farthing.payments.nostro.model import (
    AskReport,
    BringStatement,
    RailBreak,
    RailBreakPage,
    RailDay,
    RailReconciled,
    RailStanding,
    ReportAsked,
    StatementsTaken,
    WorkOffRail,
)
from farthing.payments.nostro.service import bring_statement

app = typer.Typer(
    help="Accounts at other banks: how each stands, statements, differences; one worked off.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Rail = Annotated[str, typer.Argument(help="A rail, such as sandbox.")]


@app.callback()
def _rails() -> None:
    """Accounts at other banks: how each stands, statements, differences; one worked off."""


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Every rail as it stands: what we have there, what is on its way, the last statement, open differences."""

    def show(found: list[RailStanding]) -> None:
        heads = (
            Words("rail", "通道"), Words("ours", "我方余额"), Words("on its way", "在途"), Words("nobody's yet", "挂账"),
            Words("no end yet", "未决"), Words("last day", "最近对账日"), Words("waits for", "待收对账单"),
            Words("open", "待处理差异"), Words("old", "逾期差异"),
        )  # fmt: skip
        lines = [
            (each.rail, each.ours, each.in_transit, each.in_suspense, each.under_way,
             each.last_day.on if each.last_day else "", each.waits_for or "", each.open, each.old)
            for each in found
        ]  # fmt: skip
        rows(Words("Rails", "通道"), heads, lines, right=(1, 2, 3, 4, 7, 8))

    ask(service.rails, as_json, show)


@app.command("days")
def days(rail: Rail, as_json: Json = False) -> None:
    """The last 31 days of which a rail told something, the latest first."""

    def show(found: list[RailDay]) -> None:
        _days(found)

    ask(lambda tx: service.days(tx, rail), as_json, show)


@app.command("show")
def show(
    rail: Rail,
    on: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="A day of which it told something.")],
    as_json: Json = False,
) -> None:
    """A day's reconciliation: both closing balances, and the differences that stood between them."""

    def tell(found: RailReconciled) -> None:
        _days([found.day])
        _differences(found.breaks)

    ask(lambda tx: service.reconciliation(tx, rail, on.date()), as_json, tell)


@app.command("take")
def take(
    file: Annotated[Path, typer.Argument(help="A statement or a day's report of the rail: camt.053, camt.052.")],
    rail: Annotated[str, typer.Option("--rail", help="Whose it is.")] = "sandbox",
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take a rail's file and compare each of its days with the books; what was taken before changes nothing."""

    def show(found: StatementsTaken) -> None:
        _days(found.days)
        if found.known:
            typer.echo(say(f"known before: {found.known}", f"此前已收取：{found.known}"))

    command = BringStatement(rail, base64.b64encode(file.read_bytes()).decode())
    do(bring_statement, command, show, dry_run=dry_run, as_json=as_json, officer=officer)


@app.command("ask")
def report(rail: Rail, officer: Officer = None, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Ask a rail what moved today so far (camt.052); the worker fetches the answer and compares it."""

    def show(found: ReportAsked) -> None:
        typer.echo(say(f"{found.rail} is asked: {found.errand_id}", f"已向 {found.rail} 查询：{found.errand_id}"))

    do(service.ask_report, AskReport(rail), show, dry_run=dry_run, as_json=as_json, officer=officer)


@app.command("breaks")
def breaks(as_json: Json = False) -> None:
    """Differences with rails that nobody has worked off, the oldest first."""

    def show(found: RailBreakPage) -> None:
        _differences(found.breaks)

    ask(service.breaks, as_json, show)


@app.command("work-off")
def work_off(
    number: Annotated[str, typer.Argument(metavar="BREAK", help="A difference, break_...")],
    reason: Annotated[str, typer.Argument(help="Why it is none any more.")],
    correct: Annotated[bool, typer.Option("--correct", help="Put our books where the statement has them.")] = False,
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say why a difference is none any more; where our books are put right by it, a second person agrees."""

    def show(done: RailBreak) -> None:
        differences.ended(done.id, dry_run=dry_run)

    command = WorkOffRail(number, reason, correct)
    do(service.work_off, command, show, dry_run=dry_run, as_json=as_json, officer=officer)


def _days(found: list[RailDay] | tuple[RailDay, ...]) -> None:
    heads = (
        Words("rail", "通道"), Words("day", "日期"), Words("told", "范围"), Words("lines", "行数"), Words("matched", "已勾对"),
        Words("ours", "我方期末"), Words("theirs", "对方期末"), Words("stands", "未达"),
    )  # fmt: skip
    lines = [
        (each.rail, each.on, say("whole", "全日") if each.final else say("so far", "日间"), each.lines, each.matched, each.ours,
         each.theirs, each.standing)
        for each in found
    ]  # fmt: skip
    rows(Words("Days", "对账日"), heads, lines, right=(3, 4, 5, 6, 7))


def _differences(found: tuple[RailBreak, ...]) -> None:
    lines = (
        (each.id, each.rail, each.on, each.kind, each.ours, each.theirs, each.payment_id, each.state) for each in found
    )
    differences.told(lines, Words("rail", "通道"), Words("payment", "收付"))
