"""Own ``Curve``: the published rates by grade, and what is expected of a loan of each. Pure but for the files of the program.

File: ``data/market/curve.toml``. Never hidden from anybody: who lends and who borrows read the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from farthing.funding.valuing.outcomes import Prospect, Year
from farthing.kit.shipped import DATA
from farthing.kit.tables import Table, parse
from farthing.kit.words import Words
from farthing.products import reading

PATH = DATA / "market" / "curve.toml"
DAYS = 365
"""Of a year."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: loans of which up to the part ``default_max`` are expected to default in a year pay ``annual``."""

    grade: str
    default_max: Decimal
    annual: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """The grades, the best first; ``lost``: the part of a default that never comes back; ``fee``: what the platform keeps of
    interest; and how likely a bad year is, with how many times as many defaults."""

    name: Words
    lost: Decimal
    fee: Decimal
    bad_chance: Decimal
    bad_times: Decimal
    grades: tuple[Grade, ...]

    @property
    def by_name(self) -> Mapping[str, Grade]:
        """The grades by their names."""
        return {each.grade: each for each in self.grades}

    def years(self, default: Decimal) -> tuple[Year, Year]:
        """The kinds of year there are for loans of which ``default`` fail in an ordinary one: that, and a bad one."""
        worse = min(default * self.bad_times, Decimal(1))
        return Year(1 - self.bad_chance, default), Year(self.bad_chance, worse)

    def prospect(self, default: Decimal, annual: Decimal) -> Prospect:
        """What is assumed, after the fee, of loans that pay ``annual`` and of which ``default`` fail in an ordinary year."""
        return Prospect(annual * (1 - self.fee), self.lost, self.years(default))

    def life(self, default: Decimal, days: int) -> Decimal:
        """The chance that a loan of so many days defaults in its life, which is of one kind of year."""
        return sum(
            (year.chance * (1 - (1 - year.default) ** (Decimal(days) / DAYS)) for year in self.years(default)),
            Decimal(0),
        )


def decode(file: str, source: str) -> Curve:
    """The curve that a file says, strictly: rates and defaults rise with the grade; refuses ``products.*`` by file and key."""
    table = parse(file, source, reading.as_law, quoted=True)
    bad = table.table("bad_year")
    found = Curve(
        table.words("name"), table.decimal("lost", "0", "1"), table.decimal("fee", "0", "0.99"), bad.decimal("chance", "0", "1"),
        bad.decimal("times", "1", "100"), table.many("grades", lambda one: _grade(one.table("grades"))),
    )  # fmt: skip
    bad.close()
    table.close()
    for lower, higher in pairwise(found.grades):
        if lower.default_max >= higher.default_max or lower.annual >= higher.annual:
            raise table.wrong("grades", "must rise in default_max and annual", "default_max 与 annual 须逐级递增")
    if len(found.by_name) < len(found.grades):
        raise table.wrong("grades", "name a grade twice", "同一等级出现两次")
    return found


def _grade(table: Table) -> Grade:
    found = Grade(table.text("grade"), table.decimal("default_max", "0", "1"), table.decimal("annual", "0", "1"))
    table.close()
    return found


@cache
def shipped() -> Curve:
    """The curve that comes with the program."""
    return decode(PATH.name, PATH.read_text(encoding="utf-8"))
