"""Own ``farthing orders``: files of payment orders that a customer brings, and the answer to each."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DryRun, Key, ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.payments.life.reasons import said
from farthing.payments.orders import service as orders
from farthing.payments.orders.model import (
    AgreeOrders,
    BringOrders,
    FileTold,
    OrderFile,
    OrderTold,
    Report,
    WithdrawOrders,
)

STATES = {
    "brought": Words("not agreed to yet", "待确认"), "agreed": Words("agreed to", "已确认"),
    "withdrawn": Words("taken back", "已撤回"),
}  # fmt: skip
STATUSES = {
    "PDNG": Words("waits", "待处理"), "ACTC": Words("read", "已读取"), "ACCP": Words("accepted", "已受理"),
    "ACSP": Words("on its way", "处理中"), "ACSC": Words("paid", "已付"), "RJCT": Words("refused", "已拒绝"),
    "PART": Words("in part", "部分成功"),
}  # fmt: skip

app = typer.Typer(
    help="Files of payment orders: bring, agree, withdraw, list, show; the answer as a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Person = Annotated[str, typer.Argument(help="A customer's id, party_...", metavar="PERSON")]
FileId = Annotated[str, typer.Argument(help="A file's id, orderfile_...", metavar="FILE")]


@app.callback()
def _orders() -> None:
    """Files of payment orders: bring, agree, withdraw, list, show; the answer as a file."""


@app.command("bring")
def bring(
    person: Person,
    file: Annotated[Path, typer.Argument(help="Credit transfers: pain.001.001.09.", metavar="XML")],
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Take a file and show how it was understood; nothing is paid before it is agreed to."""
    command = BringOrders(person, base64.b64encode(file.read_bytes()).decode())
    do(orders.bring, command, _one, dry_run=dry_run, as_json=as_json, key=key)


@app.command("agree")
def agree(
    person: Person, file: FileId, officer: Officer = None, key: Key = None, dry_run: DryRun = False, as_json: Json = False
) -> None:  # fmt: skip
    """Agree to a file as it was understood: its orders are paid on their days."""
    do(orders.agree, AgreeOrders(person, file), _one, dry_run=dry_run, as_json=as_json, key=key, officer=officer)


@app.command("withdraw")
def withdraw(person: Person, file: FileId, as_json: Json = False) -> None:
    """Take back what of a file was not paid yet."""
    do(orders.withdraw, WithdrawOrders(person, file), _one, dry_run=False, as_json=as_json)


@app.command("show")
def show(person: Person, file: FileId, as_json: Json = False) -> None:
    """A file and how each of its orders stands."""
    ask(lambda tx: orders.file(tx, person, file), as_json, _one)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """A customer's files."""
    ask(lambda tx: orders.files(tx, person), as_json, _list)


@app.command("report")
def report(
    person: Person,
    file: FileId,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file instead of printing it.")] = None,
    as_json: Json = False,
) -> None:
    """The answer to a file as it stands now (pain.002)."""

    def tell(found: Report) -> None:
        content = base64.b64decode(found.content)
        if out is None:
            typer.echo(content.decode())
        else:
            out.write_bytes(content)
            typer.echo(str(out))

    ask(lambda tx: orders.report(tx, person, file), as_json, tell)


def _one(found: FileTold) -> None:
    typer.echo("  ".join((found.id, found.message_id, pick(STATES[found.state]), pick(STATUSES[found.status]))))
    heads = (say("status", "状态"), say("payments", "笔数"), say("amount", "金额"))
    rows(
        say("Sums", "汇总"),
        heads,
        [(STATUSES[each.status], each.orders, str(each.amount)) for each in found.sums],
        right=(1, 2),
    )
    more = (
        say("number", "序号"), say("id", "标识"), say("amount", "金额"), say("account", "账号"),
        say("status", "状态"), say("why", "原因"),
    )  # fmt: skip
    lines = [
        (
            each.number,
            each.end_to_end_id,
            str(each.amount or each.said),
            each.account,
            STATUSES[each.status],
            _why(each),
        )
        for each in found.orders
    ]
    rows(say("Payments", "付款明细"), more, lines, right=(0, 2))
    if found.more:
        typer.echo(say("the first hundred; the answer as a file has all", "仅列出前 100 笔；全部见回执文件"))


def _why(each: OrderTold) -> str:
    return pick(said(each.reason_code)) if each.reason_code and each.reason_code != "NARR" else each.code


def _list(found: list[OrderFile]) -> None:
    heads = (
        say("file", "编号"),
        say("message", "报文标识"),
        say("brought", "提交时间"),
        say("payments", "笔数"),
        say("state", "状态"),
    )
    lines = [(each.id, each.message_id, each.brought_at, each.lines, STATES[each.state]) for each in found]
    rows(say("Files of payment orders", "付款文件"), heads, lines, right=(3,))
