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
from farthing.web.names import NAMES, named
from farthing.web.operator.heads import named_head
from farthing.web.speech import N_, gettext, language, said
from farthing.web.writing import day, money, term

FIELDS = {
    "account": N_("Account"), "actor_id": N_("Login"), "amount": N_("Amount"), "annual_rate": N_("Rate a year"),
    "asset_id": N_("Asset"), "board": N_("Rate board"), "call": N_("Notice rates"), "code": N_("Code"),
    "currency": N_("Currency"), "day_count": N_("Days are counted"), "days": N_("Days"), "demand": N_("Demand rate"),
    "deposit_id": N_("Deposit"), "earlier": N_("Earlier editions"), "effective_on": N_("Effective"), "fund": N_("Fund"),
    "holders": N_("Holders"), "install": N_("Put in force"), "instalment": N_("Instalment rates"), "kind": N_("Kind"),
    "label": N_("What for"), "loan_id": N_("Loan"), "lump": N_("Lump-sum rates"), "memo": N_("Memo"), "name": N_("Name"),
    "outside_account": N_("Outside account"), "party_id": N_("Customer"), "person_name": N_("Person"),
    "person_number": N_("Number of the person"), "phone": N_("Phone"), "postings": N_("Lines"),
    "principal": N_("Principal"), "proceeds": N_("Comes back"), "product": N_("Product"), "reason": N_("Why"),
    "reference": N_("Entry"), "retire": N_("Put out of force"), "role": N_("Role"), "share": N_("Share"),
    "source": N_("The file"), "term": N_("Term"), "title": N_("Title"), "to": N_("Paid to"),
    "rail": N_("Rail"), "policy": N_("Policy"), "constant": N_("Constant"),
    "terms": N_("Weights"), "at_most": N_("As much as is there"), "linked": N_("All of a chain or none"),
    "url": N_("Address"), "kinds": N_("Kinds of events"), "till": N_("Till"),
    "books": N_("By the books"), "counted": N_("Counted"),
    "drawer_id": N_("Drawer"),
    "note": N_("Reason"),
    "credit_code": N_("Credit code"), "en": N_("English"), "zh": N_("Chinese"), "to_on": N_("Until"), "until_on": N_("Until"),
}  # fmt: skip
"""What a field of a draft is called; one that stands here not is told by its own name, which staff can read."""
BY_TERM = ("lump", "instalment", "call")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RATES = ("annual_rate", "demand", "lump", "instalment", "call")
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
    return ("、" if language() == "zh" else ", ").join(found)


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
    by_term = len(path) == 2 and path[0] in BY_TERM
    return " · ".join(term(name, language()) if by_term and name is path[1] else _word(name) for name in path)


def _word(name: str) -> str:
    return gettext(FIELDS[name]) if name in FIELDS else name.replace("_", " ")


def _figure(path: tuple[str, ...], value: Any) -> str:
    if value is None or value in ({}, [], ""):
        return "–"
    if isinstance(value, bool):
        return gettext(N_("Yes")) if value else gettext(N_("No"))
    if isinstance(value, str) and path and path[0] in RATES:
        try:
            return percent(Decimal(value))
        except InvalidOperation:
            return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day(date.fromisoformat(value), language())
    if isinstance(value, str) and path and path[-1] == "role" and value in NAMES["role"]:
        return named(value, "role")
    return str(value)
