"""Own a file of many plans, one a line, and the answer for each: what falls due first, at most and last, and what it costs.

JSON lines, or CSV with a heading; the fields are those of a case (``docs/guides/quote-loan.md``). Never half: one line that
is wrong refuses the file and names it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from farthing.kit import strict_json
from farthing.kit.errors import malformed
from farthing.kit.money import Money, exponent
from farthing.kit.tables import Table
from farthing.lending.plans.many import Ask, Schedules, schedules
from farthing.lending.quotes.case import MOST_INSTALMENTS, read_terms
from farthing.lending.quotes.reading import CASE_UNREADABLE, day, inside

TOO_MANY_PLANS = malformed(
    "lending.too_many_plans",
    "A file may ask for {most} plans and this one asks for more; split it.",
    "一个文件最多 {most} 个还款计划，本文件超出；请拆分。",
)
MOST_PLANS = 100_000
MOST_BYTES = 64 * 2**20
AT_ONCE = 5_000
"""Plans that are worked out together: of the longest, some hundred megabytes."""
OUTSIDE = ("amount", "on", "currency", "note")
"""Columns of a CSV that are not terms."""
WHOLES = ("instalments", "grace_principal", "grace_interest", "interest_free")
FLAGS = {"true": True, "false": False}
_RANGE = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")


def quote_many(text: bytes, name: str) -> list[dict[str, Any]]:
    """Answer every plan of a file, in its order; refuses ``lending.case_unreadable``, what is wrong in a line, and
    ``lending.too_many_plans``."""
    try:
        written = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CASE_UNREADABLE(name=name, problem="is not UTF-8", problem_zh="不是 UTF-8 编码") from None
    asked: list[Ask] = []
    lines: list[int] = []
    for number, item in _json_lines(written, name) if written.lstrip().startswith("{") else _csv_lines(written, name):
        for ask in _asks(inside(f"line {number}", item)):
            asked.append(ask)
            lines.append(number)
            if len(asked) > MOST_PLANS:
                raise TOO_MANY_PLANS(most=MOST_PLANS)
    if not asked:
        raise CASE_UNREADABLE(name=name, problem="holds no plan", problem_zh="没有任何还款计划")
    answers: list[dict[str, Any]] = [{}] * len(asked)
    for first in range(0, len(asked), AT_ONCE):
        for batch in schedules(asked[first : first + AT_ONCE]):
            for line, place in enumerate(batch.places):
                answers[first + place] = {"line": lines[first + place], **_told(asked[first + place], batch, line)}
    return answers


def _json_lines(written: str, name: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(written.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, strict_json.parse(line)
        except strict_json.Unreadable as error:
            en, zh = f"in line {number} {error.en}", f"第 {number} 行{error.zh}"
            raise CASE_UNREADABLE(name=name, problem=en, problem_zh=zh) from None


def _csv_lines(written: str, name: str) -> Iterator[tuple[int, object]]:
    """Each row as a line of JSON would say it: an empty cell says nothing."""
    reader = csv.reader(io.StringIO(written), strict=True)
    try:
        heads = [each.strip() for each in next(reader, [])]
        if len(set(heads)) < len(heads) or "amount" not in heads:
            en, zh = (
                "has no heading with amount, on and terms, each once",
                "缺少表头，或表头重复（须有 amount、on 与条款）",
            )
            raise CASE_UNREADABLE(name=name, problem=en, problem_zh=zh)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(heads):
                en, zh = (
                    f"has {len(cells)} cells in line {reader.line_num}",
                    f"第 {reader.line_num} 行有 {len(cells)} 格",
                )
                raise CASE_UNREADABLE(
                    name=name, problem=f"{en}, not {len(heads)}", problem_zh=f"{zh}，应为 {len(heads)}"
                )
            given = {head: cell.strip() for head, cell in zip(heads, cells, strict=True) if cell.strip()}
            terms = {head: _value(head, cell) for head, cell in given.items() if head not in OUTSIDE}
            yield reader.line_num, {**{head: given[head] for head in given if head in OUTSIDE}, "terms": terms}
    except csv.Error as error:
        problem, zh = f"is not CSV in line {reader.line_num}: {error}", f"第 {reader.line_num} 行不是 CSV"
        raise CASE_UNREADABLE(name=name, problem=problem, problem_zh=zh) from None


def _value(head: str, cell: str) -> object:
    if head in WHOLES and cell.isascii() and cell.isdigit() and len(cell) <= 9:
        return int(cell)
    return FLAGS.get(cell, cell)


def _asks(table: Table) -> Iterator[Ask]:
    """One plan, or one for each number of instalments that is asked for."""
    currency = table.text("currency", "CNY")
    exponent(currency)
    amount, on = table.positive("amount", currency), day(table, "on")
    if amount.currency != currency:
        en, zh = f"is in {amount.currency} and the plan in {currency}", f"币种为 {amount.currency}，计划为 {currency}"
        raise table.wrong("amount", en, zh)
    terms = table.table("terms")
    table.has("note")
    table.close()
    for number in _numbers(terms):
        yield Ask(
            read_terms(inside(f"{table.file}.terms", {**terms.values, "instalments": number}), currency), amount, on
        )


def _numbers(terms: Table) -> list[object]:
    """How many instalments: a number, a list of them, or ``"6-36"`` for each from 6 to 36."""
    value = terms.values.get("instalments")
    if isinstance(value, list) and value:
        return value
    between = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if between is None or not 1 <= int(between[1]) <= int(between[2]) <= MOST_INSTALMENTS:
        return [value] if "instalments" in terms.values else [None]
    return list(range(int(between[1]), int(between[2]) + 1))


def _told(ask: Ask, batch: Schedules, line: int) -> dict[str, Any]:
    """One plan in figures of major units."""
    interest = batch.interest[line]
    due = batch.principal[line] + interest
    days, down = batch.days[line], batch.down[line]
    told = {
        "first_instalment": int(due[0]), "highest_instalment": int(due.max()), "last_instalment": int(due[-1]),
        "interest": int(interest.sum()), "due": int(due.sum()) + down, "down_payment": down,
    }  # fmt: skip
    currency = ask.terms.currency
    return {
        "currency": currency, "paid_out": ask.paid_out.plain(), "on": ask.on.isoformat(),
        "rate": f"{ask.terms.annual:f}", "method": ask.terms.method, "instalments": len(days),
        "first_due_on": days[0].isoformat(), "last_due_on": days[-1].isoformat(),
        **{name: Money(minor, currency).plain() for name, minor in told.items()},
    }  # fmt: skip
