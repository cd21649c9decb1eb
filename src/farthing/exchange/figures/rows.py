"""Own how rows and the rule of tables are read from files, strictly: what is empty is unknown, never nought."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

from farthing.exchange.blinded.law import LAW_UNREADABLE
from farthing.exchange.figures.model import MEASURES, MonthRow, Rule
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse

ROWS_UNREADABLE = malformed(
    "exposure.rows_unreadable",
    "Line {line} of the rows cannot be read; its columns are {columns}, amounts such as 50.00, nothing for what is unknown.",
    "第 {line} 行无法读取；各列为 {columns}，金额如 50.00，未知处留空。",
)
SHIPPED = DATA / "exchange" / "figures.toml"
COLUMNS = ("person", "lender", "region", "class", "revolving", "limit", "balance", "days_past_due", "before")
_YES_NO = {"yes": True, "no": False}


def rule_of(currency: str, path: Path = SHIPPED) -> Rule:
    """The rule of a file for amounts of a currency; refuses ``exposure.law_unreadable``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise LAW_UNREADABLE(file=path.name, name="", problem="is not there", problem_zh="不存在") from None
    file = parse(path.name, text, _says)
    thresholds, caps, epsilon = file.table("thresholds"), file.table("caps"), file.table("epsilon")
    rule = Rule(
        persons_min=thresholds.whole("persons_min", 1),
        lenders_min=thresholds.whole("lenders_min", 1),
        share_max=Fraction(thresholds.decimal("share_max", "0", "1")),
        width_min=thresholds.whole("width_min", 1),
        unit_minor=caps.positive("unit", currency).minor,
        cap_units=caps.whole("line_units", 1),
        lines_max=caps.whole("lines_max", 1, 100),
        epsilon={name: _fraction(epsilon, name) for name in MEASURES},
        late_after_days=caps.whole("late_after_days", 0, 10_000),
    )
    for table in (file, thresholds, caps, epsilon):
        table.close()
    return rule


def fraction_of(text: str) -> Fraction | None:
    """An exact positive number, ``1/4`` or ``0.25``, or None."""
    try:
        found = Fraction(text) if len(text) <= 40 and text.isascii() else Fraction(0)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 < found <= 1000 and found.denominator <= 10**6 else None


def _fraction(table: Table, key: str) -> Fraction:
    found = fraction_of(table.text(key))
    if found is None:
        raise table.wrong(key, 'must be a positive fraction, such as "1/4"', "须为正分数，如 “1/4”")
    return found


def rows_of(text: str, currency: str) -> list[MonthRow]:
    """The rows of a CSV file; refuses ``exposure.rows_unreadable`` with the line."""
    lines = csv.reader(io.StringIO(text), strict=True)
    found, number = [], 1
    try:
        for number, line in enumerate(lines, 1):
            if number == 1:
                if tuple(line) != COLUMNS:
                    raise ValueError
                continue
            found.append(_row(dict(zip(COLUMNS, line, strict=True)), currency))
        if number == 1 and not found:
            raise ValueError
    except (ValueError, KeyError, Refusal, csv.Error):
        raise ROWS_UNREADABLE(line=number, columns=", ".join(COLUMNS)) from None
    return found


def _row(line: dict[str, str], currency: str) -> MonthRow:
    if not all(line[name].strip() for name in ("person", "lender", "region", "class")) or "*" in (
        line["region"],
        line["class"],
    ):
        raise ValueError
    return MonthRow(
        line["person"], line["lender"], line["region"], line["class"], _YES_NO[line["revolving"]],
        _amount(line["limit"], currency), _amount(line["balance"], currency), _days(line["days_past_due"]),
        _amount(line["before"], currency),
    )  # fmt: skip


def _amount(text: str, currency: str) -> int | None:
    if not text:
        return None
    minor = Money.parse(text, currency).minor
    if minor < 0:
        raise ValueError
    return minor


def _days(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise ValueError
    return int(text) if text else None


def _says(fault: Fault) -> Exception:
    return LAW_UNREADABLE(file=fault.file, name=fault.name, problem=fault.problem, problem_zh=fault.problem_zh)
