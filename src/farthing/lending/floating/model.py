"""Own what the rate of a loan is made of, and how it came to be what it is. Table: ``loan_event``, ``loan.resets_on``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate that a loan bears from a day on (after it, where it was reset): ``change_rate`` as agreed, or ``reset_rate``.

    ``figure``: what the reference was on a day of reset; ``ceiling``: what a loan may cost a year, where that kept the rate below
    what it would have been."""

    on: date
    kind: str
    annual: Decimal
    penalty_annual: Decimal | None
    figure: Decimal | None
    ceiling: Decimal | None


@dataclass(frozen=True, slots=True)
class Follows:
    """What a loan's rate follows: the reference by its name, what is added to it now, when it is set anew and on which day next
    (none of a loan that bears no interest any more by then), and what the reference is today."""

    reference: str
    name: Words
    margin: Decimal
    resets: str
    figure: Decimal
    next_on: date | None


@dataclass(frozen=True, slots=True)
class LoanRate:
    """The rate that a loan bears now and its penalty, how they came to be, and what the rate follows, if it floats.

    ``instalment``: the first one after the next reset, as it would be at today's rate; ``one_point_more``: as it would be at a
    hundredth more. None where there is no reset to come."""

    loan_id: str
    annual: Decimal
    penalty_annual: Decimal
    changes: tuple[RateChange, ...]
    follows: Follows | None
    instalment: Money | None
    one_point_more: Money | None
