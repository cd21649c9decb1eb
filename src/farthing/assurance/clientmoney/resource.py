"""Own what counts as lying at a bank: its own signed statement, by its own channel, a business day old at most. Pure.

The custodians' side of the proof. It knows none of our books; ``requirement`` knows nothing of this. What staff bring, a letter
or a file of a channel that is not the custodian's, is a note: it counts zero whatever it says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from farthing.kit.calendar import next_business_day
from farthing.payments.iso20022.model import Statement

Doubt = Literal["absent", "note", "unsigned", "old", "contradicted", "broken"]
"""Why an account is unconfirmed: nothing came; only by another's hand; without a signature that its registered key verifies; too
old; two statements of one day that differ; an opening that is not the last closing, a missing number, lines that do not sum."""


@dataclass(frozen=True, slots=True)
class Custody:
    """An account for clients' money that a bank keeps."""

    bank: str
    account: str
    currency: str


@dataclass(frozen=True, slots=True)
class Came:
    """A statement as it came: by the custodian's own ``channel`` or not, ``signed`` by the key registered for it or not."""

    statement: Statement
    channel: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What an account counts, and of which day; ``minor`` is zero wherever there is a ``doubt``."""

    custody: Custody
    minor: int
    of: date | None
    doubt: Doubt | None


def counted(custody: Custody, came: Sequence[Came], on: date, holidays: Collection[date]) -> Confirmed:
    """What an account counts at the end of the day ``on``; statements of other accounts and of later days are passed over.

    A chain that broke stays broken until the statement that joins it came: tomorrow's whole one does not heal it.
    """
    own = [each for each in came if _is_of(each.statement, custody) and each.statement.on <= on]
    by_channel = [each for each in own if each.channel]
    told = sorted((each.statement for each in by_channel if each.signed), key=lambda each: (each.on, each.number or 0))
    if not told:
        return Confirmed(custody, 0, None, "unsigned" if by_channel else "note" if own else "absent")
    doubt = _doubt(told, on, holidays)
    return Confirmed(custody, 0 if doubt else told[-1].closing.minor, told[-1].on, doubt)


def _is_of(statement: Statement, custody: Custody) -> bool:
    return (statement.account, statement.closing.currency) == (custody.account, custody.currency)


def _doubt(told: Sequence[Statement], on: date, holidays: Collection[date]) -> Doubt | None:
    once: list[Statement] = []
    for each in told:
        if once and once[-1].on == each.on:
            if _says(once[-1]) != _says(each):
                return "contradicted"
        else:
            once.append(each)
    if not all(_sums(each) for each in once) or not all(_joins(*pair) for pair in pairwise(once)):
        return "broken"
    return "old" if next_business_day(once[-1].on, holidays) < on else None


def _says(statement: Statement) -> object:
    return statement.number, statement.opening, statement.closing, statement.lines


def _sums(statement: Statement) -> bool:
    moved = sum(each.amount.minor for each in statement.lines)
    one = {each.amount.currency for each in statement.lines} <= {statement.closing.currency}
    return one and statement.opening.minor + moved == statement.closing.minor


def _joins(before: Statement, after: Statement) -> bool:
    gapless = before.number is None or after.number is None or after.number == before.number + 1
    return gapless and after.opening == before.closing
