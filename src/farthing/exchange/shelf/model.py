"""Own what lies on a shelf: a lender's file of a quarter, who asked when, and what was answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Entry = tuple[int, int, int]
"""Bands of limit, balance and days past due."""
Record = dict[str, Any]
Key = tuple[str, str]
"""Purpose and period."""


@dataclass(frozen=True, slots=True)
class File:
    """A lender's whole file: which bands it enters about which tag, from which edition on."""

    load: str
    as_of: date
    currency: str
    since: date
    rows: Mapping[str, Entry]


@dataclass(slots=True)
class Lender:
    """What a lender has on the shelf for a purpose and period: the file that counts, the one that comes, parts that arrived."""

    counts: File | None = None
    comes: File | None = None
    parts: dict[str, dict[int, Record]] = field(default_factory=dict)
    known: dict[str, dict[int, str]] = field(default_factory=dict)
    """The digest of every part that was taken, by load and number."""

    def at(self, edition: date) -> File | None:
        """The file that counts in an edition."""
        if self.comes is not None and self.comes.since <= edition:
            return self.comes
        return self.counts


@dataclass(frozen=True, slots=True)
class Asked:
    """A lender asked about a tag on a day."""

    day: date
    lender: str
    bank: bool
