"""Own ``farthing mandates``: debits that a payee draws under limits of the payer's own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import DAY, DryRun, Key, ask, day, do, money
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import (
    AnnounceDebit,
    DebitView,
    EndMandate,
    MandateView,
    PayersDebit,
    ProposeMandate,
    SignMandate,
)
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee

STATES = {
    "proposed": Words("waits for the payer", "待签署"), "active": Words("in force", "生效"),
    "refused": Words("refused", "已拒绝"), "ended": Words("ended", "已终止"),
}  # fmt: skip
DEBITS = {
    "announced": Words("announced", "已通知"), "drawn": Words("drawn", "已扣款"), "failed": Words("not drawn", "扣款失败"),
    "stopped": Words("stopped", "已停止"), "refunded": Words("given back", "已退回"),
}  # fmt: skip

app = typer.Typer(
    help="Mandates: propose, sign, limit, end; debits: announce, stop, have back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
Payee = Annotated[str, typer.Argument(help="Who draws: an id, party_...", metavar="CREDITOR")]
MandateId = Annotated[str, typer.Argument(help="A mandate's id, mandate_...", metavar="MANDATE")]
DebitId = Annotated[str, typer.Argument(help="A debit's id, debit_...", metavar="DEBIT")]
Each = Annotated[str, typer.Argument(help="At most a debit, in yuan.", metavar="EACH")]
Month = Annotated[str, typer.Argument(help="At most a calendar month, in yuan.", metavar="MONTH")]
Until = Annotated[datetime | None, typer.Option(parser=a_day, metavar=DAY, help="The last day.")]


@app.callback()
def _mandates() -> None:
    """Mandates: propose, sign, limit, end; debits: announce, stop, have back."""


@app.command("propose")
def propose(
    creditor: Payee, phone: Annotated[str, typer.Argument(help="The phone of the payer.", metavar="PHONE")],
    purpose: Annotated[str, typer.Argument(help="What for; the payer reads it.")], each: Each, month: Month,
    until: Until = None, merchant: Annotated[str, typer.Option(help="As this merchant, merchant_...")] = "",
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Ask whoever answers to a phone for a mandate."""

    def command(kernel: Kernel) -> ProposeMandate:
        found = payees.require_found(kernel.run(payees.find_payee, FindPayee(creditor, phone)))
        limits = money(each, kernel), money(month, kernel)
        return ProposeMandate(creditor, found.id, purpose, *limits, day(until), merchant)

    do(debits.propose, command, _one, dry_run=dry_run, as_json=as_json, key=key)


def _limited(
    function: Any, person: str, mandate: str, each: str, month: str, until: datetime | None, as_json: bool
) -> None:
    def command(kernel: Kernel) -> SignMandate:
        return SignMandate(person, mandate, money(each, kernel), money(month, kernel), day(until))

    do(function, command, _one, dry_run=False, as_json=as_json)


@app.command("sign")
def sign(
    person: Person, mandate: MandateId, each: Each, month: Month, until: Until = None, as_json: Json = False
) -> None:
    """Sign a mandate under limits of one's own."""
    _limited(debits.sign, person, mandate, each, month, until, as_json)


@app.command("limit")
def limit(
    person: Person, mandate: MandateId, each: Each, month: Month, until: Until = None, as_json: Json = False
) -> None:
    """Change the limits of a mandate, at once."""
    _limited(debits.set_limits, person, mandate, each, month, until, as_json)


@app.command("end")
def end(person: Person, mandate: MandateId, as_json: Json = False) -> None:
    """End a mandate, or refuse it; what is announced is not drawn."""
    do(debits.end, EndMandate(person, mandate), _one, dry_run=False, as_json=as_json)


@app.command("list")
def show_list(
    person: Person,
    draws: Annotated[bool, typer.Option("--draws", help="Those that one draws by.")] = False,
    as_json: Json = False,
) -> None:
    """Mandates that a person gave."""
    ask(lambda tx: debits.mandates(tx, person, "creditor" if draws else "payer"), as_json, _list)


@app.command("show")
def show(person: Person, mandate: MandateId, as_json: Json = False) -> None:
    """A mandate and its debits."""
    ask(lambda tx: debits.mandate(tx, person, mandate), as_json, _one)


@app.command("announce")
def announce(
    creditor: Payee, mandate: MandateId, amount: Annotated[str, typer.Argument(help="Yuan, such as 1000 or 1000.50.")],
    on: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="The day on which it is drawn.")],
    memo: Annotated[str, typer.Option(help="The payer reads it.")] = "",
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Announce a debit: the payer's notice."""

    def command(kernel: Kernel) -> AnnounceDebit:
        return AnnounceDebit(creditor, mandate, money(amount, kernel), on.date(), memo)

    do(debits.announce, command, _debit, dry_run=dry_run, as_json=as_json, key=key)


@app.command("stop")
def stop(person: Person, mandate: MandateId, debit: DebitId, as_json: Json = False) -> None:
    """Stop one debit before its day."""
    do(debits.stop, PayersDebit(person, mandate, debit), _debit, dry_run=False, as_json=as_json)


@app.command("refund")
def refund(person: Person, mandate: MandateId, debit: DebitId, key: Key = None, as_json: Json = False) -> None:
    """Have a debit back without a reason, within the law's days."""
    do(drawing.refund, PayersDebit(person, mandate, debit), _debit, dry_run=False, as_json=as_json, key=key)


def _debit(found: DebitView) -> None:
    parts = (found.id, str(found.amount), found.due_on.isoformat(), pick(DEBITS[found.state]), found.memo, found.code)
    typer.echo("  ".join(each for each in parts if each))


def _one(found: MandateView) -> None:
    limits = f"{say('a debit', '单笔')} {found.each_max}  {say('a month', '每月')} {found.month_max}"
    until = f"{say('until', '截至')} {found.until.isoformat()}" if found.until else ""
    parts = (found.id, found.name, found.purpose, pick(STATES[found.state]), limits, until)
    typer.echo("  ".join(each for each in parts if each))
    if found.debits:
        heads = (
            say("debit", "扣款"),
            say("amount", "金额"),
            say("due", "扣款日"),
            say("state", "状态"),
            say("why", "原因"),
        )
        lines = [(each.id, str(each.amount), each.due_on, DEBITS[each.state], each.code) for each in found.debits]
        rows(say("Debits", "扣款记录"), heads, lines, right=(1,))


def _list(found: list[MandateView]) -> None:
    heads = (
        say("mandate", "授权"), say("who", "对方"), say("purpose", "用途"), say("state", "状态"), say("a debit", "单笔"),
        say("a month", "每月"),
    )  # fmt: skip
    lines = [
        (each.id, each.name, each.purpose, STATES[each.state], str(each.each_max), str(each.month_max))
        for each in found
    ]
    rows(say("Mandates", "扣款授权"), heads, lines, right=(4, 5))
