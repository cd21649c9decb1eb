"""Own how a command that waits for its second person is told: what it is called, and its fields one a line.

Pure. Never decides anything, and never leaves a field out: the second person answers for all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from farthing.identity.roles import DECIDES, ROLES
from farthing.kernel.operation import OPERATIONS, operation_of
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.web.draft_fields import CLOSED, FIELDS, NESTED
from farthing.web.names import NAMES, named
from farthing.web.operator.heads import named_head
from farthing.web.speech import N_, gettext, language, listed, said
from farthing.web.writing import day, money, term

BY_TERM = ("lump", "instalment", "call", "terms")
_TERM = re.compile(r"[0-9]{1,4}[dmy]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RATES = {"annual", "annual_rate", "fee_annual", "demand", "part", *BY_TERM}
ENDED = {
    "approved": N_("approved, and done"), "rejected": N_("rejected"), "lapsed": N_("lapsed"),
    "refused": N_("refused when it was to be done, and closed"), "void": N_("void: who made it may not any more"),
    "waiting": N_("waits for a second person"),
}  # fmt: skip
ROLE_NAMES = {
    "teller": N_("tellers"), "operator": N_("operators"), "risk": N_("risk officers"), "security": N_("security officers"),
}  # fmt: skip


def operation_name(operation: str) -> str:
    """What an operation is called, by its name."""
    return said(operation_of(operation).title)


def operation_or_code(operation: str) -> str:
    """What a leaf of the log was made by: the title of an operation, or its own name where the kernel made it."""
    return operation_name(operation) if operation in OPERATIONS else operation


def ended(state: str) -> str:
    """How a draft ended."""
    return gettext(ENDED[state])


def approvers(operation: str) -> str:
    """Who may be the second person of an operation."""
    permission = operation_of(operation).permission
    found = [
        gettext(ROLE_NAMES[role])
        for role, held in ROLES.items()
        if role in ROLE_NAMES and {DECIDES, permission} <= held
    ]
    return listed(found)


def told(command_json: str) -> list[tuple[str, str]]:
    """The fields of a command in its order: amounts with their currency, rates as percent; empty ones have a dash."""
    return list(_lines((), json.loads(command_json)))


def _lines(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"minor", "currency"}:
        yield _label(path), money(Money(value["minor"], value["currency"]), language())
    elif isinstance(value, dict) and set(value) == {"account", "amount"}:
        amount = Money(value["amount"]["minor"], value["amount"]["currency"])
        yield f"{_label(path)} · {named_head(value['account'])}", money(amount, language(), sign=True)
    elif isinstance(value, dict) and set(value) == {"value", "count"}:
        worth = Money(value["value"]["minor"], value["value"]["currency"])
        yield _label(path[:1]), f"{money(worth, language())} × {value['count']}"
    elif isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _lines((*path, name), each)
    elif isinstance(value, list) and value:
        for number, each in enumerate(value, 1):
            yield from _lines((*path, str(number)), each)
    else:
        yield _label(path), _figure(path, value)


def _label(path: tuple[str, ...]) -> str:
    if len(path) > 1 and path[-2] in BY_TERM and _TERM.fullmatch(path[-1]):
        return " · ".join((_label(path[:-1]), term(path[-1], language())))
    return " · ".join(_word(name, nested=place > 0) for place, name in enumerate(path))


def _word(name: str, *, nested: bool = False) -> str:
    table = NESTED if nested and name in NESTED else FIELDS
    return gettext(table[name]) if name in table else name.replace("_", " ")


def _figure(path: tuple[str, ...], value: Any) -> str:
    if value is None or value in ({}, [], ""):
        return "–"
    if isinstance(value, bool):
        return gettext(N_("Yes")) if value else gettext(N_("No"))
    if isinstance(value, str) and RATES.intersection(path):
        try:
            return percent(Decimal(value))
        except InvalidOperation:
            return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day(date.fromisoformat(value), language())
    tables = CLOSED.get(path[-1], ()) if path else ()
    return next((named(value, table) for table in tables if value in NAMES[table]), str(value))
