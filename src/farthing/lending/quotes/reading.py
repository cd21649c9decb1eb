"""Own how a loan's case refuses, and the values that it writes in its own way: a rate, a period, a day. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit import strict_json, tables
from farthing.kit.errors import Refusal, malformed
from farthing.kit.tables import REQUIRED, Fault, Table, shown
from farthing.lending.plans.terms import Every

CASE_UNREADABLE = malformed(
    "lending.case_unreadable",
    "{name} cannot be read: it {problem}. Give a file of JSON or TOML in UTF-8, or - for standard input.",
    "无法读取 {name}：{problem_zh}。请提供 UTF-8 编码的 JSON 或 TOML 文件，或用 - 表示标准输入。",
)
CASE_FIELD_UNKNOWN = malformed(
    "lending.case_field_unknown",
    "{where} has a field {field} that is not known; the fields are {known}.",
    "{where} 含有未知字段 {field}；可用字段：{known}。",
)
CASE_FIELD_MISSING = malformed(
    "lending.case_field_missing", "{where} needs the field {field}.", "{where} 缺少字段 {field}。"
)
CASE_FIELD_BAD = malformed(
    "lending.case_field_bad", "{field} {problem}.", "{field} 不正确：{problem_zh}。"
)  # fmt: skip
_EVERY = re.compile(r"([1-9][0-9]{0,3})([dwmy])")
_UNITS = {"d": ("day", 1), "w": ("week", 1), "m": ("month", 1), "y": ("month", 12)}


def says(fault: Fault) -> Refusal:
    """How a case refuses; what the rules of money refuse keeps their code."""
    if fault.money is not None:
        return fault.money
    if fault.kind == "unreadable":
        return CASE_UNREADABLE(name=fault.file, problem=f"is not TOML: {fault.problem}", problem_zh="不是有效的 TOML")
    if fault.kind == "unknown":
        return CASE_FIELD_UNKNOWN(where=fault.where, field=fault.key, known=", ".join(fault.known))
    if fault.kind == "missing":
        return CASE_FIELD_MISSING(where=fault.where, field=fault.key)
    name = f"{fault.where}.{fault.key}" if fault.key else fault.where
    return CASE_FIELD_BAD(field=name, problem=fault.problem, problem_zh=fault.problem_zh)


def opened(text: bytes, name: str) -> Table:
    """The table of a case: TOML where the file is named so, else JSON."""
    if name.endswith(".toml"):
        try:
            return tables.parse("case", text.decode(), says)
        except UnicodeDecodeError:
            raise CASE_UNREADABLE(name=name, problem="is not UTF-8", problem_zh="不是 UTF-8 编码") from None
    try:
        return tables.opened("case", strict_json.parse(text), says)
    except strict_json.Unreadable as error:
        raise CASE_UNREADABLE(name=name, problem=error.en, problem_zh=error.zh) from None


def inside(name: str, value: object) -> Table:
    """A table of a case that stands in a list."""
    return tables.opened(name, value, says)


def items(table: Table, key: str) -> list[Any]:
    """A list, or none."""
    value = table.take(key, [])
    if not isinstance(value, list | tuple):
        raise table.unfit(key, shown(value), "a list", "列表")
    return list(value)


def day(table: Table, key: str, default: Any = REQUIRED) -> date:
    """An ISO 8601 calendar day, or a date of TOML."""
    return as_day(table, key, table.take(key, default))


def as_day(table: Table, key: str, value: object) -> date:
    """A value that is a day."""
    found = tables.calendar_day(value)
    if found is None:
        raise table.unfit(
            key, value.isoformat() if isinstance(value, date) else shown(value),
            "a day of the years 1900 to 2199, such as 2026-02-28", " 1900 至 2199 年间的日期，如 2026-02-28",
        )  # fmt: skip
    return found


def share(table: Table, key: str, default: Any = REQUIRED, most: int = 1) -> Decimal:
    """A part of something: ``"25%"`` or ``"0.25"``."""
    value = table.take(key, default)
    found = tables.part(value, most)
    if found is None:
        raise table.unfit(key, shown(value), f'a share from 0 to {most}, such as "12%" or "0.12"',
                          f' 0 至 {most} 之间的比例，如 "12%" 或 "0.12"')  # fmt: skip
    return found


def every(table: Table, key: str, default: str | Any = REQUIRED) -> Every:
    """How far instalments are apart: ``15d``, ``2w``, ``1m``, ``1y``."""
    value = table.take(key, default)
    written = _EVERY.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        raise table.unfit(key, shown(value), "a period such as 15d, 2w, 1m or 1y", "期间，如 15d、2w、1m 或 1y")
    unit, many = _UNITS[written[2]]
    return Every(int(written[1]) * many, unit)  # type: ignore[arg-type]
