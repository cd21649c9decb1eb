"""Own what each place of the city is known to have in its wallet, in fen. Nobody spends what he has not. Pure.

It follows the bank's books from outside, as people keep an eye on their money, and is set right by them now and then.
"""

from __future__ import annotations

from collections.abc import Iterable


class Purses:
    """Money by place. What comes in from outside and what goes out is counted: in = held + out, always."""

    def __init__(self, places: int) -> None:
        self._held = [0] * places
        self.came_in = 0
        self.went_out = 0

    def __getitem__(self, place: int) -> int:
        """What a place has."""
        return self._held[place]

    def total(self) -> int:
        """What all have together."""
        return sum(self._held)

    def bring(self, place: int, minor: int) -> None:
        """Money comes from outside: a card at another bank, a loan, interest."""
        self._held[place] += minor
        self.came_in += minor

    def take(self, place: int, minor: int) -> int:
        """As much of a sum as is there goes out: into a deposit, to another bank; answers how much."""
        taken = max(0, min(minor, self._held[place]))
        self._held[place] -= taken
        self.went_out += taken
        return taken

    def pay(self, payer: int, payee: int, minor: int) -> int:
        """As much of a sum as is there goes from one to another; answers how much."""
        paid = max(0, min(minor, self._held[payer]))
        self._held[payer] -= paid
        self._held[payee] += paid
        return paid

    def know(self, found: Iterable[tuple[int, int]]) -> None:
        """Set right what places have, as the bank's books say."""
        for place, minor in found:
            gained = minor - self._held[place]
            self._held[place] = minor
            if gained > 0:
                self.came_in += gained
            else:
                self.went_out -= gained
