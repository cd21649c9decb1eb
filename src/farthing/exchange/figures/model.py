"""Own the nouns of published figures: a tradeline's month as it is counted, a cell, a published cell. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

TOTAL = "*"
"""The name of a margin: all regions, or all classes."""
Cell = tuple[str, str]
"""Region and class."""
Measure = Literal["persons", "looked", "late", "owed", "drawn", "granted", "now", "before"]
MEASURES: tuple[Measure, ...] = ("persons", "looked", "late", "owed", "drawn", "granted", "now", "before")
"""Persons who owe; of them those whose days past due are known, and those late by more than the rule says; units owed; units
drawn and granted on revolving lines with a known limit; units owed now and three months before, where both are known."""
PERSONS: tuple[Measure, ...] = ("persons", "looked", "late")
TABLES = 4
"""A line counts in a cell, its region's margin, its class's, and the whole."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The last month of a quarter of one tradeline: amounts in minor units, None where the furnisher does not know.

    ``person`` and ``lender`` are the node's own numbers. ``before``: the balance three months earlier, None if unknown.
    """

    person: str
    lender: str
    region: str
    cls: str
    revolving: bool
    limit: int | None
    balance: int | None
    days_past_due: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a table must hold to: thresholds, caps on what one person counts, units, and how much each measure may tell."""

    persons_min: int
    lenders_min: int
    share_max: Fraction
    width_min: int
    """How far apart the largest and smallest possible value of a hidden cell must be, in persons."""
    unit_minor: int
    """Amounts are counted in whole units of so many minor units."""
    cap_units: int
    """What one line of a person counts for at most."""
    lines_max: int
    """How many lines of one person (a lender, region and class) count at most."""
    epsilon: Mapping[Measure, Fraction]
    late_after_days: int

    def sensitivity(self, measure: Measure) -> int:
        """How much one person can change a measure, in all cells and margins together."""
        return TABLES * self.lines_max * (1 if measure in PERSONS else self.cap_units)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in one cell: exact, capped, never published; with whom it rests on."""

    values: Mapping[Measure, int]
    lines: int
    """Of persons who owe, at a lender each: these add up to the margins, as persons do not."""
    persons: int
    lenders: int
    largest: Fraction
    """The largest lender's share of persons, or of units owed, whichever is larger."""


@dataclass(frozen=True, slots=True)
class Published:
    """A cell as it is published: noisy whole numbers and what follows from them, or nothing, and then ``hidden`` says why."""

    region: str
    cls: str
    hidden: Literal["", "few", "beside"]
    values: Mapping[Measure, int]
    late_per_mille: int | None
    used_per_mille: int | None
    growth_per_mille: int | None
