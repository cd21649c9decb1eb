"""Own ``farthing loans late``: the loans that are late, and whether their borrowers may be spoken to."""

from __future__ import annotations

from farthing.commands.language import say
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import Worklist


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
