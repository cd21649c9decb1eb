"""Own ``Mandate``: what a lender lets his money be lent to, and up to how much; each change is a new version of it.

Table: ``market_mandate``. Never holds money: it stays in the lender's wallet until a batch sets some of it aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from farthing.kit.inputs import Amount, Count, Few, Flag, Id, Instalments, Rate, Word
from farthing.kit.money import Money

Words = Annotated[tuple[Word, ...], Few]
"""Some names, none of them twice; without any, every one fits."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate takes. ``amount``: the most that is lent by it at any time; ``per_loan``, ``per_borrower``: of it, to one.

    ``grades``, ``purposes``, ``regions``: without any, every one. ``annual``: the least rate a year. ``months_min`` and
    ``months_max``: the shortest and the longest term. ``reinvest``: what is repaid is lent again, else it stays in the wallet.
    ``consents``: he wants this although it is more than the policy pack lets anybody lend without saying so. ``late_days``: of
    parts of loans that other lenders sell, those late by no more days are taken; none late, unless it is said.
    """

    amount: Amount
    per_loan: Amount
    per_borrower: Amount
    grades: Words = ()
    purposes: Words = ()
    regions: Words = ()
    annual: Rate = Decimal(0)
    months_min: Instalments = 1
    months_max: Instalments = 600
    reinvest: Flag = True
    consents: Flag = False
    late_days: Count = 0


@dataclass(frozen=True, slots=True)
class MakeMandate:
    """Let one's money be lent on terms."""

    party_id: Id
    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangeMandate:
    """Put other terms in the place of a mandate's, for what is lent from now on."""

    mandate_id: Id
    terms: Terms


@dataclass(frozen=True, slots=True)
class StopMandate:
    """Lend nothing more by a mandate, at once. What is lent already runs on to its end."""

    mandate_id: Id


@dataclass(frozen=True, slots=True)
class Mandate:
    """One version of a mandate: in force from ``from_at`` until ``ended_at``, if it ended; ``stopped``: nothing followed it."""

    id: str
    party_id: str
    version: int
    terms: Terms
    from_at: datetime
    ended_at: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What somebody may still let be lent: ``most`` in all, more than ``freely`` only if he says that he wants it; ``mandated``
    is let already, and ``lent`` is out that he picked by hand, or gave by mandates that are stopped."""

    note: Money
    most: Money
    freely: Money
    mandated: Money
    lent: Money
