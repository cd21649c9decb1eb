"""Own a batch as columns: what each mandate wants, whose turn is first, and how much of a listing each may take at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from farthing.funding.clearing.fits import Fits, Places
from farthing.funding.clearing.model import MOST_NOTES, Batch, Listing

Whole = NDArray[np.int64]


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
        self.fits = Fits(self.mandates, self.listings)

    def _turns(self) -> Whole:
        """Whose turn comes first among equals: who waits longer, then the smaller id."""
        order = sorted(range(len(self.mandates)), key=lambda at: (self.mandates[at].turn, at))
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

    def _lower(self) -> dict[int, tuple[Places, Whole]]:
        """By listing the mandates that already hold something of its borrower, with what they may take of it."""
        of_borrower = {each.borrower: number for number, each in enumerate(self.listings)}
        found: dict[int, tuple[list[int], list[int]]] = {}
        for at, mandate in enumerate(self.mandates):
            for borrower, held in mandate.holds.items():
                number = of_borrower.get(borrower)
                if number is not None and held > 0:
                    who, most = found.setdefault(number, ([], []))
                    who.append(at)
                    most.append(max(0, min(mandate.per_loan, mandate.per_borrower - held)))
        return {number: (np.array(who, np.intp), np.array(most, np.int64)) for number, (who, most) in found.items()}

    def most(self, number: int, among: Places) -> Whole:
        """What each of some mandates may take of a listing at most, whatever it was given elsewhere."""
        most = self.per_loan[among]
        if number in self.lower:
            who, left = self.lower[number]
            most = looked_up(who, left, among, most)
        return np.minimum(most, self.listings[number].per_lender)


def looked_up(who: Places, values: Whole, among: Places, otherwise: Whole) -> Whole:
    """For each of some mandates its value where it is one of ``who``, which stand in order; ``otherwise`` what is said."""
    if not len(who):
        return otherwise
    at = np.minimum(np.searchsorted(who, among), len(who) - 1)
    return np.where(who[at] == among, values[at], otherwise)


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, np.int64)
