"""Own what prudence knows of a loan on a day, and what it decides of it.

Tables: ``loan_month``, ``loan_ruling``, ``loan_provision``. Never holds what a loan is: that is lending's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.inputs import Flag, Id, Statement, Word
from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Case:
    """A loan that is being repaid, as of the end of a day. ``own`` is our part of what is outstanding, for which alone we
    provide; ``ahead`` the principal that is still to fall due, as (months ahead, minor units), in order.

    ``interest_due_minor``: our part of the interest that has fallen due and is not paid. ``restructured_on``: when its terms
    were eased for a borrower in difficulty. ``impaired``: known to be, whatever the days.
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
    interest_due_minor: int = 0


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

    @property
    def suspended(self) -> Money:
        """Interest that is owed and is no income."""
        return Money(self.case.interest_due_minor if self.non_accrual else 0, self.case.own.currency)


@dataclass(frozen=True, slots=True)
class Sum:
    """Loans of a product and class together: ``own`` is our part of what is outstanding, in minor units."""

    loans: int
    own: int
    expected: int


RESERVE = "reserve"
"""The class of what is set aside beyond the expected loss, because the regulator asks for it."""


@dataclass(frozen=True, slots=True)
class Provision:
    """What is set aside for the loans of a product and class: ``allowance`` as it is to stand, ``standing`` as it stood
    before. The regulator's reserve has no product, and its class is :data:`RESERVE`."""

    product: str
    class_name: str
    loans: int
    own: Money
    expected: Money
    allowance: Money
    standing: Money

    @property
    def change(self) -> Money:
        """What is set aside more than before; below zero, what is taken back."""
        return self.allowance - self.standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """The allowance of a currency beside the regulator's table. ``least``: what the table asks for, none where the law has
    none; ``binds``: the allowance is raised to it. ``of_bad`` and ``of_loans`` are the two ratios, none without such loans."""

    loans: Money
    bad: Money
    expected: Money
    allowance: Money
    least: Money | None
    binds: bool
    of_bad: Decimal | None
    of_loans: Decimal | None


@dataclass(frozen=True, slots=True)
class Provisions:
    """Everything that is set aside for a month, or would be; ``booked``: whether it stands in the books."""

    month: date
    booked: bool
    provisions: tuple[Provision, ...]
    coverage: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """The whole balance of loans of which anything is later than ``over`` days, and its share of all."""

    over: int
    loans: int
    outstanding: Money
    share: Decimal


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A product's portfolio at risk on a day: everything that is outstanding, whoever holds it, and how much is how late."""

    on: date
    product: str
    loans: int
    outstanding: Money
    late: tuple[Late, ...]


@dataclass(frozen=True, slots=True)
class ClassSum:
    """Loans of a product and class at the end of a month; the amounts are our part."""

    product: str
    class_name: str
    loans: int
    own: Money
    expected: Money


@dataclass(frozen=True, slots=True)
class Classes:
    """How the loans were classed at the end of a month, or are on a day that none closed yet."""

    on: date
    closed: bool
    classes: tuple[ClassSum, ...]


@dataclass(frozen=True, slots=True)
class RollRow:
    """What became of the loans of a bucket a month later: ``loans`` counted, ``counted`` the parts of them by bucket in order
    and last those repaid, ``reckoned`` the row that expected loss is reckoned from, none for default. ``thin``: too few moves
    of our own, so that the law's figures weigh more. ``default_in_a_year``: the probability that follows."""

    from_days: int
    loans: int
    counted: tuple[Decimal, ...]
    reckoned: tuple[Decimal, ...] | None
    thin: bool
    default_in_a_year: Decimal


@dataclass(frozen=True, slots=True)
class Rolls:
    """Roll rates of a product, and what is lost of a default: ``cases`` of our own, ``lost_thin`` where they are too few."""

    product: str
    currency: str
    until: date
    rows: tuple[RollRow, ...]
    lost: Decimal
    cases: int
    lost_thin: bool


@dataclass(frozen=True, slots=True)
class ClassLoan:
    """Say that a loan is of a class, and why. ``better`` than the rule says needs a second person."""

    loan_id: Id
    class_name: Word
    reason: Statement
    better: Flag = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A loan's class after an officer spoke: what the days past due say, what the rule says, and what it is now."""

    loan_id: str
    by_days: str
    by_rule: str
    class_name: str
