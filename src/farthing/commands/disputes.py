"""Own ``farthing disputes``: payments that their payer disputes: opened, answered, contested, withdrawn, decided."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import Key, ask, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.disputes import opening_service as opening
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.model import (
    AnswerPayer,
    ContestDispute,
    DecidedDispute,
    DecideDispute,
    DisputeCase,
    DisputeLine,
    DisputeView,
    OpenDispute,
    PaymentDispute,
    WithdrawDispute,
)
from farthing.payments.disputes.rules import STATES

REASONS = ("not_received", "not_as_described", "charged_twice", "wrong_amount", "refund_not_given", "not_authorised")
OUTCOMES = {
    "payer": Words("for the payer", "付款人胜出"), "merchant": Words("for who was paid", "收款方胜出"), "": Words("", ""),
}  # fmt: skip
app = typer.Typer(
    help="Disputed payments: open, list, show, answer, contest, withdraw, decide.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
DisputeId = Annotated[str, typer.Argument(help="A dispute's id, dispute_...", metavar="DISPUTE")]
Told = Annotated[str, typer.Argument(help="What is said of it; the other side reads it.", metavar="WORDS")]
Digest = Annotated[str, typer.Option(help="SHA-256 of a file that shows it.")]


@app.callback()
def _disputes() -> None:
    """Disputed payments: open, list, show, answer, contest, withdraw, decide."""


@app.command("open")
def open_dispute(
    person: Person, payment: Annotated[str, typer.Argument(help="Entry of the payment, code-pay:...", metavar="PAYMENT")],
    reason: Annotated[str, typer.Argument(help="not_received, not_as_described, charged_twice, wrong_amount, "
                                               "refund_not_given, not_authorised.")],
    words: Told, amount: Annotated[str, typer.Option(help="A part of it, in yuan.")] = "",
    mandate: Annotated[str, typer.Option(help="Of a debit: its mandate, mandate_...")] = "",
    digest: Digest = "", key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Dispute a payment to a merchant, or a debit that was never authorised."""
    if reason not in REASONS:
        raise typer.BadParameter(", ".join(REASONS))

    def command(kernel: Kernel) -> OpenDispute:
        part = money(amount, kernel) if amount else None
        said: Any = reason
        return OpenDispute(person, payment, said, words, part, mandate, digest)

    do(opening.open_dispute, command, _view, dry_run=False, as_json=as_json, key=key)


@app.command("list")
def listed(
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False, as_json: Json = False
) -> None:
    """Disputes that the bank is to decide, the oldest first."""
    ask(lambda tx: reading.listed(tx, everything), as_json, _cases)


@app.command("show")
def show(dispute: DisputeId, as_json: Json = False) -> None:
    """A dispute with all that was said."""
    ask(lambda tx: reading.case(tx, dispute), as_json, _case)


@app.command("own")
def own(person: Person, as_json: Json = False) -> None:
    """What a person disputed, and what is disputed of what she was paid."""
    ask(lambda tx: [*reading.own(tx, person), *reading.against(tx, person)], as_json, _views)


@app.command("answer")
def answer(
    person: Person, dispute: DisputeId, words: Annotated[str, typer.Argument(help="What is said of it.")] = "",
    digest: Digest = "", accept: Annotated[bool, typer.Option("--accept", help="The money goes back.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Answer as whoever was paid, or give the money back."""
    command = AnswerPayer(person, dispute, words, digest, accept)
    do(disputes.answer, command, _view, dry_run=False, as_json=as_json)


@app.command("contest")
def contest(person: Person, dispute: DisputeId, words: Told, digest: Digest = "", as_json: Json = False) -> None:
    """Ask once more, as whoever lost."""
    do(disputes.contest, ContestDispute(person, dispute, words, digest), _view, dry_run=False, as_json=as_json)


@app.command("withdraw")
def withdraw(person: Person, dispute: DisputeId, as_json: Json = False) -> None:
    """Dispute it no more."""
    do(disputes.withdraw, WithdrawDispute(person, dispute), _view, dry_run=False, as_json=as_json)


@app.command("decide")
def decide(
    dispute: DisputeId, outcome: Annotated[str, typer.Argument(help="payer or merchant.")], words: Told,
    large: Annotated[bool, typer.Option("--large", help="Draft it for a second person.")] = False,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Decide a dispute."""
    if outcome not in ("payer", "merchant"):
        raise typer.BadParameter(say("write payer or merchant", "请填写 payer 或 merchant"))
    command = DecideDispute(dispute, "payer" if outcome == "payer" else "merchant", words)
    operation = disputes.decide_large if large else disputes.decide
    do(operation, command, _decided, dry_run=False, as_json=as_json, officer=officer)


def _state(dispute: PaymentDispute | DisputeView) -> str:
    return f"{say(*STATES[dispute.state])} {pick(OUTCOMES[dispute.outcome])}".strip()


def _heads() -> tuple[str, ...]:
    return (
        say("dispute", "编号"),
        say("amount", "金额"),
        say("with", "对方"),
        say("state", "状态"),
        say("until", "时限"),
    )


def _views(found: list[DisputeView]) -> None:
    lines = [(each.id, each.amount, each.name, _state(each), each.until_on or "") for each in found]
    rows(say("Disputes", "付款争议"), _heads(), lines, right=(1,))


def _view(found: DisputeView) -> None:
    _views([found])
    _lines(found.lines)


def _cases(found: list[DisputeCase]) -> None:
    lines = [
        (
            each.dispute.id, each.dispute.amount, f"{each.payer_name} / {each.side_name}", _state(each.dispute),
            each.dispute.until_on or "",
        )
        for each in found
    ]  # fmt: skip
    rows(say("Disputes", "付款争议"), _heads(), lines, right=(1,))


def _case(found: DisputeCase) -> None:
    _cases([found])
    _lines(found.lines)


def _lines(found: tuple[DisputeLine, ...]) -> None:
    heads = (say("day", "日期"), say("who", "陈述方"), say("what", "内容"), say("digest", "文件摘要"))
    by = {"payer": say("payer", "付款人"), "side": say("who was paid", "收款方"), "bank": say("bank", "本行")}
    lines = [(each.on, by[each.by], each.words or pick(OUTCOMES[each.outcome]), each.digest[:12]) for each in found]
    rows(say("What was said", "陈述"), heads, lines)


def _decided(found: DecidedDispute) -> None:
    typer.echo(f"{found.dispute_id}  {found.amount}  {pick(OUTCOMES[found.outcome])}  {found.until_on or ''}".rstrip())
