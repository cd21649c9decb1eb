"""Own what prudence knows of a loan on a day, and what it decides of it.

Tables: ``loan_month``, ``loan_ruling``, ``loan_provision``. Never holds what a loan is: that is lending's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Case:
    """A loan that is being repaid, as of the end of a day. ``own`` is our part of what is outstanding, for which alone we
    provide; ``ahead`` the principal that is still to fall due, as (months ahead, minor units), in order.

    ``restructured_on``: when its terms were eased for a borrower in difficulty. ``impaired``: known to be, whatever the days.
    """

    loan_id: str
    party_id: str
    product: str
    version: str
    annual: Decimal
    disbursed_on: date
    outstanding: Money
    own: Money
    days_past_due: int
    ahead: tuple[tuple[int, int], ...]
    restructured_on: date | None = None
    impaired: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What stood of a loan at the end of the month before: class and bucket by their number, stage, how many ends of a
    month in a row had no day late, and whether its interest was no income."""

    bucket: int
    class_number: int
    stage: int
    clean_months: int
    non_accrual: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an officer said of a loan's class; ``by_two``: two persons did, and it may be better than the rule."""

    class_number: int
    by_two: bool


@dataclass(frozen=True, slots=True)
class Assessed:
    """What prudence says of a loan on a day; numbers as in :class:`Before`. ``expected``: the loss that is to be expected of
    our part. ``law_class``: by days past due alone, below which nobody may go."""

    case: Case
    bucket: int
    law_class: int
    class_number: int
    stage: int
    clean_months: int
    non_accrual: bool
    expected: Money
