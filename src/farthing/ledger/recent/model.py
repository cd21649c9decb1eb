"""Own the line and the recent past of an account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as an account met it: how much it took off (positive) or brought (negative), in minor units of the account's
    own side, and the accounts of the other side by id."""

    at: datetime
    kind: str
    out: int
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recent:
    """An account's latest lines, the newest first, and the last day before them on which it moved, if any."""

    opened_at: datetime
    lines: tuple[Line, ...]
    before_on: date | None


@dataclass(frozen=True, slots=True)
class Passed:
    """One entry as it passed an account: its id, and each account that it moved with what it took off (positive) or brought
    (negative) there, debit positive, in minor units."""

    entry: UUID
    legs: tuple[tuple[int, int], ...]


MOST = 200
"""Of each account so many lines are looked at: counts of more are told as this many."""
