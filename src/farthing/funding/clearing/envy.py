"""Own who envies whom: somebody who was given less of what he asked for would take a note of somebody who was given more.

Whoever envies stands before the last holder of a listing, takes it and has room for it. A listing that nobody envied is envied
since only by whom another note was given or taken, or where its last holder moved back: that alone is looked at again.
"""

from __future__ import annotations

import numpy as np

from farthing.funding.clearing.pouring import NOBODY, Pouring, summed

MOST_ROUNDS = 64
"""Sharing again ends by itself; a batch that needs more rounds is published with what envy is left."""


class Envy:
    """What is known of who envies whom. ``moved``: mandates whose fills changed, one after the other."""

    def __init__(self, pouring: Pouring) -> None:
        self.pouring = pouring
        self.moved = NOBODY
        self.content = [(-1, 0)] * len(pouring.held)

    def of(self, number: int) -> bool:
        """Whether somebody envies a holder of a listing."""
        pouring = self.pouring
        who, _ = pouring.held[number]
        if not len(who):
            return False
        fits = pouring.columns.fits
        worst = int(pouring.came[who].max())
        before, moves = self.content[number]
        if worst > before:
            rivals = pouring.up_to(fits.of(number), worst)
        else:
            lately = self.moved[moves:]
            rivals = lately[pouring.stands[lately] < worst]
            rivals = rivals[fits.taking(number, rivals)] if len(rivals) else rivals
        if len(rivals) and len(pouring.able(number, rivals)[0]):
            return True
        self.content[number] = worst, len(self.moved)
        return False

    def shared_again(self, number: int) -> bool:
        """Share a listing's notes anew as if none had been given, where it is envied; whether that changed anything."""
        if not self.of(number):
            return False
        pouring = self.pouring
        who, notes = pouring.held[number]
        pouring.give(number, who, -notes)
        pouring.fill(number)
        changed, _ = summed((who, -notes), pouring.held[number])
        self.moved = np.concatenate([self.moved, changed])
        return len(changed) > 0


def shared_until_content(pouring: Pouring) -> None:
    """Share listings again, round after round, until nobody envies anybody."""
    envy = Envy(pouring)
    for _ in range(MOST_ROUNDS):
        if not sum(envy.shared_again(number) for number in range(len(pouring.held))):
            break
