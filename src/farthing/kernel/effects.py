"""Own what a command came to, as a second person is shown and confirms it: the day, what moved, and the other figures.

Two runs of one command give the same effects unless something else changed: ids that a run makes, instants, secrets, and
fields marked :func:`farthing.kernel.operation.beside` are no part of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from farthing.db.tx import Line, Tx
from farthing.kernel.operation import Operation
from farthing.kit.canonical import readable
from farthing.kit.ids import encode
from farthing.kit.money import Money

NEW = "new"
"""What stands where an id stands that the run itself made."""
_ID = re.compile(r"(?<![0-9a-z])[0-9a-z]{26}(?![0-9a-z])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an account would be moved by, debit positive, and the day on which it counts."""

    account: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Effects:
    """What a command came to: the bank's day, what moved, and the figures of its answer, as JSON."""

    on: date
    moved: tuple[AccountChange, ...]
    figures_json: str


def effects(tx: Tx, operation: Operation, command: Any, result: Any) -> Effects:
    """What an operation came to that has just run in this transaction. Its own facts stand for its answer where it
    declares them; ``command`` is none where what it personally held is gone."""
    made = {text for each in tx.made for text in (encode(each.int, 26), str(each))}
    facts = operation.confirm(command, result) if operation.confirm and command is not None else result
    return Effects(tx.business_date, moved(tx.lines(), made), _hidden(readable(figures(facts)), made))


def moved(lines: Iterable[Line], made: Iterable[str] = ()) -> tuple[AccountChange, ...]:
    """What lines come to, one for each account and day that they move, in order. Pure."""
    known, net = set(made), dict[tuple[str, date, str], int]()
    for account, on, currency, minor in lines:
        key = _hidden(account, known), on, currency
        net[key] = net.get(key, 0) + minor
    return tuple(
        AccountChange(account, on, Money(minor, currency))
        for (account, on, currency), minor in sorted(net.items())
        if minor
    )


def figures(value: Any) -> Any:
    """An answer without what differs each time: secrets, instants, and what is beside the matter. Pure."""
    if isinstance(value, datetime):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        told = [each.name for each in fields(value) if not {"secret", "beside"} & set(each.metadata)]
        kept = {name: getattr(value, name) for name in told}
        return {name: figures(each) for name, each in kept.items() if not isinstance(each, datetime)}
    if isinstance(value, list | tuple):
        return [figures(each) for each in value]
    if isinstance(value, dict):
        return {name: figures(each) for name, each in value.items()}
    return str(value) if isinstance(value, UUID) else value


def _hidden(text: str, made: set[str]) -> str:
    """A text with the ids in it that were made just now as :data:`NEW`."""
    return _ID.sub(lambda found: NEW if found[0] in made else found[0], text) if made else text
