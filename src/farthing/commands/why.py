"""Own ``farthing loans why``: a decision with its reasons, the evidence it rests on, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import ask
from farthing.commands.tables import Json
from farthing.credit import service as credit
from farthing.credit.model import Decision
from farthing.credit.ways import service as credit_ways
from farthing.credit.ways.model import PriceTable, Ways
from farthing.db.tx import Tx
from farthing.kit.rates import percent
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Why:
    """A decision, and what would change it."""

    decision: Decision
    ways: Ways
    price: PriceTable


def why(
    decision: Annotated[str, typer.Argument(help="The decision's id, such as decision_....", metavar="DECISION")],
    as_json: Json = False,
) -> None:
    """Why a decision was yes or no, what it rests on, and what would change it: each was tried by the same rule."""

    def found(tx: Tx) -> Why:
        return Why(credit.decision(tx, decision), credit_ways.ways(tx, decision), credit_ways.price(tx, decision))

    ask(found, as_json, _show)


def _show(found: Why) -> None:
    made = found.decision
    word = Words("yes", "批准") if made.approved else Words("no", "未批准")
    typer.echo(
        say(
            f"{word.en}: asked {made.amount} in {made.instalments} instalments, limit {made.limit}",
            f"{word.zh}：申请 {made.amount}，{made.instalments} 期，额度 {made.limit}",
        )
    )
    if made.grounds is not None:
        typer.echo(say(made.grounds.en, made.grounds.zh))
    for reason in made.reasons:
        typer.echo(f"{'+' if reason.favourable else '-'} {say(reason.en, reason.zh)}")
        typer.echo(say(f"    rests on: {reason.datum}", f"    依据：{reason.datum_zh or reason.datum}"))
    for said in [way.said for way in found.ways.ways] + [each.said for each in found.ways.better]:
        typer.echo(f"* {pick(said)}")
    for line in found.price.lines:
        typer.echo(f"{percent(line.annual, least=2, most=2):>8}  {pick(line.said)}")
    cost, annual = (percent(each, least=2, most=2) for each in (found.price.cost, found.price.annual))
    if found.price.lines:
        typer.echo(say(f"{cost:>8}  in all; the loan bears {annual}", f"{cost:>8}  合计；贷款利率 {annual}"))
