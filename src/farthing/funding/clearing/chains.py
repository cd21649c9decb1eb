"""Own how notes move along chains so that as much as possible is funded: a lender leaves a listing that another can fund.

A chain begins at a listing that lacks money. A lender who takes it and whose money lies elsewhere leaves one of his listings,
which then lacks as much; and so on, until a lender is found whose money is idle. All chains of one search are walked in the
breadth first, hence the shortest come first (Edmonds and Karp, 1972). A lender at his limit of a grade leaves only that grade.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from farthing.funding.clearing.columns import Places, Whole
from farthing.funding.clearing.pouring import NOBODY, Pouring

ANY = -1
"""A lender who may leave any of his listings; else the number of the grade that he may leave."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A lender takes a listing, and has come to it by a state."""

    lender: int
    takes: int
    state: int


def funded_along_chains(pouring: Pouring) -> None:
    """Move notes until no chain is left: no other fills of this batch would fund more."""
    by = _move_many
    while lacking := [number for number in range(len(pouring.columns.listings)) if pouring.lacks(number) > 0]:
        if not (pouring.filled < pouring.columns.wants).any():
            return
        search = _Search(pouring)
        if sum(by(pouring, search.chain(end)) for end in search.found(lacking)):
            by = _move_many
        elif by is _move:
            return
        else:
            by = _move


class _Search:
    """One look from all listings that lack money for lenders whose money is idle."""

    def __init__(self, pouring: Pouring) -> None:
        self.pouring = pouring
        columns = pouring.columns
        self.unseen = np.flatnonzero(columns.wants > 0)
        self.seen_in_grade: dict[int, set[int]] = {}
        self.reached_by: dict[tuple[int, int], int] = {}
        self.left_by: dict[int, tuple[int, int] | None] = {}
        self.holdings, self.begins = _holdings(pouring)

    def found(self, lacking: Iterable[int]) -> list[_Link]:
        """The last links of the chains that were found from listings that lack money."""
        pouring, ends = self.pouring, []
        idle = pouring.filled < pouring.columns.wants
        queue = deque(lacking)
        self.left_by.update(dict.fromkeys(queue))
        while queue:
            number = queue.popleft()
            for at, state in self._takers(number):
                if state == ANY and idle[at]:
                    ends.append(_Link(at, number, state))
                    continue
                for other in self.holdings[self.begins[at] : self.begins[at + 1]].tolist():
                    if other not in self.left_by and state in (ANY, pouring.columns.of_grade[other]):
                        self.left_by[other] = (at, state)
                        queue.append(other)
        return ends

    def _takers(self, number: int) -> list[tuple[int, int]]:
        """Lenders not seen before who could take a note of a listing if they left another, with what they may leave."""
        pouring, columns = self.pouring, self.pouring.columns
        grade = columns.of_grade[number]
        able = self.unseen[columns.taking(number, self.unseen)]
        able = able[pouring.left_of(number, able) > 0]
        free = pouring.left_of_grade(number, able) > 0
        self.unseen = np.setdiff1d(self.unseen, able[free], assume_unique=True)
        known = self.seen_in_grade.setdefault(grade, set())
        takers = [(at, ANY if can else grade) for at, can in zip(able.tolist(), free.tolist(), strict=True)]
        new = [(at, state) for at, state in takers if state == ANY or at not in known]
        known.update(at for at, state in new if state != ANY)
        for at, state in new:
            self.reached_by[at, state] = number
        return new

    def chain(self, end: _Link) -> list[tuple[int, int, int]]:
        """A chain from its listing that lacks money: who takes which listing, and which one he leaves (none: idle money)."""
        links, at, takes, leaves = [], end.lender, end.takes, -1
        while True:
            links.append((at, takes, leaves))
            before = self.left_by[takes]
            if before is None:
                return links[::-1]
            at, state = before
            takes, leaves = self.reached_by[at, state], takes


def _holdings(pouring: Pouring) -> tuple[Places, Places]:
    """The listings of which each lender has notes, one lender after the other, and where each one's begin."""
    sizes = [len(who) for who, _ in pouring.held]
    lenders = np.concatenate([NOBODY, *(who for who, _ in pouring.held)])
    numbers = np.repeat(np.arange(len(sizes)), sizes)
    begins = np.zeros(len(pouring.filled) + 1, np.intp)
    np.cumsum(np.bincount(lenders, minlength=len(pouring.filled)), out=begins[1:])
    return numbers[np.argsort(lenders, kind="stable")], begins


def _move_many(pouring: Pouring, chain: list[tuple[int, int, int]]) -> int:
    """Move notes along the listings of a chain by all lenders who can, and give the last listing to idle money."""
    notes = pouring.lacks(chain[0][1])
    last = chain[-1][1]
    links = [(takes, leaves) for _, takes, leaves in chain[:-1]]
    for takes, leaves in links:
        notes = min(notes, int(_leaving(pouring, takes, leaves)[1].sum()))
    if notes <= 0:
        return 0
    notes = min(notes, pouring.idle(last))
    for takes, leaves in links:
        who, most = _leaving(pouring, takes, leaves)
        parts = np.diff(np.minimum(np.cumsum(most), notes), prepend=0)
        notes = int(parts.sum())
        pouring.give(leaves, who, -parts)
        pouring.give(takes, who, parts)
    lacked = pouring.lacks(last)
    if notes > 0:
        pouring.fill(last)
    return lacked - pouring.lacks(last)


def _leaving(pouring: Pouring, takes: int, leaves: int) -> tuple[Places, Whole]:
    """Who could leave a listing for another, and with how many notes."""
    columns = pouring.columns
    who, held = pouring.held[leaves]
    fits = columns.taking(takes, who)
    who, held = who[fits], held[fits]
    most = np.minimum(pouring.left_of(takes, who), held)
    if columns.of_grade[takes] != columns.of_grade[leaves]:
        most = np.minimum(most, pouring.left_of_grade(takes, who))
    return who, np.maximum(most, 0)


def _move(pouring: Pouring, chain: list[tuple[int, int, int]]) -> int:
    """Move as many notes along a chain as still can; earlier ones of the same search may have taken the room."""
    columns, notes = pouring.columns, pouring.lacks(chain[0][1])
    for at, takes, leaves in chain:
        one = _one(at)
        room = int(pouring.left_of(takes, one)[0])
        if leaves < 0:
            room = min(room, int(columns.wants[at] - pouring.filled[at]))
        else:
            room = min(room, int(pouring.of(leaves, one)[0]))
        if leaves < 0 or columns.of_grade[leaves] != columns.of_grade[takes]:
            room = min(room, int(pouring.left_of_grade(takes, one)[0]))
        notes = min(notes, room)
    if notes <= 0:
        return 0
    for at, takes, leaves in chain:
        if leaves >= 0:
            pouring.give(leaves, _one(at), np.array([-notes]))
        pouring.give(takes, _one(at), np.array([notes]))
    return notes


def _one(at: int) -> Places:
    return np.array([at], np.intp)
