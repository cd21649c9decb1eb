"""Own ``farthing cards``: cards and accounts of other banks that are bound to a customer."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DryRun, Key, ask, do, money
from farthing.commands.tables import Json, rows
from farthing.commands.words import TRIED
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import Bind, BindingView, MoveByBinding, Prove, Unbind
from farthing.payments.model import RailPayment

STATES = {
    "asked": Words("not answered yet", "待答复"), "proving": Words("to be proved", "待验证"), "bound": Words("bound", "已绑定"),
    "refused": Words("not bound", "未绑定"), "failed": Words("not proved", "验证失败"), "ended": Words("unbound", "已解绑"),
}  # fmt: skip
WHY = {
    "": Words("", ""), "unknown": Words("no bank knows the number", "卡号不存在"), "closed": Words("closed", "账户已销户"),
    "expired": Words("out of date", "已过期"), "name": Words("another's name", "户名不符"),
    "already": Words("bound already", "已绑定在本人名下"), "taken": Words("bound to another", "已被他人绑定"),
    "elements": Words("name, number, phone and card differ", "四要素不一致"), "wrong": Words("other amounts", "金额不符"),
    "late": Words("too late", "已超时"), "not_sent": Words("the amounts did not arrive", "小额打款未到账"),
    "owner": Words("by its owner", "本人解绑"), "moved": Words("another proved to hold it", "他人已验证持有"),
}  # fmt: skip

app = typer.Typer(
    help="Bound cards and accounts of other banks: bind, prove, unbind; top up, pay out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
Card = Annotated[str, typer.Argument(help="A binding's id, binding_...", metavar="CARD")]
Amount = Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")]


@app.callback()
def _cards() -> None:
    """Bound cards and accounts of other banks: bind, prove, unbind; top up, pay out."""


@app.command("bind")
def bind(
    person: Person, number: Annotated[str, typer.Argument(help="12 to 19 digits.", metavar="NUMBER")],
    check: Annotated[
        bool, typer.Option("--check", help="Prove it by name, number and phone; else by small amounts.")
    ] = False,
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Bind a card or an account; its number is told to its own bank and kept nowhere."""
    do(
        bindings.bind,
        Bind(person, number, "card" if check else "deposit"),
        _one,
        dry_run=False,
        as_json=as_json,
        key=key,
    )


@app.command("prove")
def prove(
    person: Person, card: Card, amounts: Annotated[list[str], typer.Argument(help="The amounts that came in, such as 0.17.")],
    as_json: Json = False,
) -> None:  # fmt: skip
    """Tell the small amounts that came in."""

    def command(kernel: Kernel) -> Prove:
        return Prove(person, card, tuple(money(each, kernel) for each in amounts))

    do(bindings.prove, command, _one, dry_run=False, as_json=as_json)


@app.command("unbind")
def unbind(person: Person, card: Card, as_json: Json = False) -> None:
    """End a binding at once."""
    do(bindings.unbind, Unbind(person, card), _one, dry_run=False, as_json=as_json)


@app.command("list")
def show_list(person: Person, as_json: Json = False) -> None:
    """What a person bound, or tried to."""
    ask(lambda tx: bindings.listed(tx, person), as_json, _list)


def _move(function: Any, person: str, card: str, amount: str, dry_run: bool, key: str | None, as_json: bool) -> None:
    def command(kernel: Kernel) -> MoveByBinding:
        return MoveByBinding(person, card, money(amount, kernel))

    do(function, command, _moved, dry_run=dry_run, as_json=as_json, key=key)


@app.command("top-up")
def top_up(
    person: Person, card: Card, amount: Amount, key: Key = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Bring money in from a bound card."""
    _move(bindings.top_up, person, card, amount, dry_run, key, as_json)


@app.command("pay-out")
def pay_out(
    person: Person, card: Card, amount: Amount, key: Key = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Pay money out to a bound card."""
    _move(bindings.pay_out, person, card, amount, dry_run, key, as_json)


def _moved(done: RailPayment) -> None:
    settled = done.state == "settled"
    word = say("done", "已完成") if settled else say("asked, not known yet", "已提交，结果未知")
    typer.echo(f"{done.id or pick(TRIED)}: {word} {done.amount} {done.outside_account}")


def _one(found: BindingView) -> None:
    bank = say(found.bank, found.bank_zh)
    left = say(f"{found.deposits} amounts, {found.tries_left} tries", f"{found.deposits} 笔，剩 {found.tries_left} 次")
    parts = (
        found.id, f"****{found.tail}", bank, found.scheme, pick(STATES[found.state]), pick(WHY[found.why]),
        left if found.state == "proving" else "",
    )  # fmt: skip
    typer.echo("  ".join(each for each in parts if each))


def _list(found: list[BindingView]) -> None:
    heads = (
        say("binding", "绑定编号"), say("number", "尾号"), say("bank", "银行"), say("state", "状态"), say("why", "原因"),
    )  # fmt: skip
    lines = [
        (each.id, f"****{each.tail}", say(each.bank, each.bank_zh), STATES[each.state], WHY[each.why]) for each in found
    ]
    rows(say("Bound cards", "绑定银行卡"), heads, lines)
