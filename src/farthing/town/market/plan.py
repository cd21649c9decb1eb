"""Own ``Plan``: who lends, who borrows in which month for how long, and what becomes of it. Pure: chance is handed in by a seed,
and whether a loan is repaid is drawn by its own valuation, so that nobody knows it before it is listed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

GRADES = ("A", "B", "C", "D", "E")
FAMILY, GIVEN = "陈林黄周吴徐孙马朱胡郭何", "安宁静好明远知行思源"
TERMS = (3, 6, 9, 12)
_YEAR = 365
MORE_PERCENT = 112
"""How many ask for a loan, of a hundred that are granted."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many lend and how many loans are granted, over how many months; as many are asked for in each of the first
    ``borrow_months`` until there are enough, for some are refused. ``times``: so many times as many fail as they are valued at,
    that something happens where there are few."""

    lenders: int = 1_000
    loans: int = 300
    months: int = 24
    borrow_months: int = 11
    times: int = 1

    @property
    def gone_in(self) -> int:
        """In which month (from nought) the partner is gone for a day."""
        return self.borrow_months // 2

    @property
    def stops_in(self) -> int:
        """In which month one lender stops at once."""
        return self.gone_in + 1

    @property
    def sold_in(self) -> int:
        """In which month some lenders sell."""
        return self.gone_in + 2


@dataclass(frozen=True, slots=True)
class Lender:
    """Somebody who lends: what he brings (fen), his limits, and the grades that he takes; ``sells``: one day he offers some
    of what he holds for sale; ``picks``: he picks by hand."""

    number: int
    name: str
    born_on: date
    brings: int
    per_loan: int
    grades: tuple[str, ...]
    sells: bool
    picks: bool


@dataclass(frozen=True, slots=True)
class Borrower:
    """Somebody who asks for a loan: in which month, how much (fen), over how many instalments."""

    number: int
    name: str
    born_on: date
    month: int
    minor: int
    instalments: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everybody, and the seed of all that is left to chance."""

    seed: int
    scale: Scale
    lenders: tuple[Lender, ...]
    borrowers: tuple[Borrower, ...]


def dice_of(seed: int, what: str) -> random.Random:
    """Chance for one thing, whatever else is drawn."""
    return random.Random(f"market {seed} {what}")  # noqa: S311 - made up, the same from the same seed


def plan(seed: int, scale: Scale) -> Plan:
    """Everybody of a story, the same for the same seed."""
    dice = dice_of(seed, "people")
    lenders = tuple(_lender(number, dice) for number in range(scale.lenders))
    asked = scale.loans * MORE_PERCENT // 100
    borrowers = tuple(_borrower(number, number * scale.borrow_months // asked, dice) for number in range(asked))
    return Plan(seed, scale, lenders, borrowers)


def _name(number: int) -> str:
    return (
        FAMILY[number % len(FAMILY)]
        + GIVEN[number // len(FAMILY) % len(GIVEN)]
        + GIVEN[number // len(FAMILY) // len(GIVEN) % len(GIVEN)]
    )


def _lender(number: int, dice: random.Random) -> Lender:
    brings = dice.choice((1_000, 2_000, 3_000, 5_000)) * 100
    least = dice.choice((0, 0, 0, 1))
    return Lender(
        number, _name(number), date(1960 + number % 40, 1 + number % 12, 1), brings, dice.choice((50, 100, 150)) * 100,
        GRADES[least:], sells=number % 23 == 5, picks=number % 50 == 3,
    )  # fmt: skip


def _borrower(number: int, month: int, dice: random.Random) -> Borrower:
    return Borrower(
        number, _name(number + 37), date(1970 + number % 30, 1 + number % 12, 1), month,
        dice.choice((2_000, 3_000, 4_000)) * 100, dice.choice(TERMS),
    )  # fmt: skip


def kind_of_year(seed: int, chance: Decimal, times: Decimal) -> Decimal:
    """How many times as likely defaults are in the years of a story: as many as in a bad year, with the chance of one."""
    return times if dice_of(seed, "years").random() < chance else Decimal(1)


def stops_at(seed: int, number: int, default: Decimal, begins: date, due: Sequence[date]) -> int | None:
    """Draw from which instalment on a borrower pays nothing any more; none, where all is paid. ``default``: the chance in a year,
    which a loan runs through as its valuation has it: each period by its days."""
    drawn = Decimal(dice_of(seed, f"fate {number}").random())
    for place, day in enumerate(due):
        if 1 - (1 - default) ** (Decimal((day - begins).days) / _YEAR) > drawn:
            return place
    return None
