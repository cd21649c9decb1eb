"""Own ``farthing fraud``: payments that wait for a person, the rules with today's hits, pairs that are let through."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.model import (
    HeldCase,
    HeldPayment,
    LetPair,
    OwnHeld,
    Pair,
    RefuseHeld,
    ReleaseHeld,
    RuleToday,
    WithdrawHeld,
)

STATES = {
    "held": Words("being looked at", "核实中"), "released": Words("let go", "已放行"), "refused": Words("not let go", "未放行"),
    "withdrawn": Words("taken back", "已撤回"),
}  # fmt: skip
app = typer.Typer(
    help="Payments that wait: list, show, let go, refuse, take back; rules; pairs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
PaymentId = Annotated[str, typer.Argument(help="A payment's id, such as xfer_...", metavar="PAYMENT")]
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]


@app.callback()
def _fraud() -> None:
    """Payments that wait: list, show, let go, refuse, take back; rules; pairs."""


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Payments that wait, the one whose time is over first at the head."""
    ask(fraud.held, as_json, _cases)


@app.command("show")
def show(payment: PaymentId, as_json: Json = False) -> None:
    """A payment that waits or waited: both sides, each rule that hit, with which figures."""
    ask(lambda tx: fraud.case(tx, payment), as_json, _case)


@app.command("release")
def release(
    payment: PaymentId,
    note: Annotated[str, typer.Option(help="Why it goes.")] = "",
    large: Annotated[bool, typer.Option("--large", help="Draft it for a second person.")] = False,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let a payment go."""
    operation = fraud.release_large if large else fraud.release
    do(operation, ReleaseHeld(payment, note), _payment, dry_run=False, as_json=as_json, officer=officer)


@app.command("refuse")
def refuse(
    payment: PaymentId,
    reason: Annotated[str, typer.Argument(help="Why not; its payer reads it.")],
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Do not let a payment go; its payer has the money back."""
    do(fraud.refuse, RefuseHeld(payment, reason), _payment, dry_run=False, as_json=as_json, officer=officer)


@app.command("withdraw")
def withdraw(person: Person, payment: PaymentId, as_json: Json = False) -> None:
    """Take a payment back that waits, as its payer."""
    do(fraud.withdraw, WithdrawHeld(person, payment), _own, dry_run=False, as_json=as_json)


@app.command("own")
def own(person: Person, as_json: Json = False) -> None:
    """A person's payments that wait or waited."""
    ask(lambda tx: fraud.own_list(tx, person), as_json, _owns)


@app.command("rules")
def rules(as_json: Json = False) -> None:
    """The rules in force, and how many payments of today each hit."""
    ask(fraud.rules_today, as_json, _rules)


@app.command("let")
def let(
    payer: Person,
    payee: Annotated[str, typer.Argument(help="Whom he pays, party_...", metavar="PAYEE")],
    end: Annotated[bool, typer.Option("--end", help="No longer.")] = False,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let payments of one person to another go without a look, or no longer."""
    do(fraud.let_pair, LetPair(payer, payee, not end, note), _pair, dry_run=False, as_json=as_json, officer=officer)


@app.command("pairs")
def pairs(as_json: Json = False) -> None:
    """Pairs whose payments go without a look."""
    ask(fraud.pairs, as_json, _pairs)


HEADS = (
    Words("payment", "编号"), Words("amount", "金额"), Words("payer", "付款方"), Words("payee", "收款方"), Words("score", "评分"),
    Words("until", "时限"),
)  # fmt: skip


def _cases(found: list[HeldCase]) -> None:
    lines = [
        (each.payment.id, each.payment.amount, each.payer_name, each.payee_name, each.payment.score, each.payment.until_at)
        for each in found
    ]  # fmt: skip
    rows(say("Payments that wait", "待核实付款"), [pick(each) for each in HEADS], lines, right=(1, 4))


def _case(found: HeldCase) -> None:
    _payment(found.payment)
    heads = (say("rule", "规则"), say("weight", "权重"), say("figures", "数值"))
    comma = say(", ", "，")
    lines = [(each.name, each.weight, comma.join(pick(figure) for figure in each.figures)) for each in found.hits]
    rows(say("Rules that hit", "命中规则"), heads, lines, right=(1,))


def _payment(found: HeldPayment) -> None:
    parts = (
        found.id,
        str(found.amount),
        pick(STATES[found.state]),
        f"{found.until_at:%Y-%m-%d %H:%M} UTC",
        found.reason,
    )
    typer.echo("  ".join(each for each in parts if each))


def _own(found: OwnHeld) -> None:
    typer.echo(
        "  ".join(
            each for each in (found.id, found.name, str(found.amount), pick(STATES[found.state]), found.reason) if each
        )
    )


def _owns(found: list[OwnHeld]) -> None:
    for each in found:
        _own(each)


def _rules(found: list[RuleToday]) -> None:
    heads = (
        say("rule", "规则"), say("meaning", "含义"), say("weight", "权重"), say("when", "条件"), say("warned today", "今日提示"),
        say("held today", "今日拦截"),
    )  # fmt: skip
    comma = say(", ", "，")
    lines = [
        (each.id, each.name, each.weight, comma.join(pick(part) for part in each.conditions), each.warned, each.held)
        for each in found
    ]
    rows(say("Rules", "规则"), heads, lines, right=(2, 4, 5))


def _pair(found: Pair) -> None:
    typer.echo(
        f"{found.payer}  {found.payee}  {f'{found.let_at:%Y-%m-%d}' if found.let_at else say('looked at', '须核实')}"
    )


def _pairs(found: list[Pair]) -> None:
    for each in found:
        _pair(each)
