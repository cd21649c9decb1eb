"""Own ``Carried``: an account as it is carried into another bank. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.ledger.model import AccountSpec, Posted


@dataclass(frozen=True, slots=True)
class Carried:
    """An account as it is opened elsewhere, and what it holds: minor units, a debit positive."""

    spec: AccountSpec
    balance: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Entries in the order in which they were posted, and every account that one of them touches or that was asked for."""

    accounts: tuple[Carried, ...]
    entries: tuple[Posted, ...]
