"""Own how a quoted loan is shown on a terminal: its instalments, what is owed on the day, and the entries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer

from farthing.commands.cases import content
from farthing.commands.language import colon, say
from farthing.commands.tables import rows, tell
from farthing.kit.words import Words
from farthing.lending.quotes.answer import quote_loan
from farthing.lending.quotes.reading import CASE_UNREADABLE

SCHEDULE = (
    (Words("due on", "到期日"), "due_on"), (Words("principal", "本金"), "principal"), (Words("interest", "利息"), "interest"),
    (Words("fees", "费用"), "fees"), (Words("penalties", "罚息"), "penalties"), (Words("due", "应还"), "due"),
    (Words("paid", "已还"), "paid"), (Words("early", "提前"), "in_advance"), (Words("late", "逾期"), "late"),
    (Words("open", "未还"), "outstanding"), (Words("balance", "剩余本金"), "balance"),
)  # fmt: skip
"""The columns of a schedule on a terminal."""
SELDOM = ("fees", "penalties", "paid", "in_advance", "late")
"""Those that stand only where an instalment has something of it."""


def scheduled(answer: Mapping[str, Any]) -> None:
    """A loan as a table: one line an instalment, then what is owed on the day and the entries."""
    instalments = [each for each in answer["schedule"] if "due_on" in each]
    columns = [
        each for each in SCHEDULE if each[1] not in SELDOM or any(Decimal(line[each[1]]) for line in instalments)
    ]
    rows(
        say(f"{answer['currency']} {answer['paid_out']} paid out", f"放款 {answer['currency']} {answer['paid_out']}"),
        (Words("no.", "期"), *(heading for heading, _ in columns)),
        ((each["number"], *(each[field] for _, field in columns)) for each in instalments),
        right=(0, *range(2, len(columns) + 1)),
    )
    late = answer["past_due"]
    for label, figure in (
        (Words("interest", "利息"), answer["totals"]["interest"]), (Words("due in all", "应还合计"), answer["totals"]["due"]),
        (Words(f"owed on {answer['as_of']}", f"{answer['as_of']} 欠款"), answer["owed"]["total"]),
        (Words(f"late, {late['days']} days", f"逾期 {late['days']} 天"), late["total"]),
        (Words("owed back", "应退"), answer["owed_back"]), (Words("would pay it off", "结清金额"), answer["pay_off"]),
    ):  # fmt: skip
        typer.echo(colon(label, figure))
    rows(
        Words("entries", "分录"),
        (Words("on", "日期"), Words("account", "科目"), Words("debit", "借方"), Words("credit", "贷方"), Words("kind", "类型")),
        ((entry["on"], line["account"], line.get("debit"), line.get("credit"), entry["kind"])
         for entry in answer["entries"] for line in entry["lines"]),
        right=(2, 3),
    )  # fmt: skip


def loan(case: Path, as_json: bool) -> None:
    """Answer a loan's case; refuses ``lending.case_unreadable`` and what is wrong in it."""
    tell(quote_loan(*content(case, CASE_UNREADABLE)), as_json, scheduled)
