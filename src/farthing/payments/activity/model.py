"""Own what is told of a wallet's activity. No table: the ledger holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kernel.operation import personal
from farthing.kit.money import Money
from farthing.payments.model import Movement


@dataclass(frozen=True, slots=True)
class Activity:
    """A page of what was looked for, newest first, with the sums of all that was found in the period.

    ``whole``: everything in the period was looked at; else only its newest part.
    """

    movements: tuple[Movement, ...]
    count: int
    came_in: Money
    went_out: Money
    since: date
    until: date
    whole: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One movement as its owner shows it to somebody: what, who, when, and the number to quote."""

    reference: str
    kind: str
    memo: str
    amount: Money
    recorded_at: datetime
    number: str
    other: str = personal("")
    acted_by: str = personal("")


@dataclass(frozen=True, slots=True)
class DayBalance:
    """A day's last balance, and the lowest that it had."""

    on: date
    last: Money
    lowest: Money
