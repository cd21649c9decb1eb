"""Own ``farthing loans late``, ``contacts``, ``relief`` and ``relieve``: the loans that are late, whether their borrowers may be
spoken to, what was said to them, and plans of relief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from farthing.commands.language import pick, say
from farthing.commands.lives import done, tried
from farthing.commands.savings import DAY, DryRun, Key, ask, day, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.db.tx import Tx
from farthing.kernel.run import Kernel
from farthing.kit.words import Words
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Trial
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import CarryOutRelief, Contact, Hardship, Relieved, Worklist
from farthing.products.reading import rate as fraction

CHANNELS = {
    "call": Words("call", "电话"), "message": Words("message", "短信"), "letter": Words("letter", "信函"),
    "visit": Words("visit", "上门"),
}  # fmt: skip
OUTCOMES = {
    "reached": Words("reached", "已联系"), "no_answer": Words("no answer", "无人应答"),
    "promised": Words("a promise", "承诺还款"), "disputes": Words("says it is not owed", "有异议"),
    "hardship": Words("cannot pay now", "无力还款"), "wrong_number": Words("wrong number", "号码有误"),
}  # fmt: skip
KEPT = {"open": Words("still open", "未到期"), "kept": Words("kept", "已兑现"), "broken": Words("not kept", "未兑现")}
ANSWERS = {
    "asked": Words("waits", "待答复"), "granted": Words("granted", "已同意"), "declined": Words("declined", "未同意"),
}  # fmt: skip
FOLLOWED = {
    "open": Words("so far", "履行中"),
    "kept": Words("to its end", "已履行"),
    "broken": Words("not followed", "未履行"),
}


def late(as_json: Json = False) -> None:
    """Loans that are late, the last contact of each, and whether the borrower may be spoken to now."""

    def show(found: Worklist) -> None:
        heads = (
            Words("loan", "贷款"), Words("overdue", "逾期金额"), Words("days late", "逾期天数"),
            Words("last contact", "上次联系"), Words("now", "当前"),
        )  # fmt: skip
        lines = [
            (
                each.loan_id, each.overdue, each.days_late,
                "-" if each.last is None else f"{each.last.on} {each.last.at_time} {each.last.outcome}",
                say(each.why, each.why_zh) or say("may be spoken to", "可联系"),
            )
            for each in found.works
        ]  # fmt: skip
        rows(Words("Late loans", "逾期贷款"), heads, lines, right=(1, 2))

    ask(collections.worklist, as_json, show)


def contacts(loan: Annotated[str, typer.Argument(help="The loan's id.")], as_json: Json = False) -> None:
    """Every contact about a loan, the oldest first, and what became of what was promised."""

    def show(found: Sequence[Contact]) -> None:
        heads = (
            Words("on", "日期"), Words("at", "时间"), Words("how", "方式"), Words("outcome", "结果"),
            Words("promised", "承诺金额"), Words("by", "承诺日"), Words("kept", "是否兑现"), Words("words", "内容"),
        )  # fmt: skip
        lines = [
            (
                each.on, each.at_time, pick(CHANNELS[each.channel]), pick(OUTCOMES[each.outcome]), each.promised or "",
                each.promised_on or "", pick(KEPT[each.kept]) if each.kept else "", each.words,
            )
            for each in found
        ]  # fmt: skip
        rows(Words("Contacts", "联系记录"), heads, lines, right=(4,))

    ask(lambda tx: collections.contacts(tx, loan), as_json, show)


def relief(loan: Annotated[str, typer.Argument(help="The loan's id.")], as_json: Json = False) -> None:
    """What relief was asked for of a loan, what was answered, and whether a plan that was carried out is followed."""

    def show(found: Sequence[Hardship]) -> None:
        heads = (
            Words("id", "编号"), Words("asked on", "申请日"), Words("answer", "答复"), Words("plan", "方案"),
            Words("until", "截止日"), Words("followed", "履行情况"), Words("words", "内容"),
        )  # fmt: skip
        lines = [
            (each.id, each.asked_on, pick(ANSWERS[each.state]), each.plan, each.until_on or "",
             pick(FOLLOWED[each.followed]) if each.followed else "", each.words)
            for each in found
        ]  # fmt: skip
        rows(Words("Relief", "纾困"), heads, lines)

    ask(lambda tx: relief_service.hardships(tx, loan), as_json, show)


def relieve(
    hardship: Annotated[str, typer.Argument(help="The request, relief_...; see `farthing loans relief`.")],
    until: Annotated[datetime, typer.Argument(parser=a_day, metavar=DAY, help="Until when the plan is followed.")],
    why: Annotated[str, typer.Option("--why", help="Why; kept with the loan's story.")],
    answer: Annotated[str, typer.Option("--answer", help="What the borrower is answered.")],
    waived: Annotated[str | None, typer.Option("--waived", help="Penalty that is forgiven, such as 12.50.")] = None,
    rate: Annotated[str | None, typer.Option("--rate", help='A lower rate a year, such as "6%".')] = None,
    paused: Annotated[datetime | None, typer.Option("--paused", parser=a_day, metavar=DAY, help="No interest up to it.")] = None,
    how: Annotated[str, typer.Option("--how", help="move_due, add_instalments, re_age or re_amortise.")] = "",
    due_on: Annotated[datetime | None, typer.Option("--due-on", parser=a_day, metavar=DAY, help="Which instalment.")] = None,
    moved_to: Annotated[
        datetime | None, typer.Option("--moved-to", parser=a_day, metavar=DAY, help="move_due: to this day.")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", help="add_instalments, re_age: how many.")] = None,
    officer: Officer = None,
    key: Key = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Grant relief by a plan that is done to the loan, all of it or nothing; two persons must want it."""

    def command(kernel: Kernel) -> CarryOutRelief:
        return CarryOutRelief(
            hardship, until.date(), why, answer, None if waived is None else money(waived, kernel),
            None if rate is None else fraction(rate), day(paused), how, day(due_on), day(moved_to), count,
        )  # fmt: skip

    def look(tx: Tx, made: Relieved) -> Trial:
        return acts.last_trial(tx, made.loan_id, len(made.events))

    def show(found: Any) -> None:
        if isinstance(found, Trial):
            tried(found)
            return
        for each in found.events:
            done(each)

    do(
        relief_service.carry_out_relief,
        command,
        show,
        dry_run=dry_run,
        as_json=as_json,
        key=key,
        officer=officer,
        look=look,
    )
