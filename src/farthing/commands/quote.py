"""Own ``farthing quote``: what a product would give, which gives most, and pledge or break; without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from farthing.commands.problems import chinese
from farthing.commands.words import a_day, chosen, percent
from farthing.kit.money import Money
from farthing.products.rates import parse_term
from farthing.savings.quotes.case import UNREADABLE, quote_case, read_case
from farthing.savings.quotes.document import compare_products, pledge_case
from farthing.savings.rules.model import Agreement

app = typer.Typer(help="Quote a product without a database.", no_args_is_help=True, rich_markup_mode=None)

CaseFile = Annotated[Path, typer.Argument(help="A case, or - for standard input; see docs/guides/quote-deposit.md.")]
Human = Annotated[bool, typer.Option("--human", help="A table for people, in Chinese and English, instead of JSON.")]


@app.callback()
def quotes() -> None:
    """Quote a product without a database."""


def read(case: Path) -> dict[str, Any]:
    """The case of a file or of standard input; refuses ``savings.case_unreadable``."""
    name = "standard input" if str(case) == "-" else str(case)
    try:
        content = sys.stdin.buffer.read() if str(case) == "-" else case.read_bytes()
    except OSError as error:
        raise UNREADABLE(name=name, problem=error.strerror or type(error).__name__, problem_zh=chinese(error)) from None
    return read_case(content, name)


@app.command("deposit")
def deposit(case: CaseFile, human: Human = False) -> None:
    """Quote a deposit: every interest payment and how it was reached."""
    say(quote_case(read(case)), people=quoted if human else None)


@app.command("pledge")
def pledge(case: CaseFile) -> None:
    """Money is needed before maturity: pledge the deposit for a loan or break it, whichever costs less."""
    say(pledge_case(read(case)))


@app.command("compare")
def compare(
    amount: Annotated[str, typer.Option(help="What is saved, such as 1000 or 1000.50.")],
    days: Annotated[int, typer.Option(help="After how many days it is needed.")],
    rates: Annotated[str, typer.Option(help="A rate board.")] = "boc-2015-06-28",
    policy: Annotated[
        str, typer.Option(help='A policy pack: what its law refuses, and its insurance; "" for none.')
    ] = "cn",
    held: Annotated[str, typer.Option(help="Other insured deposits at the same institution.")] = "0",
    opened_on: Annotated[
        datetime | None, typer.Option(parser=a_day, metavar="YYYY-MM-DD", help="First day; else the board's.")
    ] = None,
    fund_income: Annotated[str | None, typer.Option(help="Assumed daily income per 10,000 of a pooled fund.")] = None,
    human: Human = False,
) -> None:
    """What an amount gives after so many days in each product, the best first."""
    start = opened_on.date() if opened_on else None
    answer = compare_products(
        amount, days, rates, policy=policy or None, held=held, opened_on=start, fund_income=fund_income
    )
    say(answer, people=compared if human else None)


def say(answer: Mapping[str, Any], people: Any = None) -> None:
    """Print an answer as JSON, or by ``people`` as a table."""
    if people is None:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        people(answer, Console())


def quoted(answer: Mapping[str, Any], console: Console) -> None:
    """A quote as a table: one line an interest payment."""
    name, currency = answer["product"]["name"], answer["currency"]
    table = Table(title=f"{name['zh']} {name['en']} ({currency})")
    for heading in ("付息日 paid on", "利率 rate", "利息 interest", "算式 working"):
        table.add_column(heading, justify="left" if "算式" in heading else "right", overflow="fold")
    for each in answer["payments"]:
        table.add_row(
            each["paid_on"], percent(Decimal(each["annual_rate"])), str(Money.parse(each["amount"], currency)),
            f"{each['reason']['zh']}\n{each['reason']['en']}\n{each['working']}",
        )  # fmt: skip
    console.print(table)
    for label, field in (
        ("存入 paid in", "principal_in"),
        ("利息 interest", "interest"),
        ("支付 paid out", "paid_out"),
    ):
        console.print(f"{label}: {Money.parse(answer[field], currency)}", highlight=False)


def compared(answer: Mapping[str, Any], console: Console) -> None:
    """A comparison as a table: one line a product; agreements of a product that give the same share it."""
    currency = answer["currency"]
    amount = Money.parse(answer["amount"], currency)
    table = Table(title=f"{amount}, {answer['opened_on']} - {answer['closing_on']}")
    for heading in ("产品 product", "约定 agreed", "收益 gain", "说明 note"):
        table.add_column(heading, justify="right" if "gain" in heading else "left", overflow="fold")
    alike: dict[tuple[str, ...], list[Agreement]] = {}
    for each in answer["products"]:
        said = each["refused"] or each["note"] or each["insurance"]["text"]
        gain = "-" if each["refused"] else str(Money.parse(each["gain"], currency))
        key = (f"{each['name']['zh']}\n{each['name']['en']}", gain, f"{said['zh']}\n{said['en']}")
        alike.setdefault(key, []).append(_agreed(each["agreement"]))
    for (name, gain, said), agreements in alike.items():
        table.add_row(name, chosen(agreements), gain, said)
    console.print(table)


def _agreed(said: Mapping[str, str]) -> Agreement:
    terms = {name: parse_term(said[name]) for name in ("term", "every", "notice") if name in said}
    return Agreement(renewal=said.get("renewal", "none"), **terms)
