"""Own ``LossFan``: of a lender's notes what might be lost by each month, as their loans were valued, and what was. Never kept:
derived from notes, flows and the valuations that he was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class LossPoint:
    """By the end of a day: what was ``expected`` to be lost by then; ``fan``: of a hundred outcomes the 5th, 25th, 50th, 75th and
    95th, the least loss first; ``lost``: what was, none of a day to come."""

    on: date
    expected: Money
    fan: tuple[Money, ...]
    lost: Money | None


@dataclass(frozen=True, slots=True)
class LossFan:
    """A lender's losses by month, from his first note to the last day on which anything falls due; no points without a note.

    ``lost`` so far is what was left of notes when their loans were given up (``given_up`` of ``loans``), less principal that came
    in since. ``place``: the part of all outcomes by today that are no worse, half of those just as bad counted, from nought to
    one. ``covered``: what the protection fund paid, which is not taken off.
    """

    party_id: str
    loans: int
    given_up: int
    expected: Money
    lost: Money
    covered: Money
    place: Decimal | None
    points: tuple[LossPoint, ...]
