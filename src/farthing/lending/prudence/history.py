"""Decide what the snapshots of past months say: moves between buckets, and what was recovered of defaults. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from farthing.kit.calendar import month_end
from farthing.kit.money import Money
from farthing.lending.prudence import loss, rolls
from farthing.lending.prudence.loss import Lost
from farthing.lending.prudence.rolls import WHOLE
from farthing.products.prudence import ExpectedLoss, Scale

Of = tuple[str, str]
"""Product and currency."""


def month_after(month: date) -> date:
    """The last day of the month that follows one."""
    return month_end(month + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Moved:
    """So many loans of a product went from a bucket to another in a month."""

    of: Of
    month: date
    was: int
    bucket: int
    loans: int


@dataclass(frozen=True, slots=True)
class Stood:
    """So many loans of a product stood in a bucket at the end of a month."""

    of: Of
    month: date
    bucket: int
    loans: int


def counts(scale: Scale, moved: Iterable[Moved], stood: Iterable[Stood]) -> dict[Of, Counter[tuple[int, int]]]:
    """Moves by product: from bucket to bucket, or to repaid. A month after which there is no snapshot says nothing."""
    stood = list(stood)
    there = {each.month for each in stood}
    places: dict[tuple[Of, date], dict[int, int]] = defaultdict(dict)
    for each in stood:
        places[each.of, each.month][each.bucket] = each.loans
    went: dict[tuple[Of, date], dict[tuple[int, int], int]] = defaultdict(dict)
    for one in moved:
        went[one.of, one.month][one.was, one.bucket] = one.loans
    found: dict[Of, Counter[tuple[int, int]]] = defaultdict(Counter)
    for (of, month), buckets in places.items():
        after = month_after(month)
        if after in there:
            found[of].update(rolls.counted(scale, went.get((of, after), {}), buckets))
    return dict(found)


@dataclass(frozen=True, slots=True)
class Owed:
    """What was ours of a loan at the end of a month, since it came into default."""

    loan_id: str
    of: Of
    annual: Decimal
    since: date
    month: date
    own: int


def losses(law: ExpectedLoss, owed: Sequence[Owed]) -> dict[Of, Lost]:
    """Which part of defaults was lost, by product; rows of a default stand beside each other, the first first.

    What is owed less from a month to the next was paid; a loan that is not there any more paid the rest.
    """
    tallies: dict[Of, list[int]] = defaultdict(lambda: [0, 0, 0])
    worth: dict[Decimal, list[int]] = {}
    for (_, since), rows in groupby(owed, key=lambda each: (each.loan_id, each.since)):
        months = list(rows)
        first = months[0]
        discount = worth.setdefault(first.annual, loss.discounts(first.annual, law.workout_months))
        by_month = {_months(since, each.month): each.own for each in months}
        recovered, left = 0, first.own
        for at in range(1, law.workout_months + 1):
            now = min(by_month.get(at, 0), left)
            recovered += (left - now) * discount[at - 1] // WHOLE
            left = now
        tally = tallies[first.of]
        tally[0], tally[1], tally[2] = tally[0] + 1, tally[1] + first.own, tally[2] + recovered
    return {of: loss.lost(law, *tally) for of, tally in tallies.items()}


def _months(since: date, month: date) -> int:
    return (month.year - since.year) * 12 + month.month - since.month


@dataclass(frozen=True, slots=True)
class VintagePoint:
    """Of what was lent in a month, which part is later than a number of days so many months after."""

    product: str
    cohort: date
    months_on_book: int
    lent: Money
    late: Money
    share: Decimal


def vintages(
    lent: Mapping[tuple[Of, date], int], late: Mapping[tuple[Of, date, date], int], months: Sequence[date]
) -> list[VintagePoint]:
    """A line for each month in which was lent: a point for each snapshot since, also where nothing was late."""
    found = []
    for ((product, currency), cohort), minor in sorted(lent.items()):
        for month in months:
            if month < cohort:
                continue
            owed = late.get(((product, currency), cohort, month), 0)
            part = (Decimal(owed) / minor).quantize(Decimal("0.000001"))
            on_book, money = _months(cohort, month), (Money(minor, currency), Money(owed, currency))
            found.append(VintagePoint(product, cohort, on_book, *money, part))
    return found
