"""Own ``farthing later``: payments that go later as their payer chose, and that he takes back until then."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DryRun, Key, ask, do, money
from farthing.commands.tables import Json, rows
from farthing.commands.words import TRIED
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import DelayedView, PayLater, TakeBackPayment
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee

STATES = {
    "waits": Words("goes later", "待转出"), "gone": Words("paid", "已转出"), "taken_back": Words("taken back", "已撤销"),
    "failed": Words("could not go", "未能转出"),
}  # fmt: skip

app = typer.Typer(help="Payments that go later: pay, take back, list.", no_args_is_help=True, rich_markup_mode=None)
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]


@app.callback()
def _later() -> None:
    """Payments that go later: pay, take back, list."""


@app.command("pay")
def pay(
    person: Person, phone: Annotated[str, typer.Argument(help="The phone of whom one pays.", metavar="PHONE")],
    amount: Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")],
    next_day: Annotated[bool, typer.Option("--next-day", help="The next day, at this hour; else in two hours.")] = False,
    memo: Annotated[str, typer.Option(help="The payee reads it.")] = "",
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Pay whoever answers to a phone, later; the money is held now."""

    def command(kernel: Kernel) -> PayLater:
        found = payees.require_found(kernel.run(payees.find_payee, FindPayee(person, phone)))
        return PayLater(person, found.id, money(amount, kernel), "next_day" if next_day else "two_hours", memo)

    do(delayed.pay, command, _one, dry_run=dry_run, as_json=as_json, key=key)


@app.command("take-back")
def take_back(
    person: Person, payment: Annotated[str, typer.Argument(help="A payment's id, later_...", metavar="PAYMENT")],
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take a payment back that has not gone."""
    do(delayed.take_back, TakeBackPayment(person, payment), _one, dry_run=False, as_json=as_json)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """A person's payments that go later, and those that went."""
    ask(lambda tx: delayed.listed(tx, person), as_json, _list)


def _one(found: DelayedView) -> None:
    parts = (
        found.id or pick(TRIED), found.name, str(found.amount), pick(STATES[found.state]), f"{found.goes_at:%Y-%m-%dT%H:%MZ}",
        found.memo, found.code,
    )  # fmt: skip
    typer.echo("  ".join(each for each in parts if each))


def _list(found: list[DelayedView]) -> None:
    heads = (
        say("payment", "付款"), say("who", "收款人"), say("amount", "金额"), say("state", "状态"), say("goes at", "转出时间"),
    )  # fmt: skip
    lines = [
        (each.id, each.name, str(each.amount), STATES[each.state], f"{each.goes_at:%Y-%m-%dT%H:%MZ}") for each in found
    ]
    rows(say("Payments that go later", "延时付款"), heads, lines, right=(2,))
