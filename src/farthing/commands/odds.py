"""Own ``farthing savings odds``: rules that sweep small change, and groups that buy a term together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.commands.bank import party_id
from farthing.commands.savings import DAY, Amount, DryRun, Key, Person, ask, do, money, unnamed
from farthing.commands.tables import Json, rows
from farthing.commands.words import TRIED, a_day, word
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import (
    EndSweep,
    Group,
    JoinGroup,
    LeaveGroup,
    PledgeView,
    SetSweep,
    StartGroup,
    SweepRule,
)

app = typer.Typer(
    help="Odds and ends: sweep small change; buy a term together.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def odds_and_ends() -> None:
    """Odds and ends: sweep small change; buy a term together."""


def _run(
    function: Callable[..., Any], command: Any, show: Callable[[Any], None], dry_run: bool, as_json: bool,
    key: str | None = None, tried: Callable[[Kernel, Any], Any] = unnamed,
) -> None:  # fmt: skip
    do(function, command, show, dry_run=dry_run, as_json=as_json, key=key, tried=tried)


def _ended(_: Kernel, done: Any) -> Any:
    """What ends keeps its id, in a dry run too."""
    return done


@app.command("sweep")
def sweep(
    person: Person,
    rule: Annotated[str, typer.Argument(help="round_up, leftover or above.")],
    amount: Amount,
    into: Annotated[str, typer.Option(help="One of the person's demand deposits, dep_..., or fund:savings-baby.")],
    day: Annotated[int, typer.Option(help="Of leftover: the day of the month, 1 to 28.")] = 28,
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Make a rule: round each payment up to a step, take what is left on a day, or everything above a line."""
    _run(
        odds.set_sweep, lambda kernel: SetSweep(party_id(kernel, person), rule, money(amount, kernel), into, day),
        lambda made: _sweeps([made]), dry_run, as_json, key,
    )  # fmt: skip


@app.command("sweeps")
def sweeps(person: Person, as_json: Json = False) -> None:
    """A person's rules and what each moved so far."""
    ask(lambda tx: odds.sweeps(tx, parties.the_party(tx, person).id), as_json, _sweeps)


@app.command("end-sweep")
def end_sweep(
    rule: Annotated[str, typer.Argument(help="A rule's id, sweep_...")], dry_run: DryRun = False, as_json: Json = False
) -> None:
    """End a rule."""
    _run(odds.end_sweep, EndSweep(rule), lambda made: _sweeps([made]), dry_run, as_json, tried=_ended)


@app.command("groups")
def groups(as_json: Json = False) -> None:
    """Groups that buy a term together, the newest first."""
    ask(odds.groups, as_json, _groups)


@app.command("start-group")
def start_group(
    product: Annotated[str, typer.Argument(help="A product with terms, such as savings-lump-sum.")],
    term: Annotated[str, typer.Argument(help="3m, 1y ...")],
    minimum_book: Amount,
    until: Annotated[datetime, typer.Option(parser=a_day, metavar=DAY, help="The last day to join.")],
    board: Annotated[str, typer.Option(help="Whose rates the members get.")],
    name: Annotated[str, typer.Option(help="In English.")] = "Group purchase",
    name_zh: Annotated[str, typer.Option("--name-zh", help="In Chinese.")] = "团购定期",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Offer a term together: it opens to all when their sum reaches the minimum."""
    _run(
        odds.start_group,
        lambda kernel: StartGroup(
            Words(name, name_zh), product, term, money(minimum_book, kernel), until.date(), board
        ),
        lambda made: _groups([made]), dry_run, as_json,
    )  # fmt: skip


@app.command("join")
def join(
    group: Annotated[str, typer.Argument(help="A group's id.")],
    person: Person,
    amount: Amount,
    dry_run: DryRun = False,
    as_json: Json = False,
    key: Key = None,
) -> None:
    """Pledge an amount: reserved in the wallet until the group opens or lapses."""
    _run(
        odds.join_group,
        lambda kernel: JoinGroup(group, party_id(kernel, person), money(amount, kernel)),
        _pledge,
        dry_run,
        as_json,
        key,
    )


@app.command("leave")
def leave(
    pledge: Annotated[str, typer.Argument(help="A pledge's id.")], dry_run: DryRun = False, as_json: Json = False,
    key: Key = None,
) -> None:  # fmt: skip
    """Take a pledge back while its group waits."""
    _run(odds.leave_group, LeaveGroup(pledge), _pledge, dry_run, as_json, key, _ended)


def _sweeps(found: Sequence[SweepRule]) -> None:
    rows(
        Words("Sweeps", "零钱归集"),
        (
            Words("rule", "规则"),
            Words("how", "方式"),
            Words("amount", "金额"),
            Words("into", "归入"),
            Words("swept", "已归集"),
            Words("ended", "终止"),
        ),
        (
            (each.id or TRIED, word(each.sweep.rule), each.sweep.amount, each.into, each.swept, each.ended_on)
            for each in found
        ),
        right=(2, 4),
    )


def _groups(found: Sequence[Group]) -> None:
    rows(
        Words("Groups", "团购定期"),
        (
            Words("group", "编号"),
            Words("name", "名称"),
            Words("product", "产品"),
            Words("term", "存期"),
            Words("minimum", "成团"),
            Words("gathered", "已认购"),
            Words("until", "截止"),
            Words("state", "状态"),
        ),
        (
            (
                each.id or TRIED,
                each.name,
                each.product,
                each.term,
                each.minimum_book,
                each.gathered,
                each.until_on,
                word(each.state),
            )
            for each in found
        ),
        right=(4, 5),
    )


def _pledge(each: PledgeView) -> None:
    rows(
        Words("Pledge", "认购"),
        (
            Words("pledge", "编号"),
            Words("group", "团购"),
            Words("amount", "金额"),
            Words("state", "状态"),
            Words("becomes deposit", "成团后存款"),
        ),
        [(each.id or TRIED, each.group_id, each.amount, word(each.state), each.deposit_id)],
        right=(2,),
    )
