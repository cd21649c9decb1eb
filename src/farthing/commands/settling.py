"""Own what ``farthing partners`` says of settling: a day's statement as a file, a partner's own file against it, and breaks."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands import breaks as differences
from farthing.commands.language import say
from farthing.commands.savings import DAY, DryRun, ask, day, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json
from farthing.commands.words import a_day
from farthing.funding.settling import breaks_service as service
from farthing.funding.settling import service as statements
from farthing.funding.settling.breaks_model import Break, BreakPage, Reconcile, Reconciled, WorkOff
from farthing.funding.settling.model import Form, StatementFile
from farthing.kit.words import Words

On = Annotated[datetime | None, typer.Option("--on", parser=a_day, metavar=DAY, help="The day the file must be of.")]


def statement(
    partner: Annotated[str, typer.Argument(help="Its code.")],
    on: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="A closed day.")],
    form: Annotated[Form, typer.Option("--format", help="A table, or ISO 20022.")] = "csv",
    as_json: Json = False,
) -> None:
    """What a partner's settlement account did on a day, as a file: redirect it. The same whenever it is made."""

    def show(found: StatementFile) -> None:
        typer.echo(found.content, nl=False)

    ask(lambda tx: statements.statement(tx, partner, on.date(), form), as_json, show)


def reconcile(
    file: Annotated[Path, typer.Argument(help="The partner's own file of a day: the table, or camt.053.")],
    partner: Annotated[str, typer.Option("--partner", help="The partner it must be of.")] = "",
    on: On = None,
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Compare a partner's own file with our statement of its day, and keep where they differ."""
    command = Reconcile(base64.b64encode(file.read_bytes()).decode(), partner, day(on))
    do(service.reconcile, command, _compared, dry_run=dry_run, as_json=as_json, officer=officer)


def breaks(as_json: Json = False) -> None:
    """Differences with partners that nobody has worked off, the oldest first."""

    def show(found: BreakPage) -> None:
        _differences(found.breaks)

    ask(service.breaks, as_json, show)


def work_off(
    number: Annotated[str, typer.Argument(metavar="BREAK", help="A difference, break_...")],
    reason: Annotated[str, typer.Argument(help="Why it is none any more.")],
    correct: Annotated[
        bool, typer.Option("--correct", help="Put our books where the partner's file has them.")
    ] = False,
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say why a difference is none any more; where our books are put right by it, a second person agrees."""

    def show(done: Break) -> None:
        differences.ended(done.id, dry_run=dry_run)

    command = WorkOff(number, reason, correct)
    do(service.work_off, command, show, dry_run=dry_run, as_json=as_json, officer=officer)


def _compared(found: Reconciled) -> None:
    told = found.day
    typer.echo(
        say(
            f"{told.partner}, {told.on}: {told.matched} of {told.lines} lines are told alike; ours closes with {told.ours}, "
            f"theirs with {told.theirs}",
            f"{told.partner}，{told.on}：{told.lines} 行中 {told.matched} 行一致；我方期末 {told.ours}，对方期末 {told.theirs}",
        )
    )
    _differences(found.breaks)


def _differences(found: Sequence[Break]) -> None:
    lines = (
        (each.id, each.partner, each.on, each.kind, each.ours, each.theirs, each.loan, each.state) for each in found
    )
    differences.told(lines, Words("partner", "合作方"), Words("loan", "贷款"))
