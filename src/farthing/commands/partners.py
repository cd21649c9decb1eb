"""Own ``farthing partners``: partner lenders, and the programmes by which they are asked for a part of loans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import NOTHING_KEPT, pick, say
from farthing.commands.savings import DryRun, ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.funding import service as funding
from farthing.funding.model import Partner
from farthing.funding.programmes import files, service
from farthing.funding.programmes.model import EndProgramme, InForce, SetProgramme
from farthing.kit.rates import percent
from farthing.kit.words import Words

app = typer.Typer(
    help="Partner lenders: list; the programmes by which they lend a part of loans: list, set, end.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def partners() -> None:
    """Partner lenders: list; the programmes by which they lend a part of loans: list, set, end."""


@app.command("list")
def list_partners(as_json: Json = False) -> None:
    """Partner lenders by code, with where each answers and where it is paid."""

    def show(found: Sequence[Partner]) -> None:
        heads = (
            Words("code", "代码"),
            Words("name", "名称"),
            Words("answers at", "接口地址"),
            Words("account", "结算账户"),
        )
        lines = [(each.code, each.name, each.url, each.account) for each in found]
        rows(Words("Partner lenders", "合作方"), heads, lines)

    ask(funding.partners, as_json, show)


@app.command("programmes")
def list_programmes(as_json: Json = False) -> None:
    """Programmes with partners: which part of which loans each takes, in the order in which partners are served."""

    def show(found: Sequence[InForce]) -> None:
        heads = (
            Words("place", "顺位"), Words("programme", "项目"), Words("partner", "合作方"), Words("part", "出资比例"),
            Words("loans from", "贷款金额自"), Words("to", "至"), Words("score from", "最低评分"), Words("state", "状态"),
            Words("products", "产品"),
        )  # fmt: skip
        lines = [
            (one.place, one.code, one.partner, percent(one.part), one.least, one.most, one.least_score, _state(each),
             ", ".join(one.products))
            for each in sorted(found, key=lambda each: (each.programme.place, each.programme.code))
            for one in [each.programme]
        ]  # fmt: skip
        rows(Words("Programmes", "合作项目"), heads, lines, right=(0, 3, 4, 5, 6))

    ask(service.programmes, as_json, show)


@app.command("set-programme")
def set_programme(
    file: Annotated[Path, typer.Argument(help="The programme as TOML: see docs/guides/partners.md.")],
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft a programme, or another version of one; a second person agrees."""
    source = file.read_text(encoding="utf-8")
    files.decode(file.name, source)  # what is wrong in it is told of the file by its own name
    do(service.set_programme, SetProgramme(source), _told(dry_run), dry_run=dry_run, as_json=as_json, officer=officer)


@app.command("end-programme")
def end_programme(
    programme: Annotated[str, typer.Argument(help="Its code.")],
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft the end of a programme; a second person agrees. What the partner holds it goes on holding."""
    do(
        service.end_programme,
        EndProgramme(programme),
        _told(dry_run),
        dry_run=dry_run,
        as_json=as_json,
        officer=officer,
    )


def _told(dry_run: bool) -> Callable[[InForce], None]:
    """Says what a programme is, or would be."""

    def told(answer: InForce) -> None:
        code = answer.programme.code
        typer.echo(say(f"{code}: {pick(_state(answer))}", f"{code}：{pick(_state(answer))}"))
        if dry_run:
            typer.echo(pick(NOTHING_KEPT))

    return told


def _state(each: InForce) -> Words:
    return Words("ended", "已终止") if each.ended else Words("in force", "生效中")
