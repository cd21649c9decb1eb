"""Own ``farthing supply``: invoices, confirmed payables and their pieces: brought, confirmed, passed on, lent against, paid."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import say
from farthing.commands.savings import DAY, Key, ask, do, money
from farthing.commands.staff import Limit, Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.supply import advancing_service as advances
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import paying_service as paying
from farthing.supply import reading_service as reading
from farthing.supply import rules
from farthing.supply import service as supply
from farthing.supply.model import (
    STATES,
    Advance,
    AskAdvance,
    AskConfirmation,
    Debtor,
    GradeDebtor,
    Invoice,
    OfferTransfer,
    PaidOut,
    PayReceivable,
    PieceCommand,
    PieceTold,
    PieceTransfer,
    Receivable,
    ReceivableCommand,
    ReceivableTold,
    RegisterInvoice,
    TransferCommand,
)

HELP = "Supply-chain finance: invoices, confirmed payables, pieces passed on and lent against, payment."
app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Party = Annotated[str, typer.Argument(help="An organisation's id, party_...", metavar="PARTY")]
ReceivableId = Annotated[str, typer.Argument(help="A receivable's id, receivable_...", metavar="RECEIVABLE")]
PieceNumber = Annotated[int, typer.Argument(help="The number of a piece.", metavar="PIECE")]
TransferId = Annotated[str, typer.Argument(help="A transfer's id, transfer_...", metavar="TRANSFER")]
Sum = Annotated[str, typer.Argument(help="An amount.", metavar="AMOUNT")]


@app.callback()
def _supply() -> None:
    """Supply-chain finance: invoices, confirmed payables, pieces passed on and lent against, payment."""


@app.command("invoice")
def invoice(
    seller: Party, file: Annotated[Path, typer.Argument(help="UBL 2.1, CII, or a fully digital invoice of China.")],
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Register an invoice of the seller's, or a credit note that takes back from one."""
    command = RegisterInvoice(seller, base64.b64encode(file.read_bytes()).decode())
    do(supply.register_invoice, command, lambda found: _invoices([found]), dry_run=False, as_json=as_json, key=key)


@app.command("invoices")
def invoices(
    party: Party, received: Annotated[bool, typer.Option("--received", help="Those issued to it.")] = False,
    limit: Limit = 50, as_json: Json = False,
) -> None:  # fmt: skip
    """Invoices of an organisation."""
    listed = supply.invoices_to if received else supply.invoices
    ask(lambda tx: listed(tx, party, limit), as_json, _invoices)


@app.command("grade")
def grade(
    debtor: Party, worth: Annotated[int, typer.Argument(help="1 (best) to 5.", metavar="GRADE")], most: Sum,
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Draft how good a core company's word is, and how much is lent on it; a second member of staff approves."""

    def command(kernel: Kernel) -> GradeDebtor:
        return GradeDebtor(debtor, worth, money(most, kernel))

    do(supply.grade_debtor, command, _debtor, dry_run=False, as_json=as_json, officer=officer)


@app.command("confirm")
def confirm(
    core: Party, invoice_id: Annotated[str, typer.Argument(help="An invoice's id, invoice_...", metavar="INVOICE")],
    amount: Sum, due: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="The day that it is due.")],
    signatories: Annotated[tuple[str, str], typer.Option("--signatories", help="The two who sign for it, party_...")],
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Have the confirmation of a payable drawn up; supplier, core company and two of its signatories sign."""

    def command(kernel: Kernel) -> AskConfirmation:
        return AskConfirmation(core, invoice_id, money(amount, kernel), due.date(), *signatories)

    do(confirming.ask_confirmation, command, _receivable, dry_run=False, as_json=as_json, key=key)


@app.command("enter")
def enter(party: Party, receivable: ReceivableId, as_json: Json = False) -> None:
    """Enter a receivable once all have signed."""
    do(confirming.enter, ReceivableCommand(party, receivable), _receivable, dry_run=False, as_json=as_json)


@app.command("list")
def listed(
    after: Annotated[str, typer.Option(help="Continue after this id.")] = "", limit: Limit = 50, as_json: Json = False
) -> None:
    """All receivables."""
    ask(lambda tx: reading.all_receivables(tx, after, limit), as_json, _told)


@app.command("show")
def show(receivable: ReceivableId, as_json: Json = False) -> None:
    """A receivable with its pieces and all that happened."""
    ask(lambda tx: reading.case(tx, receivable), as_json, _whole)


@app.command("pieces")
def pieces(party: Party, limit: Limit = 50, as_json: Json = False) -> None:
    """What an organisation holds."""
    ask(lambda tx: reading.pieces(tx, party, limit), as_json, _pieces)


@app.command("pass")
def pass_on(
    holder: Party, receivable: ReceivableId, piece: PieceNumber, amount: Sum,
    to: Annotated[str, typer.Argument(help="The next supplier's id, party_...", metavar="TO")], key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Offer a piece, or a part of it, to the next supplier; both sign."""

    def command(kernel: Kernel) -> OfferTransfer:
        return OfferTransfer(holder, receivable, piece, money(amount, kernel), to)

    do(passing.offer_transfer, command, _transfer, dry_run=False, as_json=as_json, key=key)


@app.command("take")
def take(party: Party, transfer: TransferId, as_json: Json = False) -> None:
    """Enter a transfer once both have signed."""
    do(passing.complete_transfer, TransferCommand(party, transfer), _transfer, dry_run=False, as_json=as_json)


@app.command("take-back")
def take_back(party: Party, transfer: TransferId, as_json: Json = False) -> None:
    """Step back from a transfer before both have signed."""
    do(passing.end_transfer, TransferCommand(party, transfer), _transfer, dry_run=False, as_json=as_json)


@app.command("advance")
def advance(
    holder: Party, receivable: ReceivableId, piece: PieceNumber,
    product: Annotated[str, typer.Option(help="The loan product.")] = "receivable-advance", key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Ask the bank for money against a piece."""
    command = AskAdvance(holder, receivable, piece, product)
    do(advances.ask_advance, command, _advance, dry_run=False, as_json=as_json, key=key)


@app.command("free")
def free(holder: Party, receivable: ReceivableId, piece: PieceNumber, as_json: Json = False) -> None:
    """Free a pledged piece whose loan is over."""
    do(advances.release, PieceCommand(holder, receivable, piece), _receivable, dry_run=False, as_json=as_json)


@app.command("pay")
def pay(core: Party, receivable: ReceivableId, amount: Sum, key: Key = None, as_json: Json = False) -> None:
    """Pay what is due, to whoever holds it today."""

    def command(kernel: Kernel) -> PayReceivable:
        return PayReceivable(core, receivable, money(amount, kernel))

    do(paying.pay, command, _paid, dry_run=False, as_json=as_json, key=key)


def _invoices(found: list[Invoice]) -> None:
    heads = (
        say("invoice", "编号"), say("number", "发票号码"), say("issued on", "开票日期"), say("buyer", "购买方"),
        say("amount", "金额"), say("free", "可确权"),
    )  # fmt: skip
    lines = [(each.id, each.number, each.issued_on, each.buyer_name, each.amount, each.free) for each in found]
    rows(say("Invoices", "发票"), heads, lines, right=(4, 5))


def _debtor(found: Debtor) -> None:
    heads = (say("company", "企业"), say("grade", "等级"), say("at most", "融资上限"), say("since", "评级日"))
    rows(say("Grade", "评级"), heads, [(found.party_id, found.grade, found.most, found.graded_on)], right=(1, 2))


def _heads() -> tuple[str, ...]:
    return (
        say("receivable", "编号"), say("supplier", "供应商"), say("owed by", "债务人"), say("amount", "金额"),
        say("left", "未付"), say("due on", "到期日"), say("state", "状态"),
    )  # fmt: skip


def _receivable(found: Receivable) -> None:
    line = (found.id, found.supplier, found.debtor, found.amount, found.left, found.due_on, STATES[found.state])
    rows(say("Receivable", "应收账款"), _heads(), [line], right=(3, 4))


def _told(found: list[ReceivableTold]) -> None:
    lines = [
        (
            each.receivable.id, each.supplier_name, each.debtor_name, each.receivable.amount, each.receivable.left,
            each.receivable.due_on, STATES[each.receivable.state],
        )
        for each in found
    ]  # fmt: skip
    rows(say("Receivables", "应收账款"), _heads(), lines, right=(3, 4))


def _whole(found: ReceivableTold) -> None:
    _told([found])
    names = dict(found.holders)
    heads = (
        say("piece", "份"),
        say("of", "来源"),
        say("holder", "持有人"),
        say("amount", "金额"),
        say("paid", "已付"),
        say("state", "状态"),
    )
    lines = [
        (each.number, each.parent or "", names[each.holder], each.amount, each.paid, say(*rules.PIECES[each.state]))
        for each in found.receivable.pieces
    ]
    rows(say("Pieces", "份额"), heads, lines, right=(0, 1, 3, 4))


def _pieces(found: list[PieceTold]) -> None:
    heads = (
        say("receivable", "编号"), say("piece", "份"), say("owed by", "债务人"), say("amount", "金额"), say("due on", "到期日"),
        say("state", "状态"),
    )  # fmt: skip
    lines = [
        (
            each.receivable_id,
            each.piece.number,
            each.debtor_name,
            each.piece.left,
            each.due_on,
            say(*rules.PIECES[each.piece.state]),
        )
        for each in found
    ]
    rows(say("Pieces", "份额"), heads, lines, right=(1, 3))


def _transfer(found: PieceTransfer) -> None:
    states = {"offered": say("offered", "待签署"), "done": say("done", "已完成"), "over": say("over", "已终止")}
    heads = (
        say("transfer", "编号"),
        say("piece", "份"),
        say("amount", "金额"),
        say("to", "受让方"),
        say("agreement", "合同"),
        say("state", "状态"),
    )
    line = (found.id, found.piece, found.amount, found.taker, found.agreement_id, states[found.state])
    rows(say("Transfer", "转让"), heads, [line], right=(1, 2))


def _advance(found: Advance) -> None:
    heads = (
        say("offer", "方案"),
        say("piece", "份额面值"),
        say("you get", "到手金额"),
        say("costs", "息费"),
        say("until", "有效期至"),
    )
    line = (found.offer.id, found.face, found.offer.amount, found.discount, found.offer.expires_on)
    rows(say("Offer", "融资方案"), heads, [line], right=(1, 2, 3))


def _paid(found: PaidOut) -> None:
    heads = (say("piece", "份"), say("holder", "持有人"), say("paid", "付款"))
    rows(
        say(f"Paid {found.paid}, left {found.left}", f"兑付 {found.paid}，未付 {found.left}"),
        heads,
        found.parts,
        right=(0, 2),
    )
