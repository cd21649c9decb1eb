"""Own ``Part``: what a partner took of one loan, for which price, and what of it and of ours is still owed.

Table: ``funding_part``. It holds no money and no claim: notes say who is owed what, and ``farthing verify`` counts each part
again from notes and flows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.funding.cover.model import Claimed
from farthing.funding.programmes.model import Capacity
from farthing.kit.money import Money
from farthing.kit.words import Words

AMBER = Decimal("0.8")
"""From this part of a limit on it is amber."""


@dataclass(frozen=True, slots=True)
class Part:
    """A partner's part of a loan from the day ``taken_on`` when the loan's holders were set. ``position`` among its partners:
    what is ours counts with the first. ``share``: what it lends; ``left`` and ``own_left``: what of it, and of ours, was not
    repaid (nothing once the loan was given up). It lends at the yearly rate ``annual`` what the borrower pays ``of_annual``
    for. ``lent``: the loan was paid out. ``version``: of the programme. ``claimed``: what a cover paid for it, where that is
    asked for."""

    loan_id: str
    partner: str
    position: int
    programme: str
    version: str
    share: Money
    left: Money
    own_left: Money
    taken_on: date
    annual: Decimal
    of_annual: Decimal
    lent: bool = False
    given_up: bool = False
    claimed: Claimed | None = None

    @property
    def fee(self) -> Fraction:
        """Which part of the interest on its part the partner leaves us for servicing, exactly."""
        return 1 - Fraction(self.annual) / Fraction(self.of_annual) if self.of_annual > self.annual else Fraction(0)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is lent together under one programme of a partner, in minor units: its parts still owed, ours beside them, ours
    counted once where a loan has several partners, and what it took today."""

    partner: str
    programme: str
    theirs: int
    ours: int
    counted: int
    today: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where lending together stands in one currency: sums by programme, net capital, our part of all loans that were paid out
    (in minor units), by programme how much its partner lends, and by partner of which group it is, where it is of one."""

    sums: Sequence[Sums]
    capital: int
    loans: int
    capacities: Mapping[str, Capacity]
    groups: Mapping[str, str] = field(default_factory=dict)

    def group(self, partner: str) -> str:
        """What the partners of one group have in common; a partner alone is its own group."""
        return self.groups.get(partner, partner)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a limit is used. ``limit``: which; ``about``: a partner's code, or a programme's, or nobody's. ``level``:
    green, amber from eight tenths on, red where nothing more fits. ``article``: of the law; none of an agreement."""

    limit: str
    about: str
    most: Money
    used: Money
    level: str
    article: Words | None


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A partner that was not asked for its share of a loan, or that agreed and was let go, for a limit was in the way."""

    loan_id: str
    partner: str
    programme: str
    share: Money
    room: str
    on: date
    agreed: bool


@dataclass(frozen=True, slots=True)
class Blend:
    """What lenders of one loan ask together: the sum of each part by its rate, exact to twelve places, beside what the borrower
    pays."""

    loan_id: str
    borrower: Decimal
    blended: Decimal
    parts: tuple[tuple[str, Money, Decimal], ...]
