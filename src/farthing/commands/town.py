"""Own ``farthing town``: grow a made-up city in a simulated bank, by the operations that everyone uses."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from farthing.bank.opening import open_bank, stands
from farthing.commands import shown
from farthing.commands.bank import settings
from farthing.commands.progress import progress
from farthing.commands.words import count
from farthing.kernel.clock import wall_clock
from farthing.kit.calendar import add_months
from farthing.kit.canonical import plain
from farthing.town.growing.city import YUAN
from farthing.town.growing.growth import Grown, Wanted, grow
from farthing.town.stage import staged

MOST_PEOPLE, MOST_MONTHS = 1_000_000, 120


def town(
    people: Annotated[int, typer.Option(help="How many people.", min=1, max=MOST_PEOPLE)] = 60,
    months: Annotated[int, typer.Option(help="How many months they live.", min=1, max=MOST_MONTHS)] = 6,
    seed: Annotated[int, typer.Option(help="Which town: the same seed is the same town.", min=0, max=10**9)] = 7,
    new: Annotated[bool, typer.Option("--new", help="Only where no bank stands yet; else do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Grow a town in a simulated bank: people, wages, feasts, savings, loans; each day is closed.
    A new bank opens so many months ago and arrives at today; one that stands goes on from its business date."""
    found = settings()
    standing = stands(found)
    if new and (standing or found.clock == "real"):
        typer.echo("a bank stands here, or one with a real clock is meant: no town 已有银行或为真实时钟，不建小镇")
        return
    if not standing and found.opens_on is None and found.clock == "simulated":
        found = found.model_copy(update={"opens_on": add_months(wall_clock().date(), -months)})
    kernel = open_bank(found)
    try:
        if new and kernel.clock().home != YUAN:
            typer.echo("a bank in another currency than yuan gets no town of its own 非人民币银行不建小镇")
            return
        with progress() as going:
            grown = grow(staged(kernel, found), Wanted(people, months, seed), going)
    finally:
        kernel.database.close()
    if as_json:
        typer.echo(json.dumps(plain(grown), ensure_ascii=False))
        return
    _told(grown)


def _told(grown: Grown) -> None:
    total = sum(grown.done.values())
    typer.echo(
        f"小镇 town {grown.seed}: {count(grown.people, 'person', 'people')}, {count(grown.months, 'month')}, "
        f"{grown.opened_on} - {grown.business_date}; {count(total, 'command')} in {grown.seconds:.1f} s"
    )
    shown.rows("办理 Done", ("操作 operation", "次数 times"), grown.done.items(), right=(1,))
    if grown.refused:
        shown.rows("未办 Refused", ("原因 why", "次数 times"), grown.refused.items(), right=(1,))
    typer.echo(f"账簿摘要 digest of the books: {grown.digest}")
