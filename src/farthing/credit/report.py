"""Own ``BillReport``: of every row of a bill, whether it was taken, set aside or is doubtful, and why. Pure.

A row that is not named was plainly taken. The codes are stable (``credit.bills.reasons``); the cells' own text stays
out, for whoever reads the report holds the file, and the report is kept where the file is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from farthing.credit.bills.model import Bill, RowNote, Verdict
from farthing.credit.bills.reasons import REASONS
from farthing.kit.money import Money

SHOWN = 100
_BESIDE = frozenset({"not_a_row", "sheet_left_out"})
"""Notes that are not about a row of the table."""
_WEIGHT: dict[Verdict, int] = {"taken": 0, "set_aside": 1, "doubtful": 2}


@dataclass(frozen=True, slots=True)
class BillRow:
    """One row that was not plainly taken, or taken with a mend. ``column`` names the cell that it is about."""

    row: int
    verdict: Verdict
    reason: str
    column: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class BillReason:
    """How many rows have one reason."""

    reason: str
    verdict: Verdict
    rows: int
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class BillTotal:
    """What the bill states of itself against what was read; sums are none where only a count is stated."""

    of: str
    stated_count: int
    read_count: int
    stated: Money | None
    read: Money | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class BillReport:
    """What became of every row. ``rows`` = ``taken`` + ``set_aside`` + ``doubtful``; ``not_shown`` rows are left out."""

    layout: str
    file_format: str
    rows: int
    taken: int
    set_aside: int
    doubtful: int
    reasons: tuple[BillReason, ...]
    totals: tuple[BillTotal, ...]
    noted: tuple[BillRow, ...]
    not_shown: int = 0


def report_of(bill: Bill, known: Collection[int] = ()) -> BillReport:
    """The whole report of a bill; ``known`` are the rows that another bill brought before."""
    known = set(known)
    notes = [note for note in bill.notes if note.row not in known or note.verdict == "doubtful"]
    notes += [RowNote(row, "set_aside", "known") for row in known]
    worst: dict[int, Verdict] = {}
    for note in notes:
        if note.reason not in _BESIDE and _WEIGHT[note.verdict] >= _WEIGHT[worst.get(note.row, "taken")]:
            worst[note.row] = note.verdict
    rows = bill.rows_read + sum(note.reason == "row_cut" for note in notes)
    counted = Counter(worst.values())
    reasons = Counter(note.reason for note in notes)
    return BillReport(
        layout=bill.layout,
        file_format=bill.file_format,
        rows=rows,
        taken=rows - counted["set_aside"] - counted["doubtful"],
        set_aside=counted["set_aside"],
        doubtful=counted["doubtful"],
        reasons=tuple(BillReason(reason, *REASONS[reason][:1], count, *REASONS[reason][1:])
                      for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        totals=tuple(BillTotal(check.of, check.stated_count, check.read_count, check.stated, check.read, check.agrees)
                     for check in bill.totals),
        noted=tuple(BillRow(note.row, note.verdict, note.reason, note.column, *REASONS[note.reason][1:])
                    for note in sorted(notes, key=lambda note: (note.row, note.reason))),
    )  # fmt: skip


def shortened(report: BillReport, most: int = SHOWN) -> BillReport:
    """The report with its first rows only, the doubtful ones before the others."""
    if len(report.noted) <= most:
        return report
    first = sorted(report.noted, key=lambda row: (-_WEIGHT[row.verdict], row.row))[:most]
    return replace(report, noted=tuple(sorted(first, key=lambda row: row.row)), not_shown=len(report.noted) - most)
