"""Own how a credit's cost is shown on a terminal: the money first, then the rate by each law."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from farthing.commands.cases import content
from farthing.commands.language import colon, pick, say
from farthing.commands.tables import rows, tell
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.cost.case import UNREADABLE
from farthing.lending.cost.document import quote_cost

MONEY = (
    ("received", Words("the borrower gets", "借款人实得")), ("paid_back", Words("and pays back in all", "共需偿还")),
    ("total_cost", Words("total cost", "息费合计")), ("fees", Words("of it fees", "其中费用")),
)  # fmt: skip


def cost(case: Path, as_json: bool) -> None:
    """Answer a file of flows; refuses ``lending.flows_unreadable`` and what is wrong in it."""
    tell(quote_cost(*content(case, UNREADABLE)), as_json, costed)


def costed(answer: Mapping[str, Any]) -> None:
    """A cost: what it is in money, a line for each law's rate, then the ceiling and the fee unmasked."""
    currency = answer["currency"]
    for field, label in MONEY:
        typer.echo(colon(label, Money.parse(answer[field], currency)))
    rates = answer["rates"].values()
    rows(
        Words("a year", "每年"),
        (Words("law", "法律"), Words("rate", "利率"), Words("article", "条文")),
        ((pick(Words(**each["name"])), each["percent"] or "-", pick(Words(**each["article"]))) for each in rates),
        right=(1,),
    )
    unit = pick(Words(**answer["rates"]["us_apr"]["unit_period"]))
    typer.echo(say(f"unit-period: {unit}", f"单位期间：{unit}"))
    for note in {pick(Words(**each["note"])): None for each in rates if each["note"]}:
        typer.echo(note)
    ceiling, unmasked = answer["ceiling"], answer["unmasked"]
    if ceiling is not None:
        typer.echo(_under(ceiling) if ceiling["refused"] is None else _refused(ceiling["refused"]))
    if unmasked is not None:
        typer.echo(pick(Words(unmasked["en"], unmasked["zh"])))


def _under(ceiling: Mapping[str, Any]) -> str:
    policy = ceiling["policy"]
    if ceiling["annual"] is None:
        return say(f"policy {policy} sets no ceiling", f"{policy} 政策未设上限")
    article = pick(Words(**ceiling["article"]))
    return say(
        f"below the ceiling of policy {policy}; the rule: {article}", f"未超过 {policy} 政策上限；依据：{article}"
    )


def _refused(refused: Mapping[str, str]) -> str:
    return f"{refused['code']}: {pick(Words(refused['en'], refused['zh']))}"
