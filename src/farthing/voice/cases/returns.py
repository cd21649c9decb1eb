"""Decide what a supervisor's return of a quarter says: complaints by the standard's classes, how they ended, how fast, and
rates. Pure.

Whoever did not rate is counted too: a mean of those who did says nothing without how many did not.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from farthing.kit.calendar import add_months
from farthing.kit.errors import malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.voice.cases.classes import ComplaintClasses
from farthing.voice.cases.model import Case

BAD_QUARTER = malformed("voice.bad_quarter", "Write a quarter as 2026-Q2.", "季度请写作 2026-Q2。")
OUTLETS, CUSTOMERS = 1_000, 10_000_000
Axis = Literal["channel", "business", "cause", "all"]


@dataclass(frozen=True, slots=True)
class CaseReturnRow:
    """Complaints under one class of an axis. ``late``: answered, or waiting, past their day. ``rated`` and ``unrated`` are of
    those that were answered; ``mean_rating`` is of the rated alone. Rates are of complaints."""

    axis: Axis
    code: str
    name: Words
    received: int
    people: int
    accepted: int
    redress_given: int
    rejected: int
    withdrawn: int
    waiting: int
    late: int
    appealed: int
    rated: int
    unrated: int
    mean_rating: Decimal | None
    mean_days: Decimal | None
    redress: Money
    per_1000_outlets: Decimal | None
    per_10m_customers: Decimal | None


@dataclass(frozen=True, slots=True)
class CaseReturn:
    """The return of a quarter: ``until`` is its last day; rates are by the outlets and customers that are named here. Praise,
    ideas and questions are counted beside it."""

    quarter: str
    since: date
    until: date
    source: Words
    outlets: int
    customers: int
    others: dict[str, int]
    rows: tuple[CaseReturnRow, ...]


@dataclass
class Tally:
    """What is summed of cases under a class, case by case."""

    currency: str
    counts: Counter[str] = field(default_factory=Counter)
    tokens: set[str] = field(default_factory=set)
    days: int = 0
    stars: int = 0
    redress: int = 0

    def add(self, case: Case, on: date) -> None:
        """Count one."""
        self.counts["received"] += 1
        self.tokens.add(case.token)
        self.redress += case.redress.minor
        self.counts["appealed"] += case.appeals
        self.counts["late"] += case.late_on is not None or (case.due_on is not None and case.due_on < on)
        if case.state == "withdrawn":
            self.counts["withdrawn"] += 1
        elif case.answered_on is None or case.waits:
            self.counts["waiting"] += 1
        else:
            self.counts[case.outcome] += 1
            self.days += (case.answered_on - case.received_on).days
            self.counts["answered"] += 1
            self.counts["rated"] += case.rating is not None
            self.stars += case.rating or 0

    def row(self, axis: Axis, code: str, name: Words, outlets: int, customers: int) -> CaseReturnRow:
        """What it came to."""
        counts = self.counts
        return CaseReturnRow(
            axis, code, name, counts["received"], len(self.tokens), counts["accepted"], counts["redress"], counts["rejected"],
            counts["withdrawn"], counts["waiting"], counts["late"], counts["appealed"], counts["rated"],
            counts["answered"] - counts["rated"], _rate(self.stars, counts["rated"], 1), _rate(self.days, counts["answered"], 1),
            Money(self.redress, self.currency), _rate(counts["received"], outlets, OUTLETS),
            _rate(counts["received"], customers, CUSTOMERS),
        )  # fmt: skip


def _rate(count: int, of: int, each: int) -> Decimal | None:
    return (Decimal(count * each) / of).quantize(Decimal("0.1"), ROUND_HALF_EVEN) if of else None


def bounds(quarter: str) -> tuple[date, date]:
    """The first day of a quarter, and the first after it; refuses ``voice.bad_quarter``."""
    year, _, number = quarter.partition("-Q")
    if not (year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4") and 1970 <= int(year) < 9000):
        raise BAD_QUARTER()
    since = date(int(year), 3 * int(number) - 2, 1)
    return since, add_months(since, 3)


def returned(
    quarter: str, cases: Iterable[Case], on: date, axes: ComplaintClasses, currency: str, outlets: int, customers: int
) -> CaseReturn:
    """The return of a quarter as it stands on a day; what is not classed yet stands under no code."""
    since, after = bounds(quarter)
    tallies: dict[tuple[Axis, str], Tally] = {}
    others: Counter[str] = Counter({"praise": 0, "idea": 0, "question": 0})
    for case in cases:
        if case.kind != "complaint":
            others[case.kind] += 1
            continue
        keys: tuple[tuple[Axis, str], ...] = (
            ("all", ""), ("channel", case.classes[0]), ("business", case.classes[1]), ("cause", case.classes[2])
        )  # fmt: skip
        for key in keys:
            tallies.setdefault(key, Tally(currency)).add(case, on)
    tallies.setdefault(("all", ""), Tally(currency))
    names, unclassed = axes.names(), Words("not classed yet", "尚未分类")
    order: dict[str, int] = {"all": 0, "channel": 1, "business": 2, "cause": 3}
    rows = tuple(
        tallies[axis, code].row(
            axis, code, Words("all", "全部") if axis == "all" else names.get(code, unclassed), outlets, customers
        )
        for axis, code in sorted(tallies, key=lambda key: (order[key[0]], key[1] == "", key[1]))
    )
    return CaseReturn(quarter, since, after - timedelta(days=1), axes.source, outlets, customers, dict(others), rows)


def as_csv(found: CaseReturn) -> str:
    """The rows of a return as a file, names in both languages."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = [each.name for each in fields(CaseReturnRow) if each.name not in ("name", "redress")]
    writer.writerow(["quarter", *heads[:2], "name_en", "name_zh", *heads[2:], "redress", "currency"])
    for row in found.rows:
        values = ["" if (value := getattr(row, name)) is None else value for name in heads]
        writer.writerow(
            [
                found.quarter,
                *values[:2],
                row.name.en,
                row.name.zh,
                *values[2:],
                row.redress.plain(),
                row.redress.currency,
            ]
        )
    return out.getvalue()
