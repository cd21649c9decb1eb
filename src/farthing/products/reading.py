"""Own how files of products, policies and rates refuse, and the few values that their readers share with the doors. Pure.

A loan's or a policy pack's refusals are ``products.*`` (``as_law``); a deposit's, a fund's, a board's and a case's are
``savings.*`` (``as_savings``). The reading itself is :mod:`farthing.kit.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit import tables
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import exponent
from farthing.kit.tables import REQUIRED, Fault, Table, shown
from farthing.kit.words import Words

UNREADABLE = malformed(
    "products.unreadable",
    "{file} is not TOML: {problem}.",
    "{file} 不是有效的 TOML：{problem}。",
)
UNKNOWN_KEY = malformed(
    "products.unknown_key",
    "{file}: the key {key} is not known here; known are {known}.",
    "{file}：不认识键 {key}；可用的键为 {known}。",
)
INVALID = malformed(
    "products.invalid",
    "{file}: {key} {problem}.",
    "{file} 的 {key} 无效（{problem_zh}）。",
)
NOT_TOML = malformed(
    "savings.not_toml", "{name} cannot be read as TOML: {problem}.", "{name} 不是有效的 TOML：{problem}。"
)
UNKNOWN_FIELD = malformed(
    "savings.unknown_field",
    "{where} has a field {field} that is not known; the fields are {known}.",
    "{where} 含有未知字段 {field}；可用字段：{known}。",
)
MISSING_FIELD = malformed("savings.missing_field", "{where} needs the field {field}.", "{where} 缺少字段 {field}。")
BAD_FIELD = malformed(
    "savings.bad_field",
    "{field} is {value}; it must be {expected}.",
    "{field} 的值 {value} 不正确；应为{expected_zh}。",
)
BAD_DATE = malformed(
    "savings.bad_date",
    "{value} is not a day that can be used; write an ISO 8601 date of the years 1900 to 2199, such as 2026-02-28.",
    "{value} 不是可用的日期；请写 1900 年至 2199 年间的日期，如 2026-02-28。",
)
BAD_RATE = malformed(
    "savings.bad_rate",
    'Rate {value} cannot be used; write an annual rate as text between 0 and 1: "1.85%" or "0.0185".',
    '利率 {value} 不可用；请以文本写年利率，如 "1.85%" 或 "0.0185"，介于 0 与 1 之间。',
)


def as_law(fault: Fault) -> Refusal:
    """``products.*``: how a loan's file and a policy pack refuse."""
    if fault.kind == "unreadable":
        return UNREADABLE(file=fault.file, problem=fault.problem)
    if fault.kind == "unknown":
        return UNKNOWN_KEY(file=fault.file, key=fault.name, known=", ".join(sorted(fault.known)))
    return INVALID(file=fault.file, key=fault.name, problem=fault.problem, problem_zh=fault.problem_zh)


def as_savings(fault: Fault) -> Refusal:
    """``savings.*``: how files of savings, and cases, refuse; what the rules of money refuse keeps their code."""
    if fault.money is not None:
        return fault.money
    if fault.kind == "unreadable":
        return NOT_TOML(name=fault.file, problem=fault.problem)
    if fault.kind == "unknown":
        return UNKNOWN_FIELD(where=fault.where, field=fault.key, known=", ".join(fault.known))
    if fault.kind == "missing":
        return MISSING_FIELD(where=fault.where, field=fault.key)
    where, named = fault.where, f"{fault.where}.{fault.key}" if fault.key else fault.where
    return BAD_FIELD(
        where=where, field=named, value=fault.value, expected=fault.expected, expected_zh=fault.expected_zh
    )


def law(product: str, values: Mapping[str, Any], *, standing: bool = False) -> Table:
    """The table of a loan's file or a policy pack, whose decimals stand in quotes."""
    return Table(f"{product}.toml", values, as_law, standing=standing, quoted=True)


def savings(name: str, value: object, *, standing: bool = False) -> Table:
    """The table of a deposit, a fund, a board or a case."""
    return tables.opened(name, value, as_savings, standing=standing)


def names(table: Table, key: str, default: Any = REQUIRED) -> Words:
    """A name in English and Chinese; one text serves both, and English alone too."""
    if isinstance(table.take(key, default), str):
        one = table.text(key, default)
        return Words(one, one)
    both = table.table(key)
    english = both.text("en")
    found = Words(english, both.text("zh", english))
    both.close()
    return found


def currency(table: Table, default: Any = REQUIRED) -> str:
    """A currency that is known here; refuses ``money.unknown_currency``."""
    code = table.text("currency", default)
    exponent(code)
    return code


def roles(table: Table) -> tuple[tuple[str, str], ...]:
    """The accounts that a product of savings names, by role."""
    named = table.table("roles", {})
    return tuple(sorted((role, named.text(role)) for role in named.values))


def day(value: object) -> date:
    """An ISO 8601 calendar date (``2026-02-28``) of ``YEARS``, or a TOML date."""
    found = tables.calendar_day(value)
    if found is None:
        raise BAD_DATE(value=value.isoformat() if isinstance(value, date) else shown(value))
    return found


def rate(value: object) -> Decimal:
    """An annual rate: ``"1.85%"`` or ``"0.0185"``, from 0 to 1."""
    found = tables.part(value)
    if found is None:
        raise BAD_RATE(value=shown(value))
    return found
