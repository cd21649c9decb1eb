"""Own ``farthing loans spread`` and the internal rates behind it: what lending earns, and what its money costs inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.language import say
from farthing.commands.savings import DAY, ask, day, do
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.spread import rates
from farthing.lending.spread import service as lending
from farthing.lending.spread.model import InternalRates, Spread, SpreadReport

PRODUCT = Words("product", "产品")
From = Annotated[datetime | None, typer.Option("--since", parser=a_day, metavar=DAY, help="The first day.")]
Until = Annotated[
    datetime | None,
    typer.Option("--until", parser=a_day, metavar=DAY, help="The last day; without days, the month that ended last."),
]


def spread(since: From = None, until: Until = None, as_json: Json = False) -> None:
    """What the own book's loans earned, by product, up to the result of the books. Nothing is posted."""

    def show(found: SpreadReport) -> None:
        for each in found.currencies:
            _show(found, each)

    ask(lambda tx: lending.spread(tx, day(since), day(until)), as_json, show)


def _show(report: SpreadReport, found: Spread) -> None:
    heads = (
        PRODUCT, Words("loans", "笔数"), Words("average", "日均余额"), Words("income", "收入"),
        Words("cost of money", "资金成本"), Words("set aside", "计提准备"), Words("lost", "损失"), Words("spread", "利差"),
    )  # fmt: skip
    lines = [
        (each.product, each.loans, each.average, each.income, each.funding, each.provision, each.losses, each.spread)
        for each in found.products
    ]
    period = f"{report.since} – {report.until}"
    rows(Words(f"Spread, {period}", f"{period} 利差"), heads, lines, right=range(1, 8))
    steps: list[tuple[Any, ...]] = [
        (say("spread of loans", "贷款利差"), found.spread),
        (say("what loans paid inside for their money", "贷款内部资金成本回收"), found.transferred),
        *((each.path, each.amount) for each in found.apart),
        (say("result of the books", "账面损益"), found.profit),
    ]
    both = (Words("what", "项目"), Words("amount", "金额"))
    rows(Words("Up to the result of the books", "与账面损益核对"), both, steps, right=(1,))
    if not found.priced:
        typer.echo(
            say(
                f"no internal rate of {found.currency} is set: nothing was charged for money",
                f"未设定 {found.currency} 内部资金价格：未计资金成本",
            )
        )


def internal_rates(as_json: Json = False) -> None:
    """What money costs inside the bank: every edition of the curve, with its source."""

    def show(found: Sequence[InternalRates]) -> None:
        heads = (
            Words("currency", "币种"), Words("from", "生效日"), Words("without a term", "活期"), Words("by term", "分期限"),
            Words("source", "依据"),
        )  # fmt: skip
        lines = [
            (
                each.currency, each.effective_on, percent(each.demand),
                ", ".join(f"{term} {percent(rate)}" for term, rate in each.terms) or "-", say(each.source, each.source_zh),
            )
            for each in found
        ]  # fmt: skip
        rows(Words("Internal rates", "内部资金价格"), heads, lines, right=(2,))

    ask(lending.internal_rates, as_json, show)


def set_internal_rates(
    file: Annotated[Path, typer.Argument(help="An edition as TOML: see docs/guides/spread.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be, and keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Draft what money costs inside the bank from a day on; a second person agrees."""
    source = file.read_text(encoding="utf-8")

    def show(answer: InternalRates) -> None:
        typer.echo(say(f"from {answer.effective_on}", f"自 {answer.effective_on} 起"))

    do(lending.set_internal_rates, rates.decode(file.name, source), show, dry_run=dry_run, as_json=as_json)
