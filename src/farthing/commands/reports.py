"""Own ``farthing reports``: payments that were reported as fraud, what is frozen where, objections, giving back and freeing."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import Key, ask, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.payments.reported import service as reported
from farthing.payments.reported.model import (
    DecidedFrozen,
    DecideFrozen,
    Frozen,
    ObjectToFreeze,
    OwnReport,
    ReportCase,
    ReportComeIn,
    ReportPayment,
)

STATES = {
    "frozen": Words("frozen", "冻结中"), "returned": Words("given back", "已退回"), "released": Words("free again", "已解冻"),
}  # fmt: skip
app = typer.Typer(
    help="Payments reported as fraud: report, list, show, object, give back or free.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Person = Annotated[str, typer.Argument(help="A person's id, party_...", metavar="PERSON")]
ReportId = Annotated[str, typer.Argument(help="A report's id, report_...", metavar="REPORT")]
NotMe = Annotated[bool, typer.Option("--not-me", help="Somebody else paid; else the payer was deceived.")]
Said = Annotated[str, typer.Option("--note", help="What is said of it.")]


@app.callback()
def _reports() -> None:
    """Payments reported as fraud: report, list, show, object, give back or free."""


@app.command("report")
def report(
    person: Person, payment: Annotated[str, typer.Argument(help="Entry of the payment, transfer:xfer_...", metavar="PAYMENT")],
    not_me: NotMe = False, note: Said = "", key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Report a payment as its payer; what is left of the money is frozen."""
    command = ReportPayment(person, payment, "not_me" if not_me else "deceived", note)
    do(reported.report, command, _own, dry_run=False, as_json=as_json, key=key)


@app.command("report-for")
def report_for(
    person: Person, payment: Annotated[str, typer.Argument(help="Entry of the payment, transfer:xfer_...", metavar="PAYMENT")],
    not_me: NotMe = False, note: Said = "", officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Report a payment for its payer, as staff."""
    command = ReportPayment(person, payment, "not_me" if not_me else "deceived", note)
    do(reported.report_for, command, _case, dry_run=False, as_json=as_json, officer=officer)


@app.command("come-in")
def come_in(
    payment: Annotated[str, typer.Argument(help="What came in by a rail, rail_...", metavar="PAYMENT")],
    note: Annotated[str, typer.Argument(help="What the other bank says.")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Freeze what is left of money that another bank asks for."""
    do(reported.report_come_in, ReportComeIn(payment, note), _case, dry_run=False, as_json=as_json, officer=officer)


@app.command("list")
def listed(
    everything: Annotated[bool, typer.Option("--all", help="Those that ended too.")] = False, as_json: Json = False
) -> None:
    """Reports, the one whose time is over first at the head."""
    ask(lambda tx: reported.listed(tx, everything), as_json, _cases)


@app.command("show")
def show(report: ReportId, as_json: Json = False) -> None:
    """A report, and what it froze in whose wallet."""
    ask(lambda tx: reported.case(tx, report), as_json, _case)


@app.command("decide")
def decide(
    report: ReportId,
    outcome: Annotated[str, typer.Argument(help="return or release.")],
    reason: Annotated[str, typer.Argument(help="Why; whoever had it frozen reads it.")],
    holder: Annotated[str, typer.Option(help="Of one holder only, party_...")] = "",
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Draft for a second person that frozen money goes back, or is free."""
    if outcome not in ("return", "release"):
        raise typer.BadParameter(say("write return or release", "请填写 return 或 release"))
    command = DecideFrozen(report, "return" if outcome == "return" else "release", reason, holder)
    do(reported.decide, command, _decided, dry_run=False, as_json=as_json, officer=officer)


@app.command("own")
def own(person: Person, as_json: Json = False) -> None:
    """A person's reports."""
    ask(lambda tx: reported.own_list(tx, person), as_json, _owns)


@app.command("frozen")
def frozen(person: Person, as_json: Json = False) -> None:
    """What is frozen in a person's wallets, and what was."""
    ask(lambda tx: reported.frozen(tx, person), as_json, _frozen)


@app.command("object")
def object_to(
    person: Person, report: ReportId, words: Annotated[str, typer.Argument(help="Why it is one's own.")], as_json: Json = False
) -> None:  # fmt: skip
    """Object to a freeze, as whoever has the money."""
    command = ObjectToFreeze(person, report, words)
    do(reported.object_to, command, lambda found: _frozen([found]), dry_run=False, as_json=as_json)


def _decided(found: DecidedFrozen) -> None:
    done = say("given back", "已退回") if found.outcome == "return" else say("free again", "已解冻")
    typer.echo(f"{found.report_id}  {found.amount}  {done}")


def _owns(found: list[OwnReport]) -> None:
    heads = (
        say("report", "编号"), say("amount", "金额"), say("frozen", "冻结"), say("given back", "已退回"),
        say("free again", "已解冻"), say("gone", "已转出"),
    )  # fmt: skip
    lines = [(each.id, each.amount, each.frozen, each.returned + each.back, each.released, each.gone) for each in found]
    rows(say("Reports", "涉诈举报"), heads, lines, right=(1, 2, 3, 4, 5))


def _own(found: OwnReport) -> None:
    _owns([found])


def _cases(found: list[ReportCase]) -> None:
    heads = (
        say("report", "编号"), say("amount", "金额"), say("frozen", "冻结"), say("payer", "付款方"), say("came to", "收款方"),
        say("until", "时限"), say("objections", "异议"),
    )  # fmt: skip
    lines = [
        (
            each.report.id, each.report.amount, each.report.frozen, each.payer_name or each.report.rail, each.reached_name,
            each.report.until_at, each.objections,
        )
        for each in found
    ]  # fmt: skip
    rows(say("Payments reported as fraud", "涉诈举报"), heads, lines, right=(1, 2, 6))


def _case(found: ReportCase) -> None:
    _cases([found])
    heads = (
        say("holder", "持有人"),
        say("name", "姓名"),
        say("amount", "金额"),
        say("state", "状态"),
        say("says", "异议"),
    )
    lines = [
        (each.part.holder, each.name, each.part.amount, pick(STATES[each.part.state]), each.part.words)
        for each in found.parts
    ]
    rows(say("Where it lay", "款项所在"), heads, lines, right=(2,))


def _frozen(found: list[Frozen]) -> None:
    heads = (
        say("report", "编号"),
        say("amount", "金额"),
        say("state", "状态"),
        say("until", "时限"),
        say("said", "异议"),
    )
    lines = [(each.report_id, each.amount, pick(STATES[each.state]), each.until_at, each.words) for each in found]
    rows(say("Frozen", "冻结款项"), heads, lines, right=(1,))
