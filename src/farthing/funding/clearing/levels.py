"""Own how far a mandate has come: the place of each of its notes in one line, and how notes of one listing are shared by it.

The note after ``given`` of ``wants`` stands at ``(2 x given + 1) / wants``, halved parts of what was asked for (Sainte-Laguë,
1910: the divisors of the odd numbers), rounded down to a 2^-31st. A listing's notes go one by one to the lowest place among
those who take it and have room; of equals, to who has waited longer. Whole numbers alone, so that everybody finds the same.
"""

from __future__ import annotations

import numpy as np

from farthing.funding.clearing.columns import Whole

SHIFT = 31


def place(given: Whole, wants: Whole) -> Whole:
    """Where the next note of each mandate stands; ``wants`` is at least one."""
    return ((2 * given + 1) << SHIFT) // wants


def shared(notes: int, given: Whole, wants: Whole, room: Whole, turns: Whole) -> Whole:
    """What each mandate gets of a listing's notes; all of its room, which is at least one, where there is not more than that."""
    if notes >= len(room) and int(room.sum()) <= notes:
        return room.copy()
    starts = place(given, wants)
    parts = np.zeros(len(room), np.int64)
    if notes < len(room):  # whoever stands behind as many others as there are notes gets none
        near = np.flatnonzero(starts <= np.partition(starts, notes - 1)[notes - 1])
        level = int(starts[near].max())
    else:
        near, level = np.arange(len(room)), int(place(given + room - 1, wants).max())
    able = np.minimum(_up_to(level, given[near], wants[near]), room[near])
    who = np.repeat(near, able)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(able) - able, able)
    places = place(given[who] + nth, wants[who])
    first = np.lexsort((turns[who], places))[:notes]
    np.add.at(parts, who[first], 1)
    return parts


def _up_to(level: int, given: Whole, wants: Whole) -> Whole:
    """How many more notes of each stand at a level or before it."""
    return (((((level + 1) * wants - 1) >> SHIFT) + 1) >> 1) - given
