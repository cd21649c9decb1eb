"""Own ``farthing loans rate-history`` and the reference rates behind it: a loan's rate, what it follows, and what that was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.lives import Loan
from farthing.commands.savings import ask, do
from farthing.commands.tables import Json, rows
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.floating import service as floating
from farthing.lending.floating.model import Follows, LoanRate
from farthing.lending.lives.names import EVENTS
from farthing.products.reference import files
from farthing.products.reference import service as references
from farthing.products.reference.model import ReferenceFigure

RESETS = {
    "monthly": Words("each month", "每月"), "quarterly": Words("each three months", "每季"),
    "half_yearly": Words("each half year", "每半年"), "yearly": Words("each year", "每年"),
    "new_year": Words("each 1 January", "每年 1 月 1 日"),
}  # fmt: skip
RATE = Words("rate a year", "年利率")


def rate_history(loan: Loan, as_json: Json = False) -> None:
    """A loan's rate: what it is now, what it follows and when it is set anew, and how it came to be."""

    def told(found: LoanRate) -> None:
        heads = (
            Words("from", "日期"), Words("what", "事项"), RATE, Words("when late", "罚息利率"), Words("reference", "定价基准"),
            Words("capped by the law at", "法定成本上限"),
        )  # fmt: skip
        lines = [
            (each.on, pick(EVENTS[each.kind]),
             *("-" if one is None else percent(one) for one in (each.annual, each.penalty_annual, each.figure, each.ceiling)))
            for each in found.changes
        ]  # fmt: skip
        rows(Words("How the rate changed", "利率变动"), heads, lines, right=(2, 3, 4, 5))
        now, late = percent(found.annual), percent(found.penalty_annual)
        typer.echo(say(f"{now} a year now, {late} when late", f"现行年利率 {now}，罚息利率 {late}"))
        if found.follows is None:
            typer.echo(say("it is fixed", "固定利率"))
        else:
            _follows(found.follows, found)

    ask(lambda tx: floating.rate(tx, loan), as_json, told)


def _follows(follows: Follows, found: LoanRate) -> None:
    figure, margin, often = percent(follows.figure), percent(follows.margin), RESETS[follows.resets]
    typer.echo(
        say(f"it follows the {follows.name.en}, {figure} today, and {margin} is added; it is set anew {often.en}",
            f"随{follows.name.zh}浮动（今日 {figure}），加点 {margin}，{often.zh}重定价")
    )  # fmt: skip
    if follows.next_on is None or found.instalment is None or found.one_point_more is None:
        typer.echo(say("it is not set anew any more", "不再重定价"))
        return
    now, more = found.instalment, found.one_point_more
    typer.echo(
        say(f"next on {follows.next_on}; the instalment after that is {now}, and {more} at one point more",
            f"下次重定价日 {follows.next_on}；其后一期应还 {now}，利率上升 1 个百分点则为 {more}")
    )  # fmt: skip


def reference_rates(as_json: Json = False) -> None:
    """What loans that float follow: every figure of each reference rate, with its source."""

    def told(found: Sequence[ReferenceFigure]) -> None:
        heads = (
            Words("rate", "利率"), Words("what", "名称"), Words("from", "生效日"), Words("figure", "数值"),
            Words("source", "依据"),
        )  # fmt: skip
        lines = [
            (each.rate, pick(each.name), each.effective_on, percent(each.annual), say(each.source, each.source_zh))
            for each in found
        ]
        rows(Words("Reference rates", "定价基准利率"), heads, lines, right=(3,))

    ask(references.reference_rates, as_json, told)


def set_reference_rate(
    file: Annotated[Path, typer.Argument(help="A figure as TOML: see docs/guides/loans.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be, and keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Draft what a reference rate is from a day on; a second person agrees."""
    source = file.read_text(encoding="utf-8")

    def told(answer: ReferenceFigure) -> None:
        typer.echo(say(f"from {answer.effective_on}", f"自 {answer.effective_on} 起"))

    do(references.set_reference_rate, files.decode(file.name, source), told, dry_run=dry_run, as_json=as_json)
