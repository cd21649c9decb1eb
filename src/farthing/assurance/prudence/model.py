"""Own the nouns of prudence: the book that figures rest on, a rule, a figure with its light. No tables: all of it is
recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kit.words import Words

Light = Literal["green", "amber", "red", "unknown"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Pool:
    """Loans of one product, class, bucket of lateness and rate, our part of them: ``ahead``: the principal that is still to fall
    due, as (months ahead, minor units), in order; ``late``: principal that has fallen due and is not paid."""

    product: str
    grade: int
    bucket: int
    annual: Decimal
    loans: int
    own: int
    ahead: tuple[tuple[int, int], ...]

    @property
    def late(self) -> int:
        """What has fallen due and is not paid."""
        return self.own - sum(minor for _, minor in self.ahead)


@dataclass(frozen=True, slots=True)
class Book:
    """All that figures rest on, in one currency at the end of a day, in minor units.

    ``groups``: accounts by the first two words of their paths, each on its own side. ``dated``: deposits by how soon they may
    be asked
    for (within 7, 30, 90, 365 days, later); none where that was not kept. ``largest``: what the largest borrower owes us.
    ``over_30``: balances of loans more than thirty days late, ours and others' parts, of ``outstanding`` in all.
    """

    on: date
    currency: str
    groups: Mapping[str, int]
    pools: tuple[Pool, ...]
    dated: tuple[int, ...] | None
    undrawn: int
    largest: int
    outstanding: int
    over_30: int

    def sum_of(self, *paths: str) -> int:
        """What some groups come to together."""
        return sum(self.groups.get(path, 0) for path in paths)

    def below(self, root: str) -> int:
        """What all groups of a root come to."""
        return sum(minor for path, minor in self.groups.items() if path.startswith(f"{root}:"))

    @property
    def own(self) -> int:
        """Our part of all loans."""
        return sum(pool.own for pool in self.pools)

    @property
    def capital(self) -> int:
        """Net capital: equity and the result."""
        return self.below("equity") + self.below("income") - self.below("expenses")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of prudence as data: ``measure`` by its name out of a closed table; the light turns amber and red at these values.
    ``since``, ``until``: the days on which it is in force. ``packs``: under which policy packs; empty: under all."""

    id: str
    name: Words
    measure: str
    better: Better
    amber: Decimal
    red: Decimal
    since: date
    until: date | None
    packs: tuple[str, ...]
    article: Words
    binds: bool


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """What a rule comes to on a day. ``value``: a part, or none where it cannot be said (``why``); ``inputs_sha256``: of the
    book that
    it rests on: whoever has the same book computes the same figure."""

    rule: str
    name: Words
    on: date
    currency: str
    value: Decimal | None
    amber: Decimal
    red: Decimal
    better: Better
    light: Light
    binds: bool
    article: Words
    since: date
    inputs_sha256: str
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Prudential:
    """The figures of a day, red ones first, with how many there are of each light, and what the book was that they rest on."""

    on: date
    currency: str
    pack: str
    figures: tuple[RuleFigure, ...]
    red: int
    amber: int
    green: int
    unknown: int
    loans: int
    inputs_sha256: str
