"""Own how a command that waits for its second person is told: what it is called, and its fields one a line.

Pure. Never decides anything, and never leaves a field out: the second person answers for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from farthing.identity.roles import DECIDES, ROLES
from farthing.kernel.operation import operation_of
from farthing.kit.money import Money
from farthing.kit.rates import percent

FIELDS = {
    "fund": "基金 fund", "name": "名称 name", "principal": "本金 principal", "annual_rate": "年利率 annual rate",
    "day_count": "计息 day count", "to_on": "止于 until", "asset_id": "资产 asset", "proceeds": "收回 proceeds",
    "amount": "金额 amount", "board": "利率表 board", "effective_on": "生效 from", "until_on": "截至 until",
    "demand": "活期 demand", "lump": "整存整取 lump sum", "instalment": "零存整取等 instalment", "call": "通知 call",
    "reference": "分录 entry", "memo": "摘要 memo", "install": "启用 install", "retire": "停用 retire",
}  # fmt: skip
RATES = ("annual_rate", "demand", "lump", "instalment", "call")


def operation_name(operation: str) -> str:
    """What an operation is called, by its name."""
    title = operation_of(operation).title
    return f"{title.zh} {title.en}"


ENDED = {
    "approved": "已批准并办理 approved and done", "rejected": "已拒绝 rejected", "lapsed": "已逾期失效 lapsed",
    "refused": "办理时被拒，已关闭 refused when it was to be done, and closed",
    "void": "经办人已无权限，已作废 void: who made it may not any more", "waiting": "待复核 waiting",
}  # fmt: skip
ROLE_NAMES = {"teller": "柜员 teller", "operator": "运营 operator", "risk": "风控 risk", "security": "安全 security"}


def ended(state: str) -> str:
    """How a draft ended, in both languages."""
    return ENDED[state]


def approvers(operation: str) -> str:
    """The roles of whoever may be the second person of an operation."""
    permission = operation_of(operation).permission
    found = [ROLE_NAMES.get(role, role) for role, held in ROLES.items() if {DECIDES, permission} <= held]
    return ", ".join(found)


def told(command_json: str) -> list[tuple[str, str]]:
    """The fields of a command in its order: amounts with their currency, rates as percent; empty ones are left blank."""
    return list(_lines((), json.loads(command_json)))


def _lines(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"minor", "currency"}:
        yield _label(path), str(Money(value["minor"], value["currency"]))
    elif isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _lines((*path, name), each)
    elif isinstance(value, list) and value:
        for number, each in enumerate(value, 1):
            yield from _lines((*path, str(number)), each)
    else:
        yield _label(path), _figure(path, value)


def _label(path: tuple[str, ...]) -> str:
    return " · ".join(FIELDS.get(name, name.replace("_", " ")) for name in path)


def _figure(path: tuple[str, ...], value: Any) -> str:
    if value is None or value in ({}, []):
        return "—"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, str) and path and path[0] in RATES:
        try:
            return percent(Decimal(value))
        except InvalidOperation:
            return value
    return str(value)
