"""Own ``farthing loans compare``: what a loan costs in several lengths, side by side, before anybody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.shelf import service as shelf
from farthing.lending.shelf.beside import Length

HEADS = (
    Words("instalments", "期数"), Words("each", "每期"), Words("last on", "末期"), Words("interest", "利息"),
    Words("fees", "费用"), Words("cost in all", "息费合计"), Words("a year, all costs", "年化综合成本"),
)  # fmt: skip


def compare(
    product: Annotated[str, typer.Argument(help="The loan product, such as rainy-day-loan.")],
    amount: Annotated[str, typer.Argument(help="How much would be lent, such as 8000.")],
    instalments: Annotated[
        int, typer.Option("--instalments", help="Another number beside 3, 6, 12 months.", min=0)
    ] = 0,
    as_json: Json = False,
) -> None:
    """What a loan costs in 3, 6, 12 months and so on, side by side, paid out today. Nothing is decided."""

    def show(found: Sequence[Length]) -> None:
        lines = [
            (each.instalments, _each(each), each.ends_on, each.total_interest, each.total_fees, each.total_cost,
             percent(each.annual_percentage_rate, most=2))
            for each in found
        ]  # fmt: skip
        rows(Words(f"What {amount} costs", f"借 {amount} 的成本"), HEADS, lines, right=(0, 1, 3, 4, 5, 6))

    ask(lambda tx: shelf.compare(tx, product, amount, instalments), as_json, show)


def _each(found: Length) -> Words | str:
    """What is paid at a time, or the most that is."""
    most = Words(f"at most {found.usual}", f"最多 {found.usual}")
    return str(found.usual) if found.alike else most
