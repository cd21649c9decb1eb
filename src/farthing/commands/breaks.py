"""Own how differences between two books are told on the command line, whoever keeps the other one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import typer

from farthing.commands.language import NOTHING_KEPT, pick, say
from farthing.commands.tables import rows
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.reconciling.breaks import KINDS, STATES, BreakState
from farthing.payments.reconciling.matching import Kind

Shown = tuple[str, str, date, Kind, Money | None, Money | None, str, BreakState]
"""A difference: its id, with whom, the day, its kind, ours, theirs, what it concerns, its state."""


def told(found: Iterable[Shown], others: Words, concerns: Words) -> None:
    """Differences as a table. ``others``: who keeps the other books, ``concerns``: what a line is about."""
    heads = (
        Words("break", "差异"), others, Words("day", "日期"), Words("what", "类别"), Words("ours", "我方"),
        Words("theirs", "对方"), concerns, Words("state", "状态"),
    )  # fmt: skip
    lines = [
        (name, other, on, pick(KINDS[kind]), ours or "", theirs or "", about, pick(STATES[state]))
        for name, other, on, kind, ours, theirs, about, state in found
    ]
    rows(Words("Differences", "对账差异"), heads, lines, right=(4, 5))


def ended(break_id: str, *, dry_run: bool) -> None:
    """That a difference is worked off."""
    typer.echo(say(f"{break_id}: worked off", f"{break_id}：已处理"))
    if dry_run:
        typer.echo(pick(NOTHING_KEPT))
