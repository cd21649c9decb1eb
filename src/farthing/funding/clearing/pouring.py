"""Own the state of a batch while it is filled: what each mandate was given, by listing and by grade, and whose turn is next.

Mandates stand in a line by the place of their next note. The line is sorted now and then only: since it was, those who were
given something have moved back (reading on until the level is passed finds them all), and those who lost something have moved
forward and are asked first. A listing reads only as much of the line as it needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from farthing.funding.clearing.columns import Columns, Places, Whole
from farthing.funding.clearing.levels import place, shared
from farthing.funding.clearing.model import MOST_NOTES

AT_A_TIME = 8192
"""Mandates of the line that are asked together."""
SORTED_EACH = 64
"""Listings that are filled before the line is sorted again."""
MOST_LEVEL = 2**62
NOBODY, NOTHING = np.empty(0, np.intp), np.empty(0, np.int64)
Holding = tuple[Places, Whole]


class Pouring:
    """Fills of a batch on the way. ``held``: by listing who holds it, in the order of ids, and how many notes."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.filled = np.zeros(len(columns.mandates), np.int64)
        self.in_grade = [None if most is None else np.zeros(len(most), np.int64) for most in columns.by_grade]
        self.held: list[Holding] = [(NOBODY, NOTHING)] * len(columns.listings)
        self.asking = np.flatnonzero(columns.wants > 0)
        self.forward = np.zeros(len(columns.mandates), np.bool_)
        self.sort()

    def sort(self) -> None:
        """Let the mandates that want more stand in line anew."""
        columns = self.columns
        waiting = self.asking[self.filled[self.asking] < columns.wants[self.asking]]
        places = place(self.filled[waiting], columns.wants[waiting])
        order = np.lexsort((columns.turns[waiting], places))
        self.line, self.places = waiting[order], places[order]
        self.criteria = columns.criteria.among(self.line)
        self.forward[:] = False
        self.forward_count = self.since_sorted = 0

    def lacks(self, number: int) -> int:
        """Notes of a listing that nobody has."""
        return self.columns.listings[number].notes - int(self.held[number][1].sum())

    def of(self, number: int, among: Places) -> Whole:
        """What some mandates hold of a listing."""
        who, notes = self.held[number]
        if not len(who):
            return np.zeros(len(among), np.int64)
        at = np.minimum(np.searchsorted(who, among), len(who) - 1)
        return np.where(who[at] == among, notes[at], 0)

    def left_of(self, number: int, among: Places) -> Whole:
        """How many notes of a listing some mandates may hold beyond what they do, whatever money they have."""
        return self.columns.most(number, among) - self.of(number, among)

    def left_of_grade(self, number: int, among: Places) -> Whole:
        """How many notes of a listing's grade some mandates may hold beyond what they do."""
        grade = self.columns.of_grade[number]
        most, taken = self.columns.by_grade[grade], self.in_grade[grade]
        if most is None or taken is None:
            return np.full(len(among), MOST_NOTES, np.int64)
        return most[among] - taken[among]

    def room(self, number: int, among: Places) -> Whole:
        """How many notes of a listing some mandates that it fits could take now, beyond what they hold of it."""
        room: Whole = np.minimum(self.left_of(number, among), self.columns.wants[among] - self.filled[among])
        return np.asarray(np.minimum(room, self.left_of_grade(number, among)), np.int64)

    def able(self, number: int, fitting: Places) -> Holding:
        """Which of some mandates that a listing fits have room for it, and how much."""
        room = self.room(number, fitting)
        some = room > 0
        return fitting[some], room[some]

    def idle(self, number: int) -> int:
        """How many notes of a listing all mandates could take now."""
        fitting = self.asking[self.columns.taking(number, self.asking)]
        return int(self.able(number, fitting)[1].sum())

    def fill(self, number: int) -> None:
        """Give what a listing lacks to who takes it, lowest places first."""
        notes, columns = self.lacks(number), self.columns
        if notes > 0:
            among, room = self._asked(number, notes)
            if len(among):
                parts = shared(notes, self.filled[among], columns.wants[among], room, columns.turns[among])
                self.give(number, among, parts)

    def shared_again(self, number: int) -> bool:
        """Share a listing's notes anew as if none had been given; whether that changed anything."""
        if not self.envied(number):
            return False
        who, notes = self.held[number]
        self.give(number, who, -notes)
        self.fill(number)
        now_who, now_notes = self.held[number]
        return not (np.array_equal(who, now_who) and np.array_equal(notes, now_notes))

    def give(self, number: int, among: Places, parts: Whole) -> None:
        """Change what some mandates hold of a listing by so many notes each."""
        some = np.flatnonzero(parts)
        among, parts = among[some], parts[some]
        self.filled[among] += parts
        taken = self.in_grade[self.columns.of_grade[number]]
        if taken is not None:
            taken[among] += parts
        who, notes = self.held[number]
        if len(who):
            among, parts = np.concatenate([who, among]), np.concatenate([notes, parts])
            order = np.argsort(among, kind="stable")
            among, parts = among[order], parts[order]
            first = np.flatnonzero(np.append(True, among[1:] != among[:-1]))
            among, parts = among[first], np.add.reduceat(parts, first)
            lost = among[parts < self.of(number, among)]
            if len(lost):
                self.forward[lost] = True
                self.forward_count += len(lost)
            kept = parts > 0
            self.held[number] = among[kept], parts[kept]
        else:
            order = np.argsort(among)
            self.held[number] = among[order], parts[order]

    def envied(self, number: int) -> bool:
        """Whether somebody who would take a note of a listing stands before its last holder."""
        columns = self.columns
        who, _ = self.held[number]
        if not len(who):
            return False
        worst = max(self._standing(who, -1))
        for fitting, begins in self._in_line(number):
            if begins > worst[0]:
                return False
            able, _ = self.able(number, fitting)
            able = able[place(self.filled[able], columns.wants[able]) <= worst[0]]
            if len(able) and min(self._standing(able, 0)) < worst:
                return True
        return False

    def _standing(self, among: Places, step: int) -> list[tuple[int, int]]:
        places = place(self.filled[among] + step, self.columns.wants[among])
        return list(zip(places.tolist(), self.columns.turns[among].tolist(), strict=True))

    def _asked(self, number: int, notes: int) -> Holding:
        """Mandates that take a listing and have room for it, as many as can matter for so many notes, and how much."""
        columns, level = self.columns, MOST_LEVEL
        found, rooms, starts = NOBODY, NOTHING, NOTHING
        for fitting, begins in self._in_line(number):
            if begins > level:
                break
            able, room = self.able(number, fitting)
            begun = place(self.filled[able], columns.wants[able])
            near = np.flatnonzero(begun <= level)
            found, rooms = np.concatenate([found, able[near]]), np.concatenate([rooms, room[near]])
            starts = np.concatenate([starts, begun[near]])
            if len(found) >= notes:  # one note each would do: nobody who stands behind so many gets any
                level = int(np.partition(starts, notes - 1)[notes - 1])
            elif int(rooms.sum()) >= notes:
                level = self._last(notes, found, rooms)
        return found, rooms

    def _last(self, notes: int, among: Places, room: Whole) -> int:
        """Where the last of so many notes goes."""
        wants, filled = self.columns.wants[among], self.filled[among]
        parts = shared(notes, filled, wants, room, self.columns.turns[among])
        return int(place(filled + parts - 1, wants)[parts > 0].max())

    def _in_line(self, number: int) -> Iterator[tuple[Places, int]]:
        """All mandates that a listing fits, each piece with a level before which nobody in it or behind it stands."""
        if self.since_sorted >= SORTED_EACH or self.forward_count > AT_A_TIME:
            self.sort()
        self.since_sorted += 1
        offer = self.columns.offers[number]
        if self.forward_count:
            forward = np.flatnonzero(self.forward)
            yield forward[self.columns.taking(number, forward)], -1
        for first in range(0, len(self.line), AT_A_TIME):
            piece = slice(first, first + AT_A_TIME)
            fitting = self.line[piece][self.criteria.among(piece).fit(offer)]
            if self.forward_count:
                fitting = fitting[~self.forward[fitting]]
            yield fitting, int(self.places[first])
