"""Own how many plans are shown on a terminal: a line for each, with its instalments and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from farthing.commands.cases import content
from farthing.commands.tables import rows, tell
from farthing.kit.words import Words
from farthing.lending.quotes.many import MOST_BYTES, quote_many
from farthing.lending.quotes.reading import CASE_UNREADABLE

COLUMNS = (
    (Words("line", "行"), "line"), (Words("paid out", "放款"), "paid_out"), (Words("instalments", "期数"), "instalments"),
    (Words("first due", "首期到期"), "first_due_on"), (Words("first", "首期"), "first_instalment"),
    (Words("highest", "最高一期"), "highest_instalment"), (Words("last", "末期"), "last_instalment"),
    (Words("interest", "利息"), "interest"), (Words("in all", "合计应还"), "due"),
)  # fmt: skip


def told(answers: Sequence[dict[str, Any]]) -> None:
    """Plans as a table."""
    rows(
        Words(f"{len(answers)} plans", f"{len(answers)} 个还款计划"),
        [heading for heading, _ in COLUMNS],
        ([each[name] for _, name in COLUMNS] for each in answers),
        right=tuple(place for place, (_, name) in enumerate(COLUMNS) if not name.endswith("_on")),
    )


def plans(case: Path, as_json: bool) -> None:
    """Answer a file of many plans; refuses ``lending.case_unreadable`` and what is wrong in a line of it."""
    tell(quote_many(*content(case, CASE_UNREADABLE, at_most=MOST_BYTES)), as_json, told)
