"""Read the rows of a cycle, each by itself: what cannot be read is refused with its number and spoils nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from farthing.exchange.codes import FIVE_CLASSES, STATUSES, codes
from farthing.exchange.furnish.model import CYCLE_MALFORMED, FLAGS, ROLES, Row, Unread
from farthing.exchange.model import CLASSES
from farthing.kit.errors import Refusal
from farthing.kit.money import EXPONENTS
from farthing.parties.rules import document_of, resident_id_of

DOCUMENTS = ("resident_id", "passport", "credit_code", "other")
_PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
CYCLE = re.compile(r"([12][0-9]{3}-(?:0[1-9]|1[0-2]))\.([1-9][0-9]?)")
"""A cycle's id: its period, and which attempt it is."""
_MOST = 2**53 - 1
_LONGEST = 100


TEXTS: Mapping[str, tuple[int, int]] = {
    "number": (1, 40), "name": (1, _LONGEST), "account": (16, 64), "security": (0, _LONGEST), "origin": (0, 120),
    "code": (0, _LONGEST), "notice": (0, _LONGEST), "reason": (0, 200),
}  # fmt: skip
"""Lines of text of a row, and how short and long each may be."""
AMONG: Mapping[str, frozenset[str]] = {
    "document": frozenset(DOCUMENTS), "class": frozenset(CLASSES), "role": frozenset(ROLES), "currency": frozenset(EXPONENTS),
    "status": frozenset([*STATUSES, ""]), "five_class": frozenset(FIVE_CLASSES),
}  # fmt: skip
"""Fields that are one of some names."""
COUNTS = ("limit", "balance", "due", "paid", "dpd")
"""Amounts in minor units and days, each of which may be unknown."""
DAYS = ("opened_on", "as_of")
DAYS_OR_NONE = ("first_delinquency_on", "closed_on", "notice_on")
_TEXTS, _AMONG = tuple(TEXTS.items()), tuple(AMONG.items())
NAMES = frozenset([*TEXTS, *AMONG, *COUNTS, *DAYS, *DAYS_OR_NONE, "original", "flags", "period"])


def period_of(value: Any) -> date:
    """The first day of a period such as ``2026-03``; ``ValueError`` where it is none."""
    if type(value) is not str or not _PERIOD.fullmatch(value):
        raise ValueError("it is no period")
    return date(int(value[:4]), int(value[5:]), 1)


def cycle_of(value: Any) -> date:
    """The period of a cycle's id; refuses ``exchange.cycle_malformed``."""
    found = CYCLE.fullmatch(value) if type(value) is str else None
    if found is None:
        raise CYCLE_MALFORMED(field="cycle", expected="2026-03.1")
    return period_of(found[1])


def masked(number: str) -> str:
    """A document's number as it is shown."""
    return number if len(number) < 8 else f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def read_row(number: int, told: Any, subject: Callable[[str, str], str]) -> Row | Unread:
    """A row as it was told; ``subject`` says whose records a document leads to, and the document's number goes no further."""
    reference = told.get("account", "") if type(told) is dict else ""
    unread = Unread(number, reference if _is_text(reference, 0, 64) else "", "unreadable")
    if type(told) is not dict or told.keys() != NAMES or not _fits(told):
        return unread
    try:
        document = _document(told["document"], told["number"])
    except Refusal:
        return Unread(number, reference, "bad_document")
    try:
        opened_on, as_of = (_day(told[name]) for name in DAYS)
        maybe = {name: None if told[name] is None else _day(told[name]) for name in DAYS_OR_NONE}
        period = period_of(told["period"])
    except ValueError:
        return unread
    return Row(
        number=number, subject=subject(told["document"], document), masked=masked(document), name=told["name"].strip(),
        reference=reference, cls=told["class"], role=told["role"], currency=told["currency"], original=told["original"],
        security=told["security"], origin=told["origin"], period=period, limit=told["limit"], balance=told["balance"],
        due=told["due"], paid=told["paid"], dpd=told["dpd"], code=told["code"],
        status=told["status"] or (codes().status(told["code"], told["dpd"]) or ""), five_class=told["five_class"],
        notice=told["notice"], flags=tuple(told["flags"]), reason=told["reason"], opened_on=opened_on, as_of=as_of, **maybe,
    )  # fmt: skip


def _fits(told: Mapping[str, Any]) -> bool:
    """Whether every field is of its kind: loops in plain sight, for this is done for every row of every member."""
    for name, (least, most) in _TEXTS:
        if not _is_text(told[name], least, most):
            return False
    for name, known in _AMONG:
        value = told[name]
        if type(value) is not str or value not in known:
            return False
    for name in COUNTS:
        value = told[name]
        if value is not None and not (type(value) is int and 0 <= value <= _MOST):
            return False
    original, flags = told["original"], told["flags"]
    if type(original) is not int or not 0 <= original <= _MOST or type(flags) is not list:
        return False
    return len(flags) <= len(FLAGS) and all(each in FLAGS for each in flags)


def _is_text(value: Any, least: int, most: int) -> bool:
    return type(value) is str and least <= len(value) <= most and value.isprintable()


def _document(kind: str, number: str) -> str:
    return resident_id_of(number)[0] if kind == "resident_id" else document_of(number)


def _day(value: Any) -> date:
    if type(value) is not str or len(value) != 10:
        raise ValueError("it is no day")
    return date.fromisoformat(value)
