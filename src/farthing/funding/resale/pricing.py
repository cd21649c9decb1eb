"""Own ``Quote``: what a part of a note is worth on a day, by how late its loan is and by what is still expected of it. Pure but
for the program's file.

File: ``data/market/resale.toml``. Never asks seller or buyer: both have the same published price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

from farthing.funding.resale.model import PriceParts
from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.valuation import grade_of, loss_to_come
from farthing.kit.shipped import DATA
from farthing.kit.tables import Table, calendar_day, parse
from farthing.kit.words import Words
from farthing.lending.owed import StandingInstalment
from farthing.products import reading

_STEP = Decimal("0.000001")
PATH = DATA / "market" / "resale.toml"


@dataclass(frozen=True, slots=True)
class Late:
    """From so many days past due on a loan is worth the ``part`` of what it is worth in time."""

    from_days: int
    part: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """How parts of notes are sold on: ``late`` by days past due, from nought on; a seller sells ``slice_notes`` notes a turn;
    what is sold a day is counted over ``window_days``."""

    name: Words
    from_on: date
    slice_notes: int
    window_days: int
    late: tuple[Late, ...]

    def part(self, days_late: int) -> Decimal:
        """What is left of the worth of a loan that is so late."""
        return next(each.part for each in reversed(self.late) if each.from_days <= days_late)


@dataclass(frozen=True, slots=True)
class Price:
    """What a part costs, in minor units: for its principal, and for the interest that the seller earned until the day."""

    principal: int
    interest: int

    @property
    def whole(self) -> int:
        """Both together."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Quote:
    """A loan on a day: graded by the curve of today, so late, worth the ``part`` that the table says; ``loss``: still expected of
    the principal ``outstanding``, whoever holds it; ``interest``: earned until the day and not paid, before the platform's
    ``fee``. Minor units."""

    grade: str
    days_late: int
    part: Decimal
    loss: Decimal
    outstanding: int
    interest: int
    fee: Decimal

    @property
    def fair(self) -> Fraction:
        """What one of principal is worth, without interest."""
        return Fraction(self.part) * (1 - Fraction(self.loss) / self.outstanding)

    @property
    def parts(self) -> PriceParts:
        """Of what its price is made."""
        return PriceParts(self.days_late, self.part, (self.loss / self.outstanding).quantize(_STEP))

    def price(self, principal: int) -> Price:
        """What a part of so much principal costs: rounded to the nearest, its interest down. Who buys will have the interest, and
        pay the platform's fee of it."""
        share = Fraction(principal, self.outstanding) * Fraction(self.part) * (1 - Fraction(self.fee))
        return Price(round(principal * self.fair), int(self.interest * share))

    def most(self, money: int) -> int:
        """The most principal that so much money buys."""
        each = self.fair + Fraction(self.price(self.outstanding).interest, self.outstanding)
        found = int((money + 2) / each) if each > 0 and money > 0 else 0  # two that rounding may have given away
        while found > 0 and self.price(found).whole > money:
            found -= 1
        return found


def accrued(instalments: Sequence[StandingInstalment], begins: date, on: date) -> int:
    """Interest that a loan earned until a day and that was not paid, in minor units: all that fell due, and of the period that
    runs the part of its days, rounded down."""
    earned, since = 0, begins
    for each in sorted(instalments, key=lambda one: (one.due_on, one.number)):
        whole, left = each.interest.minor, each.interest_left.minor
        if each.due_on <= on:
            earned += left
        elif since < on:
            earned += max(whole * (on - since).days // (each.due_on - since).days - (whole - left), 0)
        since = each.due_on
    return earned


def quoted(
    curve: Curve, prices: Prices, default: Decimal, fee: Decimal, instalments: Sequence[StandingInstalment], begins: date,
    on: date,
) -> Quote | None:  # fmt: skip
    """What a loan is worth on a day; none where nothing of it is left, or where it is beyond the last grade of the curve."""
    grade = grade_of(curve, default)
    outstanding = sum(each.principal_left.minor for each in instalments)
    if grade is None or outstanding <= 0:
        return None
    late = max(((on - each.due_on).days for each in instalments if each.due_on < on and each.left), default=0)
    rest = [(max(each.due_on, on), each.principal_left.minor) for each in instalments if each.principal_left]
    loss = loss_to_come(curve, default, sorted(rest), on)
    interest = accrued(instalments, begins, on)
    return Quote(grade.grade, late, prices.part(late), loss, outstanding, interest, fee)


def decode(file: str, source: str) -> Prices:
    """The table that a file says, strictly: worth falls as lateness rises; refuses ``products.*`` by file and key."""
    table = parse(file, source, reading.as_law, quoted=True)
    from_on = calendar_day(table.text("from_on"))
    if from_on is None:
        raise table.wrong("from_on", "must be a day", "须为日期")
    found = Prices(
        table.words("name"), from_on, table.whole("slice_notes", 1, 1_000),
        table.whole("window_days", 1, 366), table.many("late", lambda one: _late(one.table("late"))),
    )  # fmt: skip
    table.close()
    steps = pairwise(found.late)
    if found.late[0].from_days or any(one.from_days >= two.from_days or one.part <= two.part for one, two in steps):
        raise table.wrong(
            "late", "must begin with 0 days, rise in days and fall in part", "须自 0 天起，天数递增、比例递减"
        )
    return found


def _late(table: Table) -> Late:
    found = Late(table.whole("from_days", 0, 10_000), table.decimal("part", "0.01", "1"))
    table.close()
    return found


@cache
def shipped() -> Prices:
    """The table that comes with the program."""
    return decode(PATH.name, PATH.read_text(encoding="utf-8"))
