"""Own a batch as columns: who takes what, tested for many mandates at once, and how much room each has left.

Words become bits: a mandate names some of the grades, purposes and regions that the batch's listings have, as a mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farthing.funding.clearing.model import MOST_NOTES, Batch, Listing

Whole = NDArray[np.int64]
Places = NDArray[np.intp]
_EVERY = np.int64(2**62 - 1)
_BITS = 62


class Criteria:
    """What some mandates take, in columns: tested for many at once."""

    def __init__(self, annual: Whole, shortest: Whole, longest: Whole, masks: Sequence[Whole]) -> None:
        self.annual, self.shortest, self.longest, self.masks = annual, shortest, longest, masks

    def among(self, places: Places | slice) -> Criteria:
        """The same of some of the mandates."""
        return Criteria(
            self.annual[places], self.shortest[places], self.longest[places], [mask[places] for mask in self.masks]
        )

    def fit(self, offer: Offer) -> NDArray[np.bool_]:
        """Which of the mandates a listing fits."""
        fits = self.annual <= offer.annual
        fits &= self.shortest <= offer.months
        fits &= self.longest >= offer.months
        for column, bit in offer.bits:
            fits &= (self.masks[column] & bit) != 0
        return fits


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as criteria see it: where its rate stands among all rates, its months, and the bit of each of its words."""

    annual: int
    months: int
    bits: tuple[tuple[int, np.int64], ...]


class Columns:
    """The mandates of a batch in the order of their ids, its listings in the order in which they are filled."""

    def __init__(self, batch: Batch, listings: Sequence[Listing]) -> None:
        self.mandates = sorted(batch.mandates, key=lambda each: each.id)
        self.listings = list(listings)
        self.wants = _whole(each.notes for each in self.mandates)
        self.per_loan = _whole(min(each.per_loan, each.per_borrower) for each in self.mandates)
        self.turns = self._turns()
        self.grades = {grade: number for number, grade in enumerate(sorted({each.grade for each in listings}))}
        self.of_grade = [self.grades[each.grade] for each in listings]
        self.by_grade = self._by_grade()
        self.lower = self._lower()
        self.criteria, self.offers = self._criteria()

    def _criteria(self) -> tuple[Criteria, list[Offer]]:
        rates = sorted({each.annual for each in self.mandates} | {each.annual for each in self.listings})
        place = {annual: number for number, annual in enumerate(rates)}
        masks: list[Whole] = []
        bits: list[list[tuple[int, np.int64]]] = [[] for _ in self.listings]
        for offered, chosen in (
            ([each.grade for each in self.listings], [each.grades for each in self.mandates]),
            ([each.purpose for each in self.listings], [each.purposes for each in self.mandates]),
            ([each.region for each in self.listings], [each.regions for each in self.mandates]),
        ):
            if any(chosen):
                places = {word: number for number, word in enumerate(sorted(set(offered)))}
                for number, word in enumerate(offered):
                    column, bit = divmod(places[word], _BITS)
                    bits[number].append((len(masks) + column, np.int64(1 << bit)))
                masks += _masks(places, chosen)
        criteria = Criteria(
            _whole(place[each.annual] for each in self.mandates), _whole(each.months[0] for each in self.mandates),
            _whole(each.months[1] for each in self.mandates), masks,
        )  # fmt: skip
        offers = [
            Offer(place[each.annual], each.months, tuple(some)) for each, some in zip(self.listings, bits, strict=True)
        ]
        return criteria, offers

    def _turns(self) -> Whole:
        """Whose turn comes first among equals: who waits longer, then the smaller id."""
        order = sorted(range(len(self.mandates)), key=lambda at: (self.mandates[at].waits_since, at))
        turns = np.empty(len(order), np.int64)
        turns[order] = np.arange(len(order))
        return turns

    def _by_grade(self) -> list[Whole | None]:
        """For each grade what each mandate takes of it at most; none where nobody limits it."""
        columns: list[Whole | None] = [None] * len(self.grades)
        for at, mandate in enumerate(self.mandates):
            for grade, most in mandate.by_grade.items():
                number = self.grades.get(grade)
                if number is not None:
                    column = columns[number]
                    if column is None:
                        column = columns[number] = np.full(len(self.mandates), MOST_NOTES, np.int64)
                    column[at] = most
        return columns

    def _lower(self) -> dict[int, list[tuple[int, int]]]:
        """By listing the mandates that already hold something of its borrower, with what they may take of it."""
        of_borrower = {each.borrower: number for number, each in enumerate(self.listings)}
        found: dict[int, list[tuple[int, int]]] = {}
        for at, mandate in enumerate(self.mandates):
            for borrower, held in mandate.holds.items():
                number = of_borrower.get(borrower)
                if number is not None and held > 0:
                    most = max(0, min(mandate.per_loan, mandate.per_borrower - held))
                    found.setdefault(number, []).append((at, most))
        return found

    def taking(self, number: int, among: Places) -> NDArray[np.bool_]:
        """Which of some mandates a listing fits."""
        return self.criteria.among(among).fit(self.offers[number])

    def most(self, number: int, among: Places) -> Whole:
        """What each of some mandates may take of a listing at most, whatever it was given elsewhere."""
        most = np.minimum(self.per_loan[among], self.listings[number].per_lender)
        for at, left in self.lower.get(number, ()):
            most[among == at] = min(left, self.listings[number].per_lender)
        return most


def _masks(places: dict[str, int], chosen: Sequence[frozenset[str]]) -> list[Whole]:
    """Words as bits, sixty-two to a column; who names none takes every one."""
    count = max(1, -(-len(places) // _BITS))
    known: dict[frozenset[str], list[int]] = {frozenset(): [int(_EVERY)] * count}
    for words in set(chosen) - known.keys():
        known[words] = [0] * count
        for word in words & places.keys():
            column, bit = divmod(places[word], _BITS)
            known[words][column] |= 1 << bit
    table = np.array([known[words] for words in chosen], np.int64).reshape(len(chosen), count)
    return [np.ascontiguousarray(table[:, each]) for each in range(count)]


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, np.int64)
