"""Own what a list tells of an entry: its head. Never read or written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kit.money import Money
from farthing.ledger.model import Posting


@dataclass(frozen=True, slots=True)
class EntryHead:
    """An entry without its many lines: ``moved`` is what it debits of each currency, hence credits too (a sum that no amount
    can hold is left out); ``count`` is how many postings it has, ``first`` the first few of them. ``reverses``:
    whether it takes back another."""

    id: str
    reference: str
    kind: str
    effective_on: date
    memo: str
    recorded_at: datetime
    reverses: bool
    moved: tuple[Money, ...]
    count: int
    first: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class HeadPage:
    """A page of entries by their heads, newest first."""

    entries: tuple[EntryHead, ...]
    next_cursor: str | None
