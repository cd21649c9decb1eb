"""Own ``farthing requests``: asking somebody for money, answering, and bills that are split."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DryRun, Key, ask, do, money
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as bills
from farthing.payments.requests.model import (
    AskToPay,
    BillShare,
    BillView,
    Block,
    Blocked,
    Decline,
    OwnRequest,
    PayRequest,
    RequestPaid,
    RequestView,
    SplitBill,
)

STATES = {
    "open": Words("open", "待处理"), "held": Words("looked at by the bank", "银行核实中"),
    "paid": Words("paid", "已支付"), "declined": Words("declined", "已拒绝"),
    "expired": Words("over", "已过期"), "withdrawn": Words("withdrawn", "已撤回"),
}  # fmt: skip

app = typer.Typer(
    help="Requests to pay: ask, list, pay, decline, remind; split a bill.", no_args_is_help=True, rich_markup_mode=None
)

Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
RequestId = Annotated[str, typer.Argument(help="A request's id, ask_...", metavar="REQUEST")]
Phone = Annotated[str, typer.Argument(help="The phone of whoever is asked.", metavar="PHONE")]
Reason = Annotated[str, typer.Option(help="What for; whoever is asked reads it.")]
Days = Annotated[int, typer.Option(help="How many days it is good.")]


@app.callback()
def _requests() -> None:
    """Requests to pay: ask, list, pay, decline, remind; split a bill."""


def _word(kernel: Kernel, person: str, phone: str) -> str:
    """A person's own word for whoever answers to a phone."""
    return payees.require_found(kernel.run(payees.find_payee, FindPayee(person, phone))).id


@app.command("ask")
def ask_somebody(
    person: Person, phone: Phone,
    amount: Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")],
    reason: Reason = "", days: Days = 7, key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Ask whoever answers to a phone for an amount; nothing moves until it is paid."""

    def command(kernel: Kernel) -> AskToPay:
        return AskToPay(person, _word(kernel, person, phone), money(amount, kernel), reason, days)

    do(requests.ask, command, _one, dry_run=dry_run, as_json=as_json, key=key)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """Requests that a person received, and those that she made."""

    def both(tx: object) -> dict[str, list[RequestView]]:
        return {side: requests.listed(tx, person, side) for side in ("received", "made")}  # type: ignore[arg-type]

    ask(both, as_json, _lists)


@app.command("pay")
def pay(person: Person, request: RequestId, key: Key = None, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Pay what a person was asked for."""
    do(requests.pay, PayRequest(person, request), _paid, dry_run=dry_run, as_json=as_json, key=key)


@app.command("decline")
def decline(
    person: Person, request: RequestId,
    word: Annotated[str, typer.Option(help="A word that whoever asked reads.")] = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Say no to a request."""
    do(requests.decline, Decline(person, request, word), _one, dry_run=False, as_json=as_json)


@app.command("withdraw")
def withdraw(person: Person, request: RequestId, as_json: Json = False) -> None:
    """Take back what a person asked for."""
    do(requests.withdraw, OwnRequest(person, request), _one, dry_run=False, as_json=as_json)


@app.command("remind")
def remind(person: Person, request: RequestId, as_json: Json = False) -> None:
    """Remind of a request, once a day."""
    do(requests.remind, OwnRequest(person, request), _one, dry_run=False, as_json=as_json)


@app.command("block")
def block(person: Person, request: RequestId, as_json: Json = False) -> None:
    """Take no more requests of whoever made this one."""
    do(requests.block, Block(person, request), _blocked, dry_run=False, as_json=as_json)


@app.command("split")
def split(
    person: Person,
    total: Annotated[str, typer.Argument(help="What the bill comes to.")],
    phones: Annotated[list[str], typer.Argument(help="Who has a part: PHONE, or PHONE=AMOUNT.")],
    reason: Reason = "",
    others: Annotated[bool, typer.Option("--others", help="The person has no part in it.")] = False,
    days: Days = 7, key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Split a bill over people, equally or by amounts; what is left is the person's own part."""

    def command(kernel: Kernel) -> SplitBill:
        said = [each.partition("=") for each in phones]
        people = tuple(
            BillShare(_word(kernel, person, phone), money(part, kernel) if part else None) for phone, _, part in said
        )
        return SplitBill(person, money(total, kernel), people, reason, not others, days)

    do(bills.split, command, _bill, dry_run=dry_run, as_json=as_json, key=key)


@app.command("bill")
def show_bill(
    person: Person, bill: Annotated[str, typer.Argument(help="A bill's id, split_...")], as_json: Json = False
) -> None:
    """A bill that a person split, and who has paid."""
    ask(lambda tx: bills.bill(tx, person, bill), as_json, _bill)


def _one(found: RequestView) -> None:
    until = f"{say('until', '截至')} {found.expires_at:%Y-%m-%d %H:%M} UTC" if found.state == "open" else ""
    parts = (found.id, found.name, str(found.amount), pick(STATES[found.state]), found.reason, found.word, until)
    typer.echo("  ".join(each for each in parts if each))


def _paid(done: RequestPaid) -> None:
    typer.echo(f"{done.id}  {done.name}  {done.amount}  {done.reference}")


def _blocked(done: Blocked) -> None:
    typer.echo(f"{done.id}  {done.name}")


def _table(title: str, found: list[RequestView]) -> None:
    heads = (
        say("request", "请求"),
        say("who", "对方"),
        say("amount", "金额"),
        say("state", "状态"),
        say("reason", "事由"),
    )
    lines = [(each.id, each.name, str(each.amount), STATES[each.state], each.reason) for each in found]
    rows(title, heads, lines, right=(2,))


def _lists(found: dict[str, list[RequestView]]) -> None:
    _table(say("Received", "收到的"), found["received"])
    _table(say("Made", "发起的"), found["made"])


def _bill(found: BillView) -> None:
    paid, waits = f"{say('paid', '已付')} {found.paid}", f"{say('waits', '待付')} {found.waits}"
    typer.echo(f"{found.id}  {found.total}  {say('own part', '本人部分')} {found.own}  {paid}  {waits}")
    _table(say("Who has paid", "付款情况"), list(found.people))
