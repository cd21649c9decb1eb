"""Write and read a partner's statement as a table (CSV, UTF-8). Pure; camt.053 is :mod:`farthing.payments.iso20022`.

The first row is the opening balance, the last the closing one, each row between one entry. ``reference`` is the entry's id in
the bank's books; ``loan`` the loan's id without its prefix. Amounts are signed, in the partner's favour.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from farthing.funding.settling.model import PARTS
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money
from farthing.kit.tables import calendar_day
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.model import Detail, Line, Statement

COLUMNS = (
    "partner", "day", "number", "booked_on", "value_on", "reference", "loan", "what", *PARTS, "amount", "balance",
    "currency", "told",
)  # fmt: skip
OPENING, CLOSING = "opening", "closing"

BAD_FILE = malformed(
    "funding.bad_file",
    "The file cannot be read in row {row}: {problem}. The guide of partners names its columns.",
    "文件第 {row} 行无法读取：{problem_zh}。各列见合作方指南。",
)


def to_csv(told: Statement) -> bytes:
    """The table of a statement. The same statement gives the same bytes."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    head = {
        "partner": told.account, "day": told.on.isoformat(), "number": "" if told.number is None else told.number,
        "currency": told.opening.currency,
    }  # fmt: skip
    writer.writerow({**head, "what": OPENING, "balance": told.opening.plain()})
    balance = told.opening
    for line in told.lines:
        balance = balance + line.amount if line.amount.currency == balance.currency else balance
        writer.writerow({**head, **_row(line), "balance": balance.plain()})
    writer.writerow({**head, "what": CLOSING, "balance": told.closing.plain()})
    return file.getvalue().encode()


def _row(line: Line) -> dict[str, str]:
    loans = {detail.concerns for detail in line.details}
    parts = {str(each.what): each.amount.plain() for each in line.details if each.what in PARTS and each.amount}
    return {
        "booked_on": line.booked_on.isoformat(), "value_on": line.value_on.isoformat(), "reference": line.reference,
        "loan": loans.pop() if len(loans) == 1 else "", "what": line.what, **parts, "amount": line.amount.plain(),
        "currency": line.amount.currency, "told": line.told,
    }  # fmt: skip


def from_csv(content: bytes) -> Statement:
    """The statement that a table tells; refuses ``funding.bad_file``, and what :mod:`farthing.payments.iso20022.rules` does.

    An entry in another currency than the account's is read as it stands and moves no balance.
    """
    rules.check_size(len(content))
    rows = _rows(content)
    first, last = rows[0], rows[-1]
    for at, row in enumerate(rows, 2):
        if any(row[name] != first[name] for name in ("partner", "day", "number")):
            raise _bad(at, "partner, day and number are not those of the first row", "partner、day、number 与首行不同")
    number, partner = first["number"], rules.check_id(first["partner"])
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise _bad(2, "number is no whole number", "number 不是整数")
    on, opening = _day(2, first, "day"), _money(2, first, "balance")
    found = Statement(
        first["day"], int(number) if number else None, partner, "", datetime.combine(on, time(0), UTC), on,
        opening, _money(len(rows) + 1, last, "balance"), tuple(_line(at, row) for at, row in enumerate(rows[1:-1], 3)),
    )  # fmt: skip
    within = tuple(line for line in found.lines if line.amount.currency == opening.currency)
    rules.check_statement(replace(found, lines=within))
    return found


def _rows(content: bytes) -> list[dict[str, str]]:
    """The rows below the head, each with a text in every column; no more is read than is wrong, or too much."""
    rows = list[dict[str, str]]()
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise _bad(1, f"there is no column {missing[0]}", f"缺少列 {missing[0]}")
        for row in reader:
            rows.append(row)
            if None in row or None in row.values():
                raise _bad(len(rows) + 1, "it has more or fewer cells than the head", "单元格数与表头不符")
            rules.check_lines(len(rows) - 2)
    except (UnicodeDecodeError, csv.Error):
        raise _bad(1, "it is no table in UTF-8", "不是 UTF-8 编码的表格") from None
    if len(rows) < 2 or rows[0]["what"] != OPENING or rows[-1]["what"] != CLOSING:
        raise _bad(
            2, "the first row is the opening balance and the last the closing one", "首行应为期初余额，末行应为期末余额"
        )
    return rows


def _line(at: int, row: Mapping[str, str]) -> Line:
    amount = _money(at, row, "amount")
    parts = [(name, _money(at, row, name)) for name in PARTS if row[name]]
    loan = rules.check_id(row["loan"])
    details = tuple(Detail(part, name, loan) for name, part in parts) or (
        (Detail(amount, concerns=loan),) if loan else ()
    )
    value_on = _day(at, row, "value_on")
    booked_on = _day(at, row, "booked_on") if row["booked_on"] else value_on
    reference, what = rules.check_id(row["reference"]), rules.check_word(row["what"])
    line = Line(reference, amount, booked_on, value_on, what, details, row["told"])
    rules.check_batch(line)
    return line


def _money(at: int, row: Mapping[str, str], name: str) -> Money:
    try:
        return Money.parse(row[name], row["currency"])
    except Refusal as refusal:
        raise _bad(at, f"{name}: {refusal.detail}", f"{name}：{refusal.detail_zh}") from None


def _day(at: int, row: Mapping[str, str], name: str) -> date:
    found = calendar_day(row[name])
    if found is None:
        raise _bad(at, f"{name} is no day such as 2027-01-05", f"{name} 不是 2027-01-05 这样的日期")
    return found


def _bad(row: int, problem: str, problem_zh: str) -> Refusal:
    return BAD_FILE(row=row, problem=problem.rstrip("."), problem_zh=problem_zh.rstrip("。"))
