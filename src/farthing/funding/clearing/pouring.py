"""Own the state of a batch while it is filled: what each mandate was given, by listing and by grade, and where each stands.

A listing asks those who take it from the lowest place on, and as few as can matter: how many it asks says how long it takes, and
never who gets what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from farthing.funding.clearing.columns import Columns, Whole, looked_up
from farthing.funding.clearing.fits import Bits, Places
from farthing.funding.clearing.levels import NOWHERE, shared, standing
from farthing.funding.clearing.model import MOST_NOTES

SAMPLE = 512
"""Octets of mandates, evenly taken, by which is guessed up to which place to ask."""
NOBODY, NOTHING = np.empty(0, np.intp), np.empty(0, np.int64)
Holding = tuple[Places, Whole]


class Pouring:
    """Fills of a batch on the way.

    ``held``: by listing who holds it, in the order of ids, and how many notes; ``lacks``: how many nobody has. ``stands``: where
    each mandate stands in line, nowhere where all its money is given: by ``ranks`` where there are any, else by the place of its
    next note; ``came``: the place of its last one. ``moves``: how often anything was changed.
    """

    def __init__(self, columns: Columns, ranks: Whole | None = None) -> None:
        self.columns, self.ranks = columns, ranks
        count = len(columns.mandates)
        self.filled = np.zeros(count, np.int64)
        self.in_grade = [None if most is None else np.zeros(count, np.int64) for most in columns.by_grade]
        self.held: list[Holding] = [(NOBODY, NOTHING)] * len(columns.listings)
        self.lacks = [each.notes for each in columns.listings]
        self.moves = 0
        self.by_octet = np.full((-(-count // 8), 8), NOWHERE, np.int64)
        self.stands = self.by_octet.ravel()[:count]
        self.came = np.full(count, -1, np.int64)
        self._stand(np.flatnonzero(columns.wants > 0))

    def _stand(self, among: Places) -> None:
        filled, wants, turns = self.filled[among], self.columns.wants[among], self.columns.turns[among]
        if self.ranks is None:
            stands = standing(np.minimum(filled, wants - 1), wants, turns)
        else:
            stands = self.ranks[among]
        self.stands[among] = np.where(filled < wants, stands, NOWHERE)
        self.came[among] = standing(filled - 1, wants, turns)

    def of(self, number: int, among: Places) -> Whole:
        """What some mandates hold of a listing."""
        return looked_up(*self.held[number], among, np.zeros(len(among), np.int64))

    def left_of(self, number: int, among: Places) -> Whole:
        """How many notes of a listing some mandates may hold beyond what they do, whatever money they have."""
        most = self.columns.most(number, among)
        return most - self.of(number, among) if len(self.held[number][0]) else most

    def left_of_grade(self, number: int, among: Places) -> Whole:
        """How many notes of a listing's grade some mandates may hold beyond what they do."""
        grade = self.columns.of_grade[number]
        most, taken = self.columns.by_grade[grade], self.in_grade[grade]
        if most is None or taken is None:
            return np.full(len(among), MOST_NOTES, np.int64)
        return most[among] - taken[among]

    def able(self, number: int, fitting: Places) -> Holding:
        """Which of some mandates that a listing fits have room for it beyond what they hold, and how much."""
        room = np.minimum(self.left_of(number, fitting), self.columns.wants[fitting] - self.filled[fitting])
        room = np.minimum(room, self.left_of_grade(number, fitting))
        some = room > 0
        return fitting[some], room[some]

    def asked(self, number: int, enough: Callable[[Whole], bool]) -> Holding:
        """Mandates from the first in line on that take a listing and have room, and how much, until that is ``enough``; all of
        them where it never is."""
        among, room = NOBODY, NOTHING
        for near in self._nearest(number):
            among, room = self.able(number, near)
            if enough(room):
                break
        return among, room

    def _nearest(self, number: int) -> Iterator[Places]:
        """Mandates that a listing fits: the first so many in line and some more, then four times as many, at last all of them."""
        bits = self.columns.fits.of(number)
        each = 1 + len(bits) // SAMPLE
        sample = self.by_octet[::each].ravel()[np.unpackbits(bits[::each]).view(np.bool_)]
        rank = 1 + 2 * self.lacks[number] // each
        while rank < len(sample) and (level := int(np.partition(sample, rank)[rank])) < NOWHERE:
            yield self.up_to(bits, level)
            rank *= 4
        yield self.up_to(bits, NOWHERE - 1)

    def up_to(self, bits: Bits, level: int) -> Places:
        """Who of some mandates stands at a level or before it."""
        return self.columns.fits.places(bits & np.packbits(self.stands <= level))

    def fill(self, number: int) -> None:
        """Give what a listing lacks to who takes it, lowest places first."""
        notes, columns = self.lacks[number], self.columns
        if notes > 0:  # one note each would do: nobody who stands behind so many gets any
            among, room = self.asked(number, lambda room: len(room) >= notes)
            if len(among):
                parts = shared(notes, self.filled[among], columns.wants[among], room, columns.turns[among])
                self.give(number, among, parts)

    def give(self, number: int, among: Places, parts: Whole) -> None:
        """Change what some mandates, in the order of ids, hold of a listing by so many notes each."""
        some = np.flatnonzero(parts)
        if not len(some):
            return
        among, parts = among[some], parts[some]
        self.filled[among] += parts
        self._stand(among)
        taken = self.in_grade[self.columns.of_grade[number]]
        if taken is not None:
            taken[among] += parts
        self.lacks[number] -= int(parts.sum())
        self.moves += 1
        self.held[number] = summed(self.held[number], (among, parts))


def summed(some: Holding, others: Holding) -> Holding:
    """Two holdings as one, in the order of ids; whoever has nothing is left out."""
    if not len(some[0]):
        return others
    who, notes = (np.concatenate(each) for each in zip(some, others, strict=True))
    order = np.argsort(who, kind="stable")
    who, notes = who[order], notes[order]
    first = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    who, notes = who[first], np.add.reduceat(notes, first)
    kept = notes != 0
    return who[kept], notes[kept]
