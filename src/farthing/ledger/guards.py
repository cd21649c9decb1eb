"""Own the guard: a limit over balances, checked in the transaction of the postings that could break it.

A guard is a weighted sum of accounts' own-side balances that must not fall below zero. Its figure is kept beside
the accounts and moved by the posting door, so that checking costs one row and not a sum over all accounts.
Never a guard that is only checked afterwards.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from functools import lru_cache

from farthing.kit.errors import declined
from farthing.kit.money import MAX_MINOR, Money

GUARD = declined(
    "ledger.guard",
    "Guard {guard} forbids it: {title}. The margin is {margin} and {wanted} of it was asked for.",
    "限额 {guard} 不允许:{title}。余量为 {margin},所需为 {wanted}。",
)


@dataclass(frozen=True, slots=True)
class Guard:
    """``constant + sum(weight * own-side balance)`` over the accounts whose path matches must stay at or above 0.

    ``terms`` are (pattern, weight): a pattern is a path in which ``*`` stands for anything.
    """

    name: str
    title: str
    currency: str
    constant: int
    terms: tuple[tuple[str, int], ...]


@lru_cache(maxsize=1 << 18)
def _weight(terms: tuple[tuple[str, int], ...], path: str) -> int:
    return sum(weight for pattern, weight in terms if fnmatch.fnmatchcase(path, pattern))


@dataclass(frozen=True, slots=True)
class GuardState:
    """A guard with its figure: the margin that is left."""

    guard: Guard
    figure: int

    @property
    def key(self) -> str:
        """The guard's name."""
        return self.guard.name

    def weight_of(self, path: str) -> int:
        """How one minor unit on ``path`` moves the figure."""
        return _weight(self.guard.terms, path)

    def facts(self, delta: int) -> dict[str, object]:
        """What a refusal shows: name, limit and figure."""
        return {
            "guard": self.guard.name,
            "title": self.guard.title,
            "margin": shown(self.figure, self.guard.currency),
            "wanted": shown(-delta, self.guard.currency),
        }


def shown(minor: int, currency: str) -> str:
    """A figure for a sentence, also beyond the range of one amount."""
    return str(Money(minor, currency)) if abs(minor) <= MAX_MINOR else f"{currency} {minor} minor units"
