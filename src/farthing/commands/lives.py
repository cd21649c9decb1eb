"""Own how a loan's life is shown on a terminal: its story, an act before and after, and ``farthing loans story``, ``ahead``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from farthing.commands.language import NOTHING_KEPT, colon, pick, say
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.model import JournalEntry
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Ahead, Figures, Happened, Recoverable, Trial
from farthing.lending.acts.rules import changed
from farthing.lending.lives.names import COMPONENTS, EVENTS
from farthing.lending.owed import StandingInstalment

Loan = Annotated[str, typer.Argument(help="The loan's id.")]
STATES = {
    "accepted": Words("accepted", "已接受"), "funded": Words("funded", "已落实资金"), "active": Words("open", "还款中"),
    "closed": Words("over", "已结束"), "cancelled": Words("cancelled", "已取消"),
    "charged_off": Words("charged off, still owed", "已转销、仍欠款"), "written_off": Words("written off", "已核销"),
}  # fmt: skip
LEFT, COST, LAST = (
    Words("principal owed", "剩余本金"), Words("interest, fees, penalties in all", "息费合计"),
    Words("last payment", "最后还款日"),
)  # fmt: skip


def story(loan: Loan, as_json: Json = False) -> None:
    """Everything that happened to a loan, in the order of telling, and why."""

    def show(found: Sequence[Happened]) -> None:
        heads = (Words("id", "编号"), Words("amount", "金额"), Words("day, what and why", "日期、事项与理由"))
        lines = [(each.id, each.amount or "", f"{each.on} {_what(each)}") for each in found]
        rows(Words("The loan's story", "贷款经过"), heads, lines, right=(1,))
        if found:
            typer.echo(colon(LEFT, found[-1].outstanding))
        if any(each.kind == "write_off" and not each.reversed for each in found):
            ask(lambda tx: acts.recoverable(tx, loan), False, _recoverable)

    ask(lambda tx: acts.story(tx, loan), as_json, show)


def _recoverable(gone: Recoverable) -> None:
    typer.echo(colon(Words("written off", "核销金额"), gone.written_off))
    typer.echo(colon(Words("recovered since", "核销后收回"), gone.recovered))
    typer.echo(colon(Words("may still be recovered", "尚可收回"), gone.left))


def _what(event: Happened) -> str:
    told = [pick(EVENTS[event.kind])]
    if event.on != event.told_on:
        told.append(say(f"told on {event.told_on}", f"{event.told_on} 补记"))
    if event.reversed:
        told.append(say("taken back", "已撤销"))
    said = say(", ", "，").join(told)
    return f"{said}{say(': ', '：')}{event.words}" if event.words else said


def ahead(
    loan: Loan,
    amount: Annotated[str, typer.Option("--amount", help="What it would be to pay this today.")] = "",
    days: Annotated[int, typer.Option("--days", help="How late is looked at.", min=1, max=3660)] = 30,
    as_json: Json = False,
) -> None:
    """What paying more today would do, what pays the loan off, and what being late costs."""

    def show(found: Ahead) -> None:
        named = (
            (Words("as it is", "现状"), found.now), (Words("shorter", "缩短期限"), found.shorter),
            (Words("smaller", "减少每期"), found.smaller),
        )  # fmt: skip
        lines = [(name, each.ends_on, each.cost, _next(each)) for name, each in named if each is not None]
        heads = (Words("choice", "方式"), LAST, Words("cost in all", "息费合计"), Words("next payment", "下期应还"))
        rows(Words("What paying more would do", "多还款的效果"), heads, lines, right=(2, 3))
        if amount and found.shorter is None:
            typer.echo(say("That pays the whole loan off.", "该金额可结清全部贷款。"))
        typer.echo(colon(Words("due today", "今日应还"), found.now.due))
        typer.echo(colon(Words("pays it off today", "今日结清"), found.settlement.amount))
        typer.echo(
            say(f"nothing paid until {found.late_until} costs {found.late_costs} more",
                f"至 {found.late_until} 仍未还款，将多付 {found.late_costs}")
        )  # fmt: skip

    ask(lambda tx: acts.ahead(tx, loan, amount, days), as_json, show)


def _next(figures: Figures) -> Money | str:
    return next((each.left for each in figures.instalments if each.left), "-")


def done(event: Happened) -> None:
    """Say what an act did."""
    of = f" {event.amount}" if event.amount else ""
    typer.echo(f"{event.on}{of} {_what(event)}")
    _moved(event)
    typer.echo(colon(LEFT, event.outstanding))
    typer.echo(colon(Words("event", "事件"), event.id))


def tried(trial: Trial) -> None:
    """Show a loan before and after an act that was only tried, and what would be posted."""
    was, now = trial.before, trial.after
    lines = [
        (LEFT, was.outstanding, now.outstanding), (Words("due by today", "今日应还"), was.due, now.due),
        (Words("pays it off today", "今日结清"), was.settlement, now.settlement), (COST, was.cost, now.cost),
        (LAST, was.ends_on, now.ends_on), (Words("state", "状态"), pick(STATES[was.state]), pick(STATES[now.state])),
    ]  # fmt: skip
    typer.echo(pick(NOTHING_KEPT))
    typer.echo(_what(trial.event))
    rows(
        Words("The loan", "贷款"),
        (Words("what", "项目"), Words("now", "现在"), Words("after", "之后")),
        lines,
        right=(1, 2),
    )
    typer.echo(colon(Words("cost changes by", "息费变动"), trial.cost_change))
    _moved(trial.event)
    _instalments(was, now)
    _entries(trial.entries)


def _moved(event: Happened) -> None:
    """What an event did to each obligation."""
    lines = [
        (each.number, COMPONENTS[each.component], *(_minor(event, minor) for minor in (
            each.amount, each.paid, each.waived, each.written_off
        )))
        for each in event.moves if each.amount or each.paid or each.waived or each.written_off
    ]  # fmt: skip
    heads = (
        Words("no.", "期数"), Words("component", "科目"), Words("owed", "应还"), Words("paid", "已还"), Words("forgiven", "减免"),
        Words("written off", "核销"),
    )  # fmt: skip
    if lines:
        used = [number for number, _ in enumerate(heads) if number < 2 or any(line[number] for line in lines)]
        rows(
            Words("What it moves", "变动"), [heads[number] for number in used],
            [[line[number] for number in used] for line in lines], right=range(2, len(used)),
        )  # fmt: skip


def _minor(event: Happened, minor: int) -> Any:
    return Money(minor, event.amount.currency) if minor else ""


def _instalments(before: Figures, after: Figures) -> None:
    """The instalments that an act changes, as they are and as they would be."""
    heads = (
        Words("no.", "期数"), Words("day now", "现到期日"), Words("left now", "现剩余"), Words("day after", "之后到期日"),
        Words("left after", "之后剩余"),
    )  # fmt: skip
    lines = [((was or now).number, *_falls(was), *_falls(now)) for was, now in changed(before, after)]  # type: ignore[union-attr]
    if lines:
        rows(Words("Instalments that change", "变动的期数"), heads, lines, right=(2, 4))


def _falls(instalment: StandingInstalment | None) -> tuple[Any, Any]:
    return ("-", "-") if instalment is None else (instalment.due_on, instalment.left)


def _entries(entries: Sequence[JournalEntry]) -> None:
    if not entries:
        typer.echo(say("Nothing would be posted.", "无需入账。"))
        return
    lines = [(posting.account, posting.amount) for each in entries for posting in each.postings]
    heads = (Words("account", "账户"), Words("amount", "金额"))
    rows(Words("What would be posted", "将入账"), heads, lines, right=(1,))
