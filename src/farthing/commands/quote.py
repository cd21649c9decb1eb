"""Own ``farthing quote``: what a product would give, which gives most, and pledge or break; without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.cases import content
from farthing.commands.language import colon, pick
from farthing.commands.tables import Json, rows, tell
from farthing.commands.words import a_day, chosen, percent, sentence
from farthing.kernel.clock import wall_clock
from farthing.kit.later import Later
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.rates import parse_term
from farthing.savings.quotes.case import UNREADABLE, quote_case, read_case
from farthing.savings.quotes.document import compare_products, pledge_case
from farthing.savings.rules.model import Agreement

costs: Any = Later("farthing.commands.costs")
many_plans: Any = Later("farthing.commands.many_plans")
schedules: Any = Later("farthing.commands.schedules")
"""What a quote of a deposit has no use for is imported when it is asked for."""

app = typer.Typer(help="Quote a product without a database.", no_args_is_help=True, rich_markup_mode=None)

CaseFile = Annotated[Path, typer.Argument(help="A case, or - for standard input; see docs/guides/quote-deposit.md.")]
LoanFile = Annotated[
    Path, typer.Argument(help="A case of JSON or TOML, or - for JSON on standard input; see docs/guides/quote-loan.md.")
]
FlowsFile = Annotated[
    Path, typer.Argument(help="Flows of JSON, or - for standard input; see docs/guides/quote-apr.md.")
]
Many = Annotated[bool, typer.Option("--many", help="The file asks for many plans: JSON lines, or CSV with a heading.")]
Human = Annotated[bool, typer.Option("--human", hidden=True, help="Not needed any more since release 0.2.")]


@app.callback()
def quotes() -> None:
    """Quote a product without a database."""


def read(case: Path) -> dict[str, Any]:
    """The case of a file or of standard input; refuses ``savings.case_unreadable``."""
    return read_case(*content(case, UNREADABLE, "{}"))


@app.command("deposit")
def deposit(case: CaseFile, human: Human = False, as_json: Json = False) -> None:
    """Quote a deposit: every interest payment and how it was reached."""
    tell(quote_case(read(case)), as_json, quoted)


@app.command("loan")
def loan(case: LoanFile, many: Many = False, human: Human = False, as_json: Json = False) -> None:
    """Quote a loan: its schedule, what is paid, owed and late after any events, and the entries."""
    (many_plans.plans if many else schedules.loan)(case, as_json)


@app.command("pledge")
def pledge(case: CaseFile, human: Human = False, as_json: Json = False) -> None:
    """Money is needed before maturity: pledge the deposit for a loan or break it, whichever costs less."""
    tell(pledge_case(read(case)), as_json, advised)


@app.command("apr")
def apr(case: FlowsFile, human: Human = False, as_json: Json = False) -> None:
    """What a credit costs: in money, and its yearly rate by every law; a handling fee is unmasked."""
    costs.cost(case, as_json)


@app.command("compare")
def compare(
    amount: Annotated[str, typer.Option(help="What is saved, such as 1000 or 1000.50.")],
    days: Annotated[int, typer.Option(help="After how many days it is needed.")],
    rates: Annotated[str | None, typer.Option(help="A rate board; else the newest of the policy's currency.")] = None,
    policy: Annotated[
        str, typer.Option(help='A policy pack: what its law refuses, and its insurance; "" for none.')
    ] = "cn",
    held: Annotated[str, typer.Option(help="Other insured deposits at the same institution.")] = "0",
    opened_on: Annotated[
        datetime | None,
        typer.Option(parser=a_day, metavar="YYYY-MM-DD", help="First day; else today, or that of --rates."),
    ] = None,
    fund_income: Annotated[str | None, typer.Option(help="Assumed daily income per 10,000 of a pooled fund.")] = None,
    human: Human = False,
    as_json: Json = False,
) -> None:
    """What an amount gives after so many days in each product, the best first."""
    start = opened_on.date() if opened_on else None if rates else wall_clock().date()
    answer = compare_products(
        amount, days, rates, policy=policy or None, held=held, opened_on=start, fund_income=fund_income
    )
    tell(answer, as_json, compared)


def quoted(answer: Mapping[str, Any]) -> None:
    """A quote as a table: one line an interest payment."""
    currency = answer["currency"]
    rows(
        f"{pick(Words(**answer['product']['name']))} ({currency})",
        (Words("paid on", "付息日"), Words("rate", "利率"), Words("interest", "利息"), Words("working", "算式")),
        ((each["paid_on"], percent(Decimal(each["annual_rate"])), Money.parse(each["amount"], currency),
          f"{pick(Words(**each['reason']))}\n{each['working']}") for each in answer["payments"]),
        right=(1, 2),
    )  # fmt: skip
    for label, field in (
        (Words("paid in", "存入"), "principal_in"), (Words("interest", "利息"), "interest"),
        (Words("paid out", "支付"), "paid_out"),
    ):  # fmt: skip
        typer.echo(colon(label, Money.parse(answer[field], currency)))


def advised(answer: Mapping[str, Any]) -> None:
    """An advice in a line: pledge or break, and why."""
    typer.echo(f"{answer['choice']}: {pick(Words(**answer['reason']))}")


def compared(answer: Mapping[str, Any]) -> None:
    """A comparison as a table: one line a product; agreements of a product that give the same share it."""
    currency = answer["currency"]
    amount = Money.parse(answer["amount"], currency)
    days = (date.fromisoformat(answer["closing_on"]) - date.fromisoformat(answer["opened_on"])).days
    alike: dict[tuple[str, ...], list[Agreement]] = {}
    for each in answer["products"]:
        said = each["refused"] or each["note"] or each["insurance"]["text"]
        gain = "-" if each["refused"] else str(Money.parse(each["gain"], currency))
        key = pick(Words(**each["name"])), gain, sentence(pick(Words(**said)))
        alike.setdefault(key, []).append(_agreed(each["agreement"]))
    rows(
        Words(
            f"{amount} from {answer['opened_on']} to {answer['closing_on']}, {days} days",
            f"{amount}，{answer['opened_on']} 至 {answer['closing_on']}，{days} 天",
        ),
        (Words("product", "产品"), Words("agreed", "约定"), Words("gain", "收益"), Words("note", "说明")),
        ((name, chosen(agreements), gain, said) for (name, gain, said), agreements in alike.items()),
        right=(2,),
    )


def _agreed(said: Mapping[str, str]) -> Agreement:
    terms = {name: parse_term(said[name]) for name in ("term", "every", "notice") if name in said}
    return Agreement(renewal=said.get("renewal", "none"), **terms)
