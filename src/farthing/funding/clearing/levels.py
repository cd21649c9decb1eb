"""Own how far a mandate has come: the place of each of its notes in one line, and how notes of one listing are shared by it.

The note after ``given`` of ``wants`` stands at ``(2 x given + 1) / wants``, halved parts of what was asked for (Sainte-Laguë,
1910: the divisors of the odd numbers), rounded down to a 2^-31st. A listing's notes go one by one to the lowest place among
those who take it and have room; of equals, to who has waited longer. Whole numbers alone, so that everybody finds the same.
"""

from __future__ import annotations

import numpy as np

from farthing.funding.clearing.columns import Whole

SHIFT = 31
NOWHERE = 2**63 - 1
"""Behind every standing."""


def place(given: Whole, wants: Whole) -> Whole:
    """Where the next note of each mandate stands; ``wants`` is at least one. Below 2^32 while less is given than is wanted."""
    return ((2 * given + 1) << SHIFT) // wants


def standing(given: Whole, wants: Whole, turns: Whole) -> Whole:
    """The place of each mandate's next note and its turn in one number, so that no two stand alike; turns are below 2^31."""
    return place(given, wants) << SHIFT | turns


def shared(notes: int, given: Whole, wants: Whole, room: Whole, turns: Whole) -> Whole:
    """What each mandate gets of a listing's notes; all of its room, which is at least one, where there is not more than that."""
    if notes >= len(room) and int(room.sum()) <= notes:
        return room.copy()
    parts = np.zeros(len(room), np.int64)
    if notes < len(room):  # whoever stands behind as many others as there are notes gets none
        starts = standing(given, wants, turns)
        last = int(np.partition(starts, notes - 1)[notes - 1])
        near, level = np.flatnonzero(starts <= last), last >> SHIFT
        given, wants, room, turns = given[near], wants[near], room[near], turns[near]
    else:
        near, level = np.arange(len(room)), int(place(given + room - 1, wants).max())
    sure, able = _narrowed(notes, level, given, wants, room)
    more = able - sure
    who = np.repeat(np.arange(len(near)), more)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(more) - more, more)
    stands = standing((given + sure)[who] + nth, wants[who], turns[who])
    first = np.argsort(stands)[: notes - int(sure.sum())]
    parts[near] = sure + np.bincount(who[first], minlength=len(near))
    return parts


def _narrowed(notes: int, level: int, given: Whole, wants: Whole, room: Whole) -> tuple[Whole, Whole]:
    """What each gets for sure and what it gets at most, so near that few notes are left between; ``level`` is enough for all."""
    low = -1
    sure, able = np.zeros(len(given), np.int64), _up_to(level, given, wants, room)
    while int(able.sum()) - int(sure.sum()) > 4 * len(given) and level - low > 1:
        middle = (low + level) // 2
        some = _up_to(middle, given, wants, room)
        if int(some.sum()) < notes:
            low, sure = middle, some
        else:
            level, able = middle, some
    return sure, able


def _up_to(level: int, given: Whole, wants: Whole, room: Whole) -> Whole:
    """How many more notes of each, within its room, stand at a level or before it."""
    within = (((((level + 1) * wants - 1) >> SHIFT) + 1) >> 1) - given
    return np.asarray(np.clip(within, 0, room), np.int64)
