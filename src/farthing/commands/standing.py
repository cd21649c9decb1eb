"""Own ``farthing standing``: payments that are arranged once and made on their days."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DAY, DryRun, Key, ask, day, do, money
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import Every, MakeStanding, OrderView, StopStanding

EVERY = {"once": Words("once", "单次"), "week": Words("each week", "每周"), "month": Words("each month", "每月")}
STATES = {"active": Words("active", "生效"), "stopped": Words("stopped", "已停用"), "ended": Words("ended", "已结束")}
BECAME = {"paid": Words("paid", "已付"), "missed": Words("missed", "未付")}

app = typer.Typer(
    help="Standing payments: on a day, each week or month; stop, list, show.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
OrderId = Annotated[str, typer.Argument(help="A standing payment's id, standing_...", metavar="ORDER")]


@app.callback()
def _standing() -> None:
    """Standing payments: on a day, each week or month; stop, list, show."""


@app.command("make")
def make(
    person: Person,
    phone: Annotated[str, typer.Argument(help="The phone of whoever is paid.", metavar="PHONE")],
    amount: Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")],
    first: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="The first day.")],
    weekly: Annotated[bool, typer.Option("--weekly", help="And then each week.")] = False,
    monthly: Annotated[bool, typer.Option("--monthly", help="And then each month.")] = False,
    last_day: Annotated[bool, typer.Option("--last-day", help="On the last day of each month.")] = False,
    until: Annotated[datetime | None, typer.Option(parser=a_day, metavar=DAY, help="The last day.")] = None,
    times: Annotated[int | None, typer.Option(help="How many payments fall due in all.")] = None,
    total: Annotated[str | None, typer.Option(help="What all come to at most.")] = None,
    memo: Annotated[str, typer.Option(help="The payee reads it.")] = "",
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Arrange payments to whoever answers to a phone."""
    every: Every = "month" if monthly or last_day else "week" if weekly else "once"

    def command(kernel: Kernel) -> MakeStanding:
        found = payees.require_found(kernel.run(payees.find_payee, FindPayee(person, phone)))
        most = money(total, kernel) if total else None
        return MakeStanding(
            person, found.id, money(amount, kernel), first.date(), every, memo, last_day, day(until), times, most
        )

    do(standing.make, command, _one, dry_run=dry_run, as_json=as_json, key=key)


@app.command("stop")
def stop(person: Person, order: OrderId, as_json: Json = False) -> None:
    """Stop a standing payment at once."""
    do(standing.stop, StopStanding(person, order), _one, dry_run=False, as_json=as_json)


@app.command("show")
def show(person: Person, order: OrderId, as_json: Json = False) -> None:
    """A standing payment, its next days, and what became of its payments."""
    ask(lambda tx: standing.order(tx, person, order), as_json, _one)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """A person's standing payments."""
    ask(lambda tx: standing.listed(tx, person), as_json, _list)


def _one(found: OrderView) -> None:
    parts = (found.id, found.name, str(found.amount), pick(EVERY[found.every]), pick(STATES[found.state]), found.memo)
    typer.echo("  ".join(each for each in parts if each))
    if found.coming:
        typer.echo(f"{say('next', '接下来')}  {'  '.join(each.isoformat() for each in found.coming)}")
    if found.payments:
        heads = (say("due", "到期日"), say("done", "处理日"), say("what", "结果"), say("why", "原因"))
        lines = [(each.due_on, each.done_on, BECAME[each.became], each.code) for each in found.payments]
        rows(say("Payments", "付款记录"), heads, lines)


def _list(found: list[OrderView]) -> None:
    heads = (
        say("order", "编号"), say("whom", "收款方"), say("amount", "金额"), say("every", "频率"), say("state", "状态"),
        say("next", "下次"),
    )  # fmt: skip
    lines = [
        (each.id, each.name, str(each.amount), EVERY[each.every], STATES[each.state], each.next_on) for each in found
    ]
    rows(say("Standing payments", "定期付款"), heads, lines, right=(2,))
