"""Own ``farthing partners``: partner lenders, the programmes by which they are asked for a part of loans, and what bounds
that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands import settling
from farthing.commands.language import NOTHING_KEPT, pick, say
from farthing.commands.savings import DryRun, ask, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.cover.model import CoverClaim, CoverMoved, LossCover, PayCover, ReturnCover
from farthing.funding.joint import service as joint
from farthing.funding.joint.model import NotAsked, Use
from farthing.funding.model import Partner
from farthing.funding.programmes import files, service
from farthing.funding.programmes.model import EndProgramme, InForce, SetProgramme
from farthing.kit.rates import percent
from farthing.kit.words import Words

LIMITS = {
    "joint_loans_max": Words("all partners, of all loans", "全部合作方占全部贷款"),
    "partner_capital_max": Words("one partner, of capital", "单一合作方占资本净额"),
    "capacity_outstanding": Words("the partner's, at once", "合作方在贷余额额度"),
    "capacity_a_day": Words("the partner's, a day", "合作方每日额度"),
    "price": Words("price above the borrower's rate", "合作方价格高于借款利率"),
}
WHY = {"past_due": Words("too late", "逾期"), "given_up": Words("given up", "已核销")}
LEVELS = {"green": Words("green", "绿"), "amber": Words("amber", "黄"), "red": Words("red", "红")}

app = typer.Typer(
    help="Partner lenders; programmes by which they lend a part of loans; limits; covers; statements, reconciliation.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def partners() -> None:
    """Partner lenders; programmes by which they lend a part of loans; limits; covers; statements, reconciliation."""


@app.command("list")
def list_partners(as_json: Json = False) -> None:
    """Partner lenders by code, with where each answers and where it is paid."""

    def show(found: Sequence[Partner]) -> None:
        heads = (
            Words("code", "代码"),
            Words("name", "名称"),
            Words("answers at", "接口地址"),
            Words("account", "结算账户"),
        )
        lines = [(each.code, pick(each.called), each.url, each.account) for each in found]
        rows(Words("Partner lenders", "合作方"), heads, lines)

    ask(funding.partners, as_json, show)


@app.command("programmes")
def list_programmes(as_json: Json = False) -> None:
    """Programmes with partners: which part of which loans each takes, in the order in which partners are served."""

    def show(found: Sequence[InForce]) -> None:
        heads = (
            Words("place", "顺位"), Words("programme", "项目"), Words("partner", "合作方"), Words("part", "出资比例"),
            Words("loans from", "贷款金额自"), Words("to", "至"), Words("score from", "最低评分"), Words("state", "状态"),
            Words("products", "产品"),
        )  # fmt: skip
        lines = [
            (one.place, one.code, one.partner, percent(one.part), one.least, one.most, one.least_score, _state(each),
             ", ".join(one.products))
            for each in sorted(found, key=lambda each: (each.programme.place, each.programme.code))
            for one in [each.programme]
        ]  # fmt: skip
        rows(Words("Programmes", "合作项目"), heads, lines, right=(0, 3, 4, 5, 6))

    ask(service.programmes, as_json, show)


@app.command("limits")
def list_limits(as_json: Json = False) -> None:
    """How much of each limit on lending with partners is used: of the law, and of what programmes say; amber from 80%."""

    def show(found: Sequence[Use]) -> None:
        heads = (
            Words("limit", "限额"), Words("of", "对象"), Words("at most", "上限"), Words("used", "已用"),
            Words("state", "状态"), Words("article", "条文"),
        )  # fmt: skip
        lines = [
            (LIMITS[each.limit], each.about, each.most, each.used, LEVELS[each.level], each.article or "")
            for each in found
        ]
        rows(Words("Limits on lending together", "联合贷款限额"), heads, lines, right=(2, 3))

    ask(joint.limits, as_json, show)


@app.command("not-asked")
def list_not_asked(as_json: Json = False) -> None:
    """Partners that were last not asked for a part of a loan, or were let go, and the limit that was in the way."""

    def show(found: Sequence[NotAsked]) -> None:
        heads = (
            Words("day", "日期"), Words("partner", "合作方"), Words("programme", "项目"), Words("part", "出资金额"),
            Words("limit", "限额"), Words("had agreed", "曾同意"), Words("loan", "贷款"),
        )  # fmt: skip
        lines = [
            (each.on, each.partner, each.programme, each.share, LIMITS[each.room],
             Words("yes", "是") if each.agreed else Words("no", "否"), each.loan_id)
            for each in found
        ]  # fmt: skip
        rows(Words("Not asked, for want of room", "因额度不足未征询"), heads, lines, right=(3,))

    ask(joint.not_asked, as_json, show)


@app.command("covers")
def list_covers(as_json: Json = False) -> None:
    """Covers of what partners lose: what each answers for, what is in it, what it paid and had back; amber from 80% used up."""

    def show(found: Sequence[LossCover]) -> None:
        heads = (
            Words("programme", "项目"), Words("given by", "提供方"), Words("of lent", "出资额"), Words("at most", "上限"),
            Words("in it", "余额"), Words("paid", "已付"), Words("back", "已回补"), Words("may pay", "尚可付"),
            Words("state", "状态"),
        )  # fmt: skip
        lines = [
            (each.programme, each.giver or Words("this bank", "本行"), each.lent, each.most, each.balance, each.paid, each.back,
             each.left, LEVELS[each.level])
            for each in found
        ]  # fmt: skip
        rows(Words("Covers", "违约损失补偿"), heads, lines, right=(2, 3, 4, 5, 6, 7))

    ask(covers.covers, as_json, show)


@app.command("claims")
def list_claims(
    after: Annotated[str, typer.Option(help="Continue after this loan.")] = "", as_json: Json = False
) -> None:
    """Claims on covers, by the ids of their loans: what was left of a partner's part, and what was paid."""

    def show(found: Sequence[CoverClaim]) -> None:
        heads = (
            Words("paid on", "付款日"), Words("programme", "项目"), Words("partner", "合作方"), Words("claimed", "申请金额"),
            Words("paid", "已付"), Words("why", "原因"), Words("loan", "贷款"),
        )  # fmt: skip
        lines = [
            (each.paid_on, each.programme, each.partner, each.claimed, each.paid, WHY[each.why], each.loan_id)
            for each in found
        ]
        rows(Words("Claims on covers", "违约损失补偿申请"), heads, lines, right=(3, 4))

    ask(lambda tx: covers.cover_claims(tx, after), as_json, show)


@app.command("pay-cover")
def pay_cover(
    programme: Annotated[str, typer.Argument(help="The programme's code.")],
    amount: Annotated[str, typer.Argument(help="How much, in the bank's currency.")],
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft money into a cover: drawn by rail from its giver, or of ours where this bank gives it; a second person agrees."""
    do(
        covers.pay_cover,
        lambda kernel: PayCover(programme, money(amount, kernel)),
        _put(dry_run),
        dry_run=dry_run,
        as_json=as_json,
        officer=officer,
    )


@app.command("return-cover")
def return_cover(
    programme: Annotated[str, typer.Argument(help="The programme's code.")],
    amount: Annotated[str, typer.Argument(help="How much, in the bank's currency.")],
    giver: Annotated[str, typer.Option(help="A former giver, where the programme has another by now.")] = "",
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft money of a cover back to its giver, as far as it need not answer for it; a second person agrees."""
    do(
        covers.return_cover,
        lambda kernel: ReturnCover(programme, money(amount, kernel), giver),
        _put(dry_run),
        dry_run=dry_run,
        as_json=as_json,
        officer=officer,
    )


def _put(dry_run: bool) -> Callable[[CoverMoved], None]:
    """Says what moved, or is asked of the rail."""

    def told(answer: CoverMoved) -> None:
        now = Words("asked of the rail", "已请求支付通道") if answer.asked else Words("done", "已完成")
        typer.echo(
            say(
                f"{answer.programme}: {answer.amount}, {pick(now)}", f"{answer.programme}：{answer.amount}，{pick(now)}"
            )
        )
        if dry_run:
            typer.echo(pick(NOTHING_KEPT))

    return told


@app.command("set-programme")
def set_programme(
    file: Annotated[Path, typer.Argument(help="The programme as TOML: see docs/guides/partners.md.")],
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft a programme, or another version of one; a second person agrees."""
    source = file.read_text(encoding="utf-8")
    files.decode(file.name, source)  # what is wrong in it is told of the file by its own name
    do(service.set_programme, SetProgramme(source), _told(dry_run), dry_run=dry_run, as_json=as_json, officer=officer)


@app.command("end-programme")
def end_programme(
    programme: Annotated[str, typer.Argument(help="Its code.")],
    officer: Officer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft the end of a programme; a second person agrees. What the partner holds it goes on holding."""
    do(
        service.end_programme,
        EndProgramme(programme),
        _told(dry_run),
        dry_run=dry_run,
        as_json=as_json,
        officer=officer,
    )


app.command("statement")(settling.statement)
app.command("reconcile")(settling.reconcile)
app.command("breaks")(settling.breaks)
app.command("work-off")(settling.work_off)


def _told(dry_run: bool) -> Callable[[InForce], None]:
    """Says what a programme is, or would be."""

    def told(answer: InForce) -> None:
        code = answer.programme.code
        typer.echo(say(f"{code}: {pick(_state(answer))}", f"{code}：{pick(_state(answer))}"))
        if dry_run:
            typer.echo(pick(NOTHING_KEPT))

    return told


def _state(each: InForce) -> Words:
    return Words("ended", "已终止") if each.ended else Words("in force", "生效中")
