"""Own what clears: ``Listing``, ``Mandate`` and the ``Batch`` of both, in whole notes; and ``Fill``, what a lender is given.

A note is the batch's ``unit`` of money and is never divided. Everything is counted in notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from farthing.kit.errors import malformed

Rule = Literal["pro_rata", "uniform_price", "stable"]
RULES: tuple[Rule, ...] = get_args(Rule)
MOST_NOTES = 2**30
"""So many notes are the most that one mandate or listing asks for: positions are compared in 64 bits."""

BATCH_CONTRADICTS = malformed(
    "funding.batch_contradicts", "This batch contradicts itself: {problem}.", "该批次自相矛盾：{problem_zh}。"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A loan that waits for lenders. ``notes`` are still to be funded in this batch (what is kept for manual buyers is not
    among them); no lender gets more than ``per_lender`` of them. ``annual`` is what a lender earns a year, or in the reverse
    auction the most the borrower pays; ``expected`` what is expected of it after losses and fees, where a lender prefers by
    that. ``closes_at``: until when it is funded."""

    id: str
    borrower: str
    grade: str
    annual: Decimal
    months: int
    purpose: str
    region: str
    notes: int
    per_lender: int
    expected: Decimal
    closes_at: datetime


def suits(
    annual: Decimal, months: int, named: Iterable[tuple[Collection[str], str]], *, least: Decimal, term: tuple[int, int]
) -> bool:  # fmt: skip
    """Whether a loan of a rate and months, and of what is ``named`` of it, is one that somebody takes: from a ``least`` rate,
    with a ``term`` from the shortest to the longest, and of the names chosen, where any are."""
    return annual >= least and term[0] <= months <= term[1] and all(not some or one in some for some, one in named)


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a lender wants: ``notes`` at most in this batch, of loans that fit.

    ``grades``, ``purposes``, ``regions``: none named means every one. ``annual``: the least rate a year. ``months``: shortest
    and longest. ``per_loan``, ``per_borrower``: notes at most, of which ``holds`` says how many are held of a borrower today;
    ``by_grade``: notes at most of a grade in this batch. ``turn`` settles ties: the smaller, the longer the money is idle.
    """

    id: str
    notes: int
    turn: int
    annual: Decimal = Decimal(0)
    months: tuple[int, int] = (1, 600)
    grades: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    per_loan: int = MOST_NOTES
    per_borrower: int = MOST_NOTES
    by_grade: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, int] = field(default_factory=dict)

    def takes(self, listing: Listing) -> bool:
        """Whether a listing fits the mandate, whatever room is left."""
        named = ((self.grades, listing.grade), (self.purposes, listing.purpose), (self.regions, listing.region))
        return suits(listing.annual, listing.months, named, least=self.annual, term=self.months)

    def most_of(self, listing: Listing) -> int:
        """Notes of a listing at most, by the mandate's limits and the listing's; nothing where it does not fit."""
        if not self.takes(listing):
            return 0
        left = self.per_borrower - self.holds.get(listing.borrower, 0)
        return max(0, min(self.per_loan, left, listing.per_lender, self.by_grade.get(listing.grade, MOST_NOTES)))


@dataclass(frozen=True, slots=True)
class Batch:
    """What clears together at one instant, by one rule. A borrower has one listing in a batch, so that what a lender may hold of
    him limits that one; refuses ``funding.batch_contradicts``."""

    id: str
    rule: Rule
    listings: tuple[Listing, ...]
    mandates: tuple[Mandate, ...]

    def __post_init__(self) -> None:
        listings, mandates = self.listings, self.mandates
        for wrong, problem, problem_zh in (
            (len({each.id for each in listings}) < len(listings), "a listing is there twice", "同一标的出现两次"),
            (len({each.borrower for each in listings}) < len(listings), "a borrower has two listings", "同一借款人有两个标的"),
            (len({each.id for each in mandates}) < len(mandates), "a mandate is there twice", "同一委托出现两次"),
            (any(not 0 <= notes <= MOST_NOTES for notes in (*(one.notes for one in listings), *(one.notes for one in mandates))),
             "notes are below zero or too many", "份数低于零或过多"),
            (any(each.per_lender < 1 for each in listings), "a listing gives no lender anything", "标的不许任何人出借"),
            (any(min(each.per_loan, each.per_borrower) < 1 for each in mandates),
             "a mandate takes nothing of any loan", "委托对每笔借款的上限为零"),
            (any(each.months[0] > each.months[1] for each in mandates),
             "the shortest term of a mandate is longer than the longest", "委托的最短期限长于最长期限"),
        ):  # fmt: skip
            if wrong:
                raise BATCH_CONTRADICTS(problem=problem, problem_zh=problem_zh)


@dataclass(frozen=True, slots=True)
class Fill:
    """So many notes of a listing go to a mandate."""

    listing: str
    mandate: str
    notes: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """How a batch cleared: its fills in the order of listings and mandates, and the rate of each listing that anybody funds.

    Millions of fills are ordinary, hence columns: of each the place of its listing and of its mandate among their ids in
    order, and its notes.
    """

    batch: Batch
    listings: tuple[str, ...]
    mandates: tuple[str, ...]
    of_listing: NDArray[np.intp]
    of_mandate: NDArray[np.intp]
    by_fill: NDArray[np.int64]
    rates: Mapping[str, Decimal]

    @property
    def notes(self) -> int:
        """All notes that were funded."""
        return int(self.by_fill.sum())

    @property
    def by_listing(self) -> Iterator[tuple[str, NDArray[np.intp], NDArray[np.int64]]]:
        """Each listing, by which mandates it is funded and with how many notes."""
        begins = np.searchsorted(self.of_listing, np.arange(len(self.listings) + 1)).tolist()
        for id, first, behind in zip(self.listings, begins, begins[1:], strict=False):
            yield id, self.of_mandate[first:behind], self.by_fill[first:behind]

    @property
    def fills(self) -> Iterator[Fill]:
        """The fills one by one."""
        for listing, who, notes in self.by_listing:
            for at, some in zip(who.tolist(), notes.tolist(), strict=True):
                yield Fill(listing, self.mandates[at], some)
