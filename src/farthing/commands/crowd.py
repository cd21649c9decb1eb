"""Own ``farthing crowd``: projects that many pay for together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.commands.bank import bank, party_id
from farthing.commands.officers import acting
from farthing.commands.savings import DryRun, Key, do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows, tell
from farthing.commands.two import by_two
from farthing.crowdfunding import plans, service
from farthing.crowdfunding.model import (
    AskRelease,
    Gift,
    GiftId,
    Give,
    Milestone,
    MilestonePaid,
    Project,
    ProjectId,
    ProjectOpened,
    RefuseProject,
    Release,
    Tell,
    Vote,
)
from farthing.crowdfunding.service import ProjectTold
from farthing.kernel.run import Kernel
from farthing.kit.money import Money
from farthing.kit.words import Words

app = typer.Typer(
    help="Projects that many pay for together: propose, open, give, take back, milestones, votes; the money's whole way.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(help="A project's id, project_...", metavar="PROJECT")]
Who = Annotated[str, typer.Argument(help="A customer: id, phone, or number.", metavar="PARTY")]
Number = Annotated[int, typer.Argument(help="The milestone's number.", metavar="NUMBER")]
Said = Annotated[str, typer.Argument(help="In words.", metavar="WORDS")]


@app.callback()
def _crowd() -> None:
    """Projects that many pay for together: propose, open, give, take back, milestones, votes; the money's whole way."""


@app.command("propose")
def propose(
    party: Who, file: Annotated[Path, typer.Argument(help="The project as a TOML file.", metavar="FILE")], key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Propose a project from a file (docs/guides/projects.md shows one)."""
    source = file.read_text(encoding="utf-8")
    do(
        service.propose,
        lambda kernel: plans.read(file.name, source, party_id(kernel, party), kernel.home),
        lambda found: _projects([found]),
        as_json=as_json,
        key=key,
    )


@app.command("open")
def open_project(project: Id, officer: Officer = None, as_json: Json = False) -> None:
    """Open a project, by two: from then on people give."""
    by_two(service.open_project, ProjectId(project), officer, as_json, _opened)


@app.command("refuse")
def refuse(project: Id, reason: Said, officer: Officer = None, as_json: Json = False) -> None:
    """Do not open a project, and say why."""
    with bank() as kernel, acting(kernel, officer) as actor:
        found = kernel.run(service.refuse, RefuseProject(project, reason), actor=actor)
    tell(found, as_json, lambda each: _projects([each]))


@app.command("give")
def give(
    project: Id, party: Who, amount: Annotated[str, typer.Argument(help="How much, from 0.01.", metavar="AMOUNT")],
    key: Key = None, dry_run: DryRun = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Give to a project: the money is held in the wallet until the project is decided."""
    do(
        service.give, lambda kernel: Give(project, party_id(kernel, party), Money.parse(amount, kernel.home)),
        lambda found: _gifts([found]), dry_run=dry_run, as_json=as_json, key=key,
    )  # fmt: skip


@app.command("take-back")
def take_back(
    gift: Annotated[str, typer.Argument(help="A gift's id, gift_...", metavar="GIFT")],
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Take a gift back while its project still gathers."""
    do(
        service.take_back,
        lambda _: GiftId(gift),
        lambda found: _gifts([found]),
        as_json=as_json,
        key=key,
    )


@app.command("gifts")
def gifts(party: Who, as_json: Json = False) -> None:
    """What a person gave, the latest first."""
    with bank() as kernel:
        found = kernel.ask(service.own_gifts, party_id(kernel, party))
    tell(found, as_json, _gifts)


@app.command("tell")
def tell_backers(project: Id, words: Said, key: Key = None, as_json: Json = False) -> None:
    """Tell backers, and everybody, how a project goes."""
    do(
        service.tell,
        lambda _: Tell(project, words),
        lambda found: _projects([found]),
        as_json=as_json,
        key=key,
    )


@app.command("ask")
def ask_release(project: Id, number: Number, words: Said, key: Key = None, as_json: Json = False) -> None:
    """Say that a milestone is reached; its backers vote on its money."""
    do(
        service.ask_release,
        lambda _: AskRelease(project, number, words),
        lambda found: _projects([found]),
        as_json=as_json,
        key=key,
    )


@app.command("vote")
def vote(
    project: Id, number: Number, party: Who,
    against: Annotated[bool, typer.Option("--against", help="Not paid: what is left goes back.")] = False,
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Vote on a milestone's money, once: one backer, one vote."""

    def made(kernel: Kernel) -> Vote:
        return Vote(project, number, party_id(kernel, party), not against)

    do(service.vote, made, lambda found: _plan([found]), as_json=as_json, key=key)


@app.command("release")
def release(project: Id, number: Number, officer: Officer = None, as_json: Json = False) -> None:
    """Pay a milestone that its backers agreed to, by two."""
    by_two(service.release, Release(project, number), officer, as_json, _paid)


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Projects that are open or were."""
    with bank() as kernel:
        found = kernel.ask(service.projects)
    tell(found, as_json, _projects)


@app.command("show")
def show(project: Id, as_json: Json = False) -> None:
    """A project, its milestones, and the whole way of its money."""
    with bank() as kernel:
        found = kernel.ask(service.project, project, snapshot=True)
    tell(found, as_json, _shown)


def _opened(found: ProjectOpened) -> None:
    rows(
        Words("Opened", "已开放"), [Words("id", "编号"), Words("title", "名称"), Words("until", "截止日")],
        [[found.project_id, found.title, found.until_on]],
    )  # fmt: skip


def _paid(found: MilestonePaid) -> None:
    rows(
        Words("Paid", "已付款"),
        [Words("id", "编号"), Words("milestone", "里程碑"), Words("to the owner", "付给发起人"), Words("fee", "手续费")],
        [[found.project_id, found.title, found.amount, found.fee]], right=(2, 3),
    )  # fmt: skip


def _shown(found: ProjectTold) -> None:
    _projects([found.project])
    _plan(found.project.plan)
    one = found.project
    rows(
        Words("The money's way", "资金去向"),
        [Words(*each) for each in (
            ("held", "冻结中"), ("captured", "已归集"), ("released", "已付发起人"), ("fee", "手续费"), ("refunded", "已退回"),
            ("on its escrow", "托管余额"),
        )],
        [[one.held, one.captured, one.released, one.fee, one.refunded, one.escrow]],
        right=(0, 1, 2, 3, 4, 5),
    )  # fmt: skip


def _projects(found: Any) -> None:
    lines: list[Project] = list(found)
    rows(
        Words("Projects", "众筹项目"),
        [Words(*each) for each in (
            ("id", "编号"), ("title", "名称"), ("state", "状态"), ("until", "截止日"), ("gathered", "已募集"),
            ("minimum", "最低金额"), ("optimum", "理想金额"), ("backers", "支持人数"),
        )],
        [
            [each.id, each.title, each.state, each.ends_on, each.gathered, each.minimum, each.optimum, each.backers]
            for each in lines
        ],
        right=(4, 5, 6, 7),
    )  # fmt: skip


def _plan(found: Any) -> None:
    lines: list[Milestone] = list(found)
    rows(
        Words("Milestones", "里程碑"),
        [Words(*each) for each in (
            ("number", "序号"), ("name", "内容"), ("planned", "计划金额"), ("stage", "状态"), ("vote ends", "投票截止"),
            ("agreed", "同意"), ("against", "反对"),
        )],
        [[each.number, each.name, each.amount, each.stage, each.vote_ends_on, each.agreed, each.against] for each in lines],
        right=(2, 5, 6),
    )  # fmt: skip


def _gifts(found: list[Gift]) -> None:
    rows(
        Words("Gifts", "支持记录"),
        [Words(*each) for each in (
            ("id", "编号"), ("project", "项目"), ("amount", "金额"), ("state", "状态"), ("went back", "已退回"),
        )],
        [[each.id, each.project_id, each.amount, each.state, each.refunded] for each in found],
        right=(2, 4),
    )  # fmt: skip
