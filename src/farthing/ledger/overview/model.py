"""Own what the books are told by from above: groups of accounts, and how much of a limit is used. Never read or written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts whose paths begin alike, in one currency. ``total`` is in minor units on their own side: the sum of many may
    be more than one amount holds. ``accounts``: how many are open now; at a past moment, how many were not at zero."""

    path: str
    currency: str
    accounts: int
    total: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit over balances: how far what is bound may go, and how far it goes, in minor units. Both are in the measure of
    the heaviest weight, so that what counts in full reads as the money it is."""

    name: str
    title: str
    currency: str
    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class Booked:
    """One posting of an account, with the head of its entry; ``minor`` units on the account's own side."""

    id: UUID
    reference: str
    kind: str
    effective_on: date
    minor: int
