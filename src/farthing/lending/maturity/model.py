"""Own ``Ladder``: what comes in and what may be asked back, by how soon, at the end of a month.

Table: ``maturity_rung``. Never a forecast: money that is owed on demand stands on hand in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from farthing.kit.money import Money
from farthing.products.balance_limits import LADDER_DAYS

RUNGS = ("on_hand", "days_7", "days_30", "days_90", "days_365", "later", "undated")
"""The rungs, from what is there at once to what has no day: capital is not a part of the ladder, nor are loans that are late."""
DATED = RUNGS[1 : len(LADDER_DAYS) + 2]
"""The rungs of loans and deposits that have a day: within each of ``LADDER_DAYS``, and beyond them."""


@dataclass(frozen=True, slots=True)
class Rung:
    """What comes in and what may be asked back on a rung, and both up to it. ``gap``: what comes in more than goes out."""

    name: str
    comes_in: Money
    goes_out: Money
    gap: Money
    gap_so_far: Money


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a currency at the end of ``month``."""

    month: date
    currency: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """What of loans comes in and of deposits goes out on the rungs of ``DATED``, in minor units."""

    loans: Sequence[int]
    deposits: Sequence[int]
