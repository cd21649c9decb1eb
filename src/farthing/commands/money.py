"""Own ``farthing money``: statements of other banks and wallets brought home, and where a person's money went."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bills import opened
from farthing.commands.language import pick, say
from farthing.commands.savings import ask, do
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.payments.home import exporting_service as exporting
from farthing.payments.home import reading_service as reading
from farthing.payments.home import service as home
from farthing.payments.home.layouts import NAMES
from farthing.payments.home.model import BringMoney, Brought, Categorise, Chosen, TakeBackMoney, TakenBack
from farthing.payments.home.views import AccountView, CategoryView, Movements, MovementView, Spent

EVERY = {
    "week": Words("each week", "每周"), "fortnight": Words("each two weeks", "每两周"), "month": Words("each month", "每月"),
    "quarter": Words("each quarter", "每季"), "year": Words("each year", "每年"),
}  # fmt: skip
DOUBTS = {
    "": Words("", ""), "one_side": Words("told by one file alone", "仅一方账单有记录"),
    "state": Words("state not known, not counted", "状态不明，未计入"),
    "refund_alone": Words("refund without its purchase", "退款未见原单"),
}  # fmt: skip

app = typer.Typer(
    help="Where a person's money went: statements brought home, categories, what comes again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
Month = Annotated[str, typer.Option(help="A month, such as 2026-05.")]


@app.callback()
def _money() -> None:
    """Where a person's money went: statements brought home, categories, what comes again."""


@app.command("bring")
def bring(
    person: Person,
    file: Annotated[Path, typer.Argument(help="A bill of Alipay or WeChat Pay, a bank's table (CSV), or camt.053.")],
    agreed: Annotated[bool, typer.Option("--agreed", help="She agrees that it is kept for her own view.")] = False,
    tail: Annotated[str, typer.Option(help="The last four digits, where the file does not say them.")] = "",
    locked: Annotated[bool, typer.Option("--locked", help="Ask for the password of a locked XLSX.")] = False,
    as_json: Json = False,
) -> None:
    """Bring a statement home; the same file again adds nothing."""
    password = typer.prompt(say("Password", "密码"), hide_input=True, err=True) if locked else ""
    content = base64.b64encode(opened(file)).decode()
    do(home.bring, BringMoney(person, agreed, content, password, tail), _brought, dry_run=False, as_json=as_json)


@app.command("forget")
def forget(
    person: Person,
    account: Annotated[str | None, typer.Argument(help="An account, home_...; all where none is named.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take brought statements back: they are forgotten."""
    do(home.take_back, TakeBackMoney(person, account), _taken_back, dry_run=False, as_json=as_json)


@app.command("accounts")
def accounts(person: Person, as_json: Json = False) -> None:
    """The accounts that a person brought."""
    ask(lambda tx: reading.accounts(tx, person), as_json, _accounts)


@app.command("show")
def show(person: Person, month: Month = "", as_json: Json = False) -> None:
    """Where a person's money went in a month, what comes again, and what is doubtful."""
    ask(lambda tx: reading.spent(tx, person, month), as_json, _spent)


@app.command("list")
def listed(
    person: Person,
    month: Month = "",
    category: Annotated[str, typer.Option(help="One category alone.")] = "",
    as_json: Json = False,
) -> None:
    """The movements of a month, each once, whichever files tell it."""
    ask(lambda tx: reading.movements(tx, person, month, category, limit=100), as_json, _movements)


@app.command("export")
def export(
    person: Person,
    form: Annotated[str, typer.Option(help="csv or hledger: of everything; camt: of the wallet here.")] = "csv",
    as_json: Json = False,
) -> None:
    """A person's money as a file, written out."""
    ask(lambda tx: exporting.export(tx, person, form), as_json, lambda found: typer.echo(found.content, nl=False))


@app.command("categories")
def categories(as_json: Json = False) -> None:
    """The categories that there are."""
    ask(reading.categories, as_json, _categories)


@app.command("categorise")
def categorise(
    person: Person,
    row: Annotated[str, typer.Argument(help="A row's id, as the list says it.", metavar="ROW")],
    category: Annotated[str, typer.Argument(help="A category's id.", metavar="CATEGORY")],
    as_json: Json = False,
) -> None:
    """Say where a row belongs, and all that are like it."""
    do(home.categorise, Categorise(person, row, category), _chosen, dry_run=False, as_json=as_json)


def _brought(found: Brought) -> None:
    for each in found.accounts:
        typer.echo(
            f"{pick(NAMES[each.layout])} {each.tail} {each.currency}  "
            + say(f"{each.rows} rows, {each.added} new", f"{each.rows} 行，新增 {each.added} 行")
        )
    if found.unread:
        typer.echo(say(f"{found.unread} rows could not be read", f"{found.unread} 行无法读取"))


def _taken_back(found: TakenBack) -> None:
    typer.echo(
        say(
            f"{found.accounts} accounts, {found.rows} rows forgotten",
            f"已删除 {found.accounts} 个账户、{found.rows} 行",
        )
    )


def _accounts(found: list[AccountView]) -> None:
    heads = (
        say("account", "编号"),
        say("keeper", "机构"),
        say("number ends", "尾号"),
        say("from", "起"),
        say("to", "止"),
    )
    lines = [(each.id, each.name, each.tail, each.first_on, each.last_on) for each in found]
    rows(say("Accounts brought home", "导入的账户"), heads, lines)


def _spent(found: Spent) -> None:
    typer.echo(
        f"{found.month}  "
        + say("came in", "收入")
        + f" {found.came_in}  "
        + say("went out", "支出")
        + f" {found.went_out}"
    )
    heads = (say("category", "类别"), say("amount", "金额"), say("times", "笔数"))
    for side, title in (("out", say("Went out", "支出")), ("in", say("Came in", "收入"))):
        lines = [(each.name, str(each.amount), each.count) for each in found.categories if each.side == side]
        if lines:
            rows(title, heads, lines, right=(1, 2))
    if found.recurring:
        named = (say("whom", "对方"), say("every", "频率"), say("about", "约"), say("next", "预计下次"))
        again = [(each.name, EVERY[each.every], str(each.amount), each.next_on) for each in found.recurring]
        rows(say("Comes again", "周期性收支"), named, again, right=(2,))
    if found.doubtful:
        asked = (say("day", "日期"), say("whom", "对方"), say("amount", "金额"), say("why", "原因"))
        open_ = [
            (each.at.date(), each.other or each.what, _amount(each), DOUBTS[each.doubt]) for each in found.doubtful
        ]
        rows(say("Doubtful", "存疑"), asked, open_, right=(2,))


def _amount(found: MovementView) -> str:
    """What came from outside or went there; of what moved within, how much."""
    return str(found.amount if found.amount.minor else found.moved)


def _movements(found: Movements) -> None:
    heads = (
        say("day", "日期"),
        say("whom", "对方"),
        say("amount", "金额"),
        say("category", "类别"),
        say("row", "明细编号"),
    )
    lines = [
        (each.at.date(), each.other or each.what, _amount(each),
         each.category or say("own accounts", "本人账户之间"), each.row_id)
        for each in found.movements
    ]  # fmt: skip
    rows(say("Movements", "收支明细"), heads, lines, right=(2,))


def _categories(found: list[CategoryView]) -> None:
    sides = {"in": Words("comes in", "收入"), "out": Words("goes out", "支出")}
    rows(
        say("Categories", "类别"),
        (say("category", "编号"), say("name", "名称"), say("side", "方向")),
        [(each.id, each.name, sides[each.side]) for each in found],
    )


def _chosen(found: Chosen) -> None:
    typer.echo(say(f"{found.rows} movements are {found.category} now", f"{found.rows} 笔现归入 {found.category}"))
