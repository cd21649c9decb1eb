"""Own what comes again: payments of about one amount, to or from one side, at about even distances. Pure.

A rhythm is found where three payments follow each other (two for a year) and each distance fits; nothing is guessed from fewer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from farthing.kit.calendar import add_months

Every = Literal["week", "fortnight", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment: when, how much in minor units (less than nothing went out), and what it is like."""

    id: str
    on: date
    minor: int
    like: str
    currency: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A distance between payments, in days, and how far one may be off; ``months`` where it goes by months."""

    every: Every
    least: int
    most: int
    months: int
    fewest: int


RHYTHMS = (
    Rhythm("week", 5, 9, 0, 3),
    Rhythm("fortnight", 12, 16, 0, 3),
    Rhythm("month", 24, 36, 1, 3),
    Rhythm("quarter", 84, 98, 3, 3),
    Rhythm("year", 351, 379, 12, 2),
)
"""Longer ones may be off by more: a month has up to three days more than another, and a bank waits for Monday."""
OFF = 10
"""Percent by which an amount may differ from the one in the middle."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """What comes again: how often, about how much, when last, and when it is expected next; ``missed``: it is late by more
    than the rhythm allows, so it may have ended."""

    like: str
    every: Every
    currency: str
    minor: int
    count: int
    last_on: date
    next_on: date
    missed: bool
    ids: tuple[str, ...]


def recurring(paid: Iterable[Paid], today: date) -> list[Recurring]:
    """All that comes again, the largest in a month first. What should have come twice over and did not has ended: it is left
    out."""
    by_like: dict[tuple[str, str, bool], list[Paid]] = defaultdict(list)
    for each in paid:
        by_like[each.like, each.currency, each.minor > 0].append(each)
    found = []
    for some in by_like.values():
        for alike in _alike(some):
            one = _rhythm(alike, today)
            if one is not None:
                found.append(one)
    return sorted(found, key=lambda each: (-abs(_a_month(each)), each.like, each.minor, each.last_on))


def _a_month(one: Recurring) -> int:
    weights = {"week": 52, "fortnight": 26, "month": 12, "quarter": 4, "year": 1}
    return one.minor * weights[one.every]


def _alike(paid: Sequence[Paid]) -> list[list[Paid]]:
    """Payments in groups of about one amount: sorted by amount, a group ends where the next is off from its first by too much."""
    groups: list[list[Paid]] = []
    for each in sorted(paid, key=lambda one: (abs(one.minor), one.on, one.id)):
        if groups and abs(each.minor) * 100 <= abs(groups[-1][0].minor) * (100 + OFF):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [sorted(each, key=lambda one: (one.on, one.id)) for each in groups]


def _rhythm(paid: Sequence[Paid], today: date) -> Recurring | None:
    """The rhythm of a group, if its last payments keep one."""
    for rhythm in RHYTHMS:
        run = _run(paid, rhythm)
        if len(run) < rhythm.fewest:
            continue
        last = run[-1]
        due = _next(run, rhythm)
        late = timedelta(days=rhythm.most - rhythm.least)
        if today > _after(due, rhythm) + late:
            return None
        middle = sorted(each.minor for each in run)[len(run) // 2]
        return Recurring(
            last.like, rhythm.every, last.currency, middle, len(run), last.on, due, today > due + late,
            tuple(each.id for each in run),
        )  # fmt: skip
    return None


def _run(paid: Sequence[Paid], rhythm: Rhythm) -> Sequence[Paid]:
    """The longest end of a list in which each distance fits; only what was paid twice at once breaks none."""
    start = len(paid) - 1
    for before, after in reversed(list(pairwise(paid))):
        if not rhythm.least <= (after.on - before.on).days <= rhythm.most:
            break
        start -= 1
    return paid[start:]


def _next(run: Sequence[Paid], rhythm: Rhythm) -> date:
    """The next day: the usual distance after the last; by months, on the usual day of the month."""
    if not rhythm.months:
        distances = sorted((after.on - before.on).days for before, after in pairwise(run))
        return run[-1].on + timedelta(days=distances[len(distances) // 2])
    usual = sorted(each.on.day for each in run)[len(run) // 2]
    target = add_months(run[-1].on.replace(day=1), rhythm.months)
    if run[-1].on.day < 8 and usual > 24:
        target = add_months(target, -1)  # it was paid after the month's end, and belongs to the month before
    elif run[-1].on.day > 24 and usual < 8:
        target = add_months(target, 1)
    return _on_day(target, usual)


def _on_day(month: date, day: int) -> date:
    return add_months(date(2024, 1, day), (month.year - 2024) * 12 + month.month - 1)


def _after(due: date, rhythm: Rhythm) -> date:
    return add_months(due, rhythm.months) if rhythm.months else due + timedelta(days=rhythm.most)
