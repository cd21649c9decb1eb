"""Own ``farthing town``: grow a made-up city in a simulated bank, by the operations that everyone uses."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.bank.opening import open_bank, stands
from farthing.commands.bank import settings
from farthing.commands.language import colon, say
from farthing.commands.progress import progress
from farthing.commands.tables import Json, rows, tell
from farthing.commands.words import count
from farthing.kernel.clock import wall_clock
from farthing.kit.calendar import add_months
from farthing.kit.words import Words
from farthing.town.growing.city import YUAN
from farthing.town.growing.growth import Grown, Wanted, grow
from farthing.town.stage import staged

MOST_PEOPLE, MOST_MONTHS = 1_000_000, 120


def town(
    people: Annotated[int, typer.Option(help="How many people.", min=1, max=MOST_PEOPLE)] = 60,
    months: Annotated[int, typer.Option(help="How many months they live.", min=1, max=MOST_MONTHS)] = 6,
    seed: Annotated[int, typer.Option(help="Which town: the same seed is the same town.", min=0, max=10**9)] = 7,
    new: Annotated[bool, typer.Option("--new", help="Only where no bank stands yet; else do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Grow a town in a simulated bank: people, wages, feasts, savings, loans; each day is closed.
    A new bank opens so many months ago and arrives at today; one that stands goes on from its business date."""
    found = settings()
    standing = stands(found)
    if new and (standing or found.clock == "real"):
        typer.echo(
            say("a bank stands here, or one with a real clock is meant: no town", "已有银行或为真实时钟，不建小镇"),
            err=as_json,
        )
        return
    if not standing and found.opens_on is None and found.clock == "simulated":
        found = found.model_copy(update={"opens_on": add_months(wall_clock().date(), -months)})
    kernel = open_bank(found)
    try:
        if new and kernel.clock().home != YUAN:
            typer.echo(
                say("a bank in another currency than yuan gets no town of its own", "非人民币银行不建小镇"), err=as_json
            )
            return
        with progress() as going:
            grown = grow(staged(kernel, found), Wanted(people, months, seed), going)
    finally:
        kernel.database.close()
    tell(grown, as_json, _told)


def _told(grown: Grown) -> None:
    total = sum(grown.done.values())
    typer.echo(
        say(
            f"town {grown.seed}: {count(grown.people, 'person', 'people')}, {count(grown.months, 'month')}, "
            f"{grown.opened_on} - {grown.business_date}; {count(total, 'command')} in {grown.seconds:.1f} s",
            f"小镇 {grown.seed}：{grown.people:,} 人、{grown.months} 个月，{grown.opened_on} 至 {grown.business_date}；"
            f"{total:,} 笔业务，{grown.seconds:.1f} 秒",
        )
    )
    rows(Words("Done", "办理"), (Words("operation", "操作"), Words("times", "次数")), grown.done.items(), right=(1,))
    if grown.refused:
        rows(
            Words("Refused", "未办"), (Words("why", "原因"), Words("times", "次数")), grown.refused.items(), right=(1,)
        )
    typer.echo(colon(Words("digest of the books", "账簿摘要"), grown.digest))
