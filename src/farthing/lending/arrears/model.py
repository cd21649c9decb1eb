"""Own how lateness is told: classes of days past due, and moves between them. No borrower is named."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money

USUAL = (0, 1, 31, 61, 91)
"""The first day of each class of lateness where the policy in force says none: over 0, 30, 60 and 90 days. In the first, a
loan is in time."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """Loans being repaid in a currency whose oldest unpaid instalment has been due for at least ``late_from`` days, up to
    the next class; 0: none is past due. ``outstanding``: principal not yet repaid."""

    currency: str
    late_from: int
    loans: int
    outstanding: Money


@dataclass(frozen=True, slots=True)
class Move:
    """How many loans of a class of lateness a month ago are in which class now; none: they are repaid, or were ``given_up``:
    charged off or written off."""

    was_from: int
    now_from: int | None
    loans: int
    given_up: bool = False
