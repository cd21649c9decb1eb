"""Own ``farthing exposure figures``: a quarter's published table, and the privacy budget that pays for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.language import colon
from farthing.commands.tables import Json, rows, tell
from farthing.exchange.blinded.door_service import by_the_wall
from farthing.exchange.blinded.law import law_of
from farthing.exchange.blinded.messages import said
from farthing.exchange.blinded.parties_service import itself
from farthing.exchange.exposure.files import wire_of
from farthing.exchange.exposure.side_service import nonce
from farthing.exchange.figures.model import TOTAL, Published
from farthing.exchange.figures.rows import SHIPPED, rows_of, rule_of
from farthing.exchange.figures.service import Raise, Statistician, agreed
from farthing.kit.canonical import canonical
from farthing.kit.words import Words

app = typer.Typer(
    help="Published indicators: a quarter's table, the privacy budget.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Folder = Annotated[
    Path, typer.Argument(help="The statistician's folder: noise's secret, budget, officers in parties.toml.")
]
HIDDEN = {"few": Words("too few", "样本不足"), "beside": Words("would tell another", "防止推算"), "": ""}
ALL = Words("all", "合计")


@app.command("publish")
def publish(
    folder: Folder,
    file: Annotated[
        Path,
        typer.Argument(help="CSV of tradelines' months; its columns are in the guide."),
    ],
    quarter: Annotated[str, typer.Option(help="Which quarter: 2026Q4.")],
    currency: Annotated[str, typer.Option(help="The currency of the amounts.")] = "CNY",
    rule: Annotated[
        Path, typer.Option(help="Another file of thresholds than the one that comes along.", show_default=False)
    ] = SHIPPED,
    as_json: Json = False,
) -> None:
    """Publish a quarter's table: cells that rest on few are hidden, the others bear noise. Again it is the same, and free."""
    found, known = rule_of(currency, rule), rows_of(file.read_text(encoding="utf-8"), currency)
    with _open(folder) as office:
        table = office.publish(f"{quarter} {currency}", known, found)
    tell(table, as_json, _table)


@app.command("sign-raise")
def sign_raise(
    folder: Annotated[Path, typer.Argument(help="The officer's folder.")],
    by: Annotated[str, typer.Option(help="By how much: 5/2.")] = "",
    agree: Annotated[
        Path | None, typer.Option(help="What the first officer's `sign-raise` printed, to agree to.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign that the budget be raised, or agree to what another officer signed; good for some minutes."""
    me, key = itself(folder)
    if (agree is None) == (not by):
        raise typer.BadParameter("--by / --agree")
    until = by_the_wall() + timedelta(minutes=law_of().minutes_max)
    words = Raise(by, nonce(), until) if agree is None else agreed(_wire(agree))
    tell(said(words, me.name, key), as_json, lambda made: typer.echo(canonical(made).decode()))


@app.command("raise")
def raise_budget(
    folder: Folder,
    first: Annotated[Path, typer.Argument(help="What one officer signed.")],
    second: Annotated[Path, typer.Argument(help="What another officer signed.")],
    as_json: Json = False,
) -> None:
    """Raise the budget by two officers' word."""
    with _open(folder) as office:
        office.raised(_wire(first), _wire(second), law_of(), by_the_wall())
        _budget(office, as_json)


@app.command("budget")
def budget(folder: Folder, as_json: Json = False) -> None:
    """How much of the budget there is, and is spent."""
    with _open(folder) as office:
        _budget(office, as_json)


def _wire(path: Path) -> Any:
    return wire_of(path.read_text(encoding="utf-8"))


@contextlib.contextmanager
def _open(folder: Path) -> Iterator[Statistician]:
    office = Statistician(folder)
    try:
        yield office
    finally:
        office.close()


def _budget(office: Statistician, as_json: bool) -> None:
    found = {"allowed": str(office.budget.allowed), "spent": str(office.budget.spent)}
    tell(
        found, as_json,
        lambda told: typer.echo(
            f"{colon(Words('allowed', '总额'), told['allowed'])}\n{colon(Words('spent', '已用'), told['spent'])}"
        ),
    )  # fmt: skip


def _table(table: tuple[Published, ...]) -> None:
    heads = (
        Words("region", "地区"), Words("class", "类别"), Words("persons", "人数"), Words("owed (units)", "余额（单位）"),
        Words("late per mille", "逾期率‰"), Words("drawn per mille", "使用率‰"), Words("growth per mille", "增长‰"),
        Words("not told", "未公布"),
    )  # fmt: skip
    lines = [
        (
            ALL if each.region == TOTAL else each.region, ALL if each.cls == TOTAL else each.cls, each.values.get("persons"),
            each.values.get("owed"), each.late_per_mille, each.used_per_mille, each.growth_per_mille, HIDDEN[each.hidden],
        )
        for each in table
    ]  # fmt: skip
    rows(Words("Figures", "统计表"), heads, lines, right=(2, 3, 4, 5, 6))
