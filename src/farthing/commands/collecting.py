"""Own ``farthing loans late`` and ``contacts``: the loans that are late, whether their borrowers may be spoken to, and what was
said to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from farthing.commands.language import pick, say
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import Contact, Worklist

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
