"""Own ``farthing clear``: clear a published batch again, without a database, or explain what one lender was given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.cases import content
from farthing.commands.progress import working
from farthing.commands.tables import Json, as_text, rows, tell
from farthing.funding.clearing.answer import answer, clear_file, fills, told_receipt
from farthing.funding.clearing.batch_file import BATCH_UNREADABLE, MOST_BYTES
from farthing.funding.clearing.receipts import Receipts
from farthing.kit.words import Words

AT_A_TIME = 10_000
"""Fills that are written together."""

COLUMNS = (
    (Words("listing", "标的"), "listing"), (Words("asked", "应募"), "asked"), (Words("funded", "成交"), "funded"),
    (Words("lenders", "出借人"), "lenders"), (Words("rate", "利率"), "annual"),
)  # fmt: skip


def clear(
    batch: Annotated[Path, typer.Argument(help="A batch, or - for standard input; see docs/guides/clear.md.")],
    digest: Annotated[str | None, typer.Option(help="The digest that was published with it.")] = None,
    receipt: Annotated[str | None, typer.Option(help="A mandate: what it was given, and why not more.")] = None,
    as_json: Json = False,
) -> None:
    """Clear a batch of listings and mandates by its published rule; again the same, whoever does it."""
    with working(Words("clearing the batch", "正在撮合")):
        published, found = clear_file(*content(batch, BATCH_UNREADABLE, at_most=MOST_BYTES), expected=digest)
        told = answer(published, found) if receipt is None else told_receipt(published, Receipts(found).of(receipt))
    if receipt is not None:
        tell(told, as_json, _receipt)
    elif as_json:
        _written(told, fills(published, found))
    else:
        _cleared(told)


def _written(told: Mapping[str, Any], some: Iterator[Mapping[str, str]]) -> None:
    """An answer and its fills as JSON, a fill a line: there may be millions, which never stand in memory together."""
    typer.echo(as_text(told).removesuffix("\n}") + ',\n  "fills": [', nl=False)
    written, between = json.JSONEncoder(ensure_ascii=False).encode, "\n    "
    while piece := [written(fill) for fill in islice(some, AT_A_TIME)]:
        typer.echo(between + ",\n    ".join(piece), nl=False)
        between = ",\n    "
    typer.echo("\n  ]\n}")


def _cleared(told: Mapping[str, Any]) -> None:
    fair = told["fairness"]
    rows(
        Words(
            f"Batch {told['batch']}, {told['rule']}: {told['funded']} of {told['asked']} funded; Gini of parts "
            f"{fair['gini']}, envied listings {fair['envied_listings']}; digest of the fills {told['fills_digest']}",
            f"批次 {told['batch']}（{told['rule']}）：应募 {told['asked']}，成交 {told['funded']}；成交比例基尼系数 "
            f"{fair['gini']}，存在不公的标的 {fair['envied_listings']} 个；成交摘要 {told['fills_digest']}",
        ),
        [heading for heading, _ in COLUMNS],
        ([str(each[name] if each[name] is not None else "") for _, name in COLUMNS] for each in told["listings"]),
        right=(1, 2, 3, 4),
    )  # fmt: skip


def _receipt(told: Mapping[str, Any]) -> None:
    why = told["why_not_more"]
    rows(
        Words(
            f"Mandate {told['mandate']}: {told['filled']} of {told['asked']}. Listings that fit: {why['fit']}; of them full "
            f"{why['full']}, at the limit for one loan {why['at_loan_limit']}, of a grade {why['at_grade_limit']}",
            f"委托 {told['mandate']}：拟投 {told['asked']}，成交 {told['filled']}。符合条件的标的 {why['fit']} 个，其中已满 "
            f"{why['full']} 个，达到单笔上限 {why['at_loan_limit']} 个，达到等级上限 {why['at_grade_limit']} 个",
        ),
        [Words("listing", "标的"), Words("amount", "金额"), Words("rate", "利率")],
        ([each["listing"], each["amount"], each["annual"]] for each in told["fills"]),
        right=(1, 2),
    )  # fmt: skip
