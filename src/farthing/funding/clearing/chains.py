"""Own how notes move along chains so that as much as possible is funded: a lender leaves a listing that another can fund.

A chain begins at a listing that lacks money. A lender who takes it and whose money lies elsewhere leaves one of his listings,
which then lacks as much; and so on, until a lender is found whose money is idle. All chains of one search are walked in the
breadth first, hence the shortest come first (Edmonds and Karp, 1972). A lender at his limit of a grade leaves only that grade.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from farthing.funding.clearing.columns import Whole
from farthing.funding.clearing.fits import Flags, Places
from farthing.funding.clearing.pouring import NOBODY, Pouring

Link = tuple[int, int, int]
"""A lender, the listing that he takes, and the one that he leaves (none: idle money)."""


def funded_along_chains(pouring: Pouring) -> None:
    """Move notes until no chain is left: no other fills of this batch would fund more."""
    together = True
    while lacking := [number for number, notes in enumerate(pouring.lacks) if notes > 0]:
        if not (pouring.filled < pouring.columns.wants).any():
            return
        search = _Search(pouring)
        ends = search.found(lacking)
        if _moved_together(pouring, search, ends) if together else _moved_singly(pouring, search, ends):
            together = True
        elif not together:
            return
        else:
            together = False


class _Search:
    """One look from all listings that lack money for lenders whose money is idle.

    A lender is reached once as one who may leave any of his listings, or, at his limit of a grade, once as one who may leave that
    grade. ``left_by``: by listing who leaves it, and the listing for which he does; none where money is lacking.
    """

    def __init__(self, pouring: Pouring) -> None:
        self.pouring = pouring
        columns = pouring.columns
        self.of_grade = np.array(columns.of_grade, np.int64)
        self.unseen = _Marked(columns.wants > 0)
        self.unseen_in_grade: dict[int, _Marked] = {}
        self.left_by: dict[int, tuple[int, int] | None] = {}
        self.left = np.zeros(len(pouring.held), np.bool_)
        self.place = np.empty(len(pouring.held), np.intp)
        self.holdings, self.begins = _holdings(pouring)

    def found(self, lacking: Iterable[int]) -> list[tuple[int, int]]:
        """The ends of the chains that were found from listings that lack money: whose money is idle, and what he takes."""
        idle = self.pouring.filled < self.pouring.columns.wants
        ends: list[tuple[int, int]] = []
        queue = deque(lacking)
        self.left_by.update(dict.fromkeys(queue))
        self.left[list(queue)] = True
        while queue:
            number = queue.popleft()
            who, free = self._takers(number)
            if not len(who):
                continue
            ended = free & idle[who]
            ends.extend((at, number) for at in who[ended].tolist())
            queue.extend(self._leave(number, who[~ended], free[~ended]))
        return ends

    def _takers(self, number: int) -> tuple[Places, Flags]:
        """Lenders not seen before who could take a note of a listing if they left another; who of them may leave any."""
        pouring, columns = self.pouring, self.pouring.columns
        grade = columns.of_grade[number]
        if grade not in self.unseen_in_grade:
            self.unseen_in_grade[grade] = _Marked(np.ones(columns.fits.count, np.bool_))
        unseen, in_grade = self.unseen, self.unseen_in_grade[grade]
        new = columns.fits.of(number) & unseen.bits & in_grade.bits
        able = columns.fits.places(new) if new.any() else NOBODY
        able = able[pouring.left_of(number, able) > 0] if len(able) else able
        free = pouring.left_of_grade(number, able) > 0
        unseen.strike(able[free])
        in_grade.strike(able[~free])
        return able, free

    def _leave(self, number: int, who: Places, free: Flags) -> list[int]:
        """The listings, not come to before, that lenders leave for this one, each by the first who can."""
        begins, sizes = self.begins[who], self.begins[who + 1] - self.begins[who]
        owner = np.repeat(np.arange(len(who)), sizes)
        held = self.holdings[np.arange(len(owner)) + np.repeat(begins - np.cumsum(sizes) + sizes, sizes)]
        may = ~self.left[held] & (free[owner] | (self.of_grade[held] == self.of_grade[number]))
        held, owner = held[may], owner[may]
        places = np.arange(len(held))
        # Of a listing that several could leave, the first of them is written last.
        self.place[held[::-1]] = places[::-1]
        first = np.flatnonzero(self.place[held] == places)
        some: list[int] = held[first].tolist()
        self.left[some] = True
        self.left_by.update(zip(some, ((at, number) for at in who[owner[first]].tolist()), strict=True))
        return some

    def chain(self, lender: int, takes: int) -> list[Link]:
        """A chain from its listing that lacks money to idle money."""
        links = [(lender, takes, -1)]
        while before := self.left_by[links[-1][1]]:
            links.append((*before, links[-1][1]))
        return links[::-1]


class _Marked:
    """Which mandates are marked, as flags and as bits."""

    def __init__(self, flags: Flags) -> None:
        self.flags, self.bits = flags, np.packbits(flags)

    def strike(self, some: Places) -> None:
        """Mark some no more."""
        if len(some):
            self.flags[some] = False
            self.bits = np.packbits(self.flags)


def _holdings(pouring: Pouring) -> tuple[Places, Places]:
    """The listings of which each lender has notes, one lender after the other, and where each one's begin."""
    sizes = [len(who) for who, _ in pouring.held]
    lenders = np.concatenate([NOBODY, *(who for who, _ in pouring.held)])
    numbers = np.repeat(np.arange(len(sizes)), sizes)
    begins = np.zeros(len(pouring.filled) + 1, np.intp)
    np.cumsum(np.bincount(lenders, minlength=len(pouring.filled)), out=begins[1:])
    return numbers[np.argsort(lenders, kind="stable")], begins


def _moved_together(pouring: Pouring, search: _Search, ends: Iterable[tuple[int, int]]) -> int:
    """Move notes along each chain by all lenders who can; how many were funded by it.

    Chains to one listing differ in their last lender alone, and are tried again only after something moved."""
    funded, vain = 0, set[int]()
    for lender, takes in ends:
        if takes not in vain:
            moves = pouring.moves
            funded += _move_together(pouring, search.chain(lender, takes))
            if pouring.moves == moves:
                vain.add(takes)
            else:
                vain.clear()
    return funded


def _move_together(pouring: Pouring, chain: list[Link]) -> int:
    """Move notes along the listings of a chain by all lenders who can, and give the last listing to idle money."""
    notes, last = pouring.lacks[chain[0][1]], chain[-1][1]
    links = [(takes, leaves) for _, takes, leaves in chain[:-1]]
    for takes, leaves in links:
        notes = min(notes, int(_leaving(pouring, takes, leaves)[1].sum()))
    if notes <= 0:
        return 0
    notes = min(notes, _idle(pouring, last))
    for takes, leaves in links:
        who, most = _leaving(pouring, takes, leaves)
        parts = np.diff(np.minimum(np.cumsum(most), notes), prepend=0)
        notes = int(parts.sum())
        pouring.give(leaves, who, -parts)
        pouring.give(takes, who, parts)
    lacked = pouring.lacks[last]
    if notes > 0:
        pouring.fill(last)
    return lacked - pouring.lacks[last]


def _leaving(pouring: Pouring, takes: int, leaves: int) -> tuple[Places, Whole]:
    """Who could leave a listing for another, and with how many notes."""
    columns = pouring.columns
    who, held = pouring.held[leaves]
    fits = columns.fits.taking(takes, who)
    who, held = who[fits], held[fits]
    most = np.minimum(pouring.left_of(takes, who), held)
    if columns.of_grade[takes] != columns.of_grade[leaves]:
        most = np.minimum(most, pouring.left_of_grade(takes, who))
    return who, np.maximum(most, 0)


def _idle(pouring: Pouring, number: int) -> int:
    """How many notes of a listing all mandates could take now."""
    fits = pouring.columns.fits
    return int(pouring.able(number, fits.places(fits.of(number)))[1].sum())


def _moved_singly(pouring: Pouring, search: _Search, ends: Iterable[tuple[int, int]]) -> int:
    """Move notes along each chain by its own lenders alone; how many were funded by it."""
    return sum(_move(pouring, search.chain(lender, takes)) for lender, takes in ends)


def _move(pouring: Pouring, chain: list[Link]) -> int:
    """Move as many notes along a chain as still can; earlier ones of the same search may have taken the room."""
    columns, notes = pouring.columns, pouring.lacks[chain[0][1]]
    for at, takes, leaves in chain if notes > 0 else ():
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
