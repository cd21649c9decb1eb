"""Own ``Terms``: what a product promises, as data, pinned for ever by (product, version).

Tables: ``product_version``, ``product``. Never holds behaviour: terms name it, and closed tables of functions in
the business packages carry it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from farthing.kit.inputs import Id, Source
from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class LoanRoles:
    """The account each posting role of a loan stands for; the first three are prefixes of a loan's own accounts."""

    principal: str
    interest_receivable: str
    penalty_receivable: str
    interest_income: str
    penalty_income: str
    fee_income: str
    loss: str
    recovery: str


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest and largest amount."""

    min: Money
    max: Money


@dataclass(frozen=True, slots=True)
class Instalments:
    """How many instalments may be agreed, and how far apart they fall due."""

    min: int
    max: int
    every: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Nominal rate a year and the day count it is reckoned by (ISDA 2006 section 4.16 names)."""

    annual: Decimal
    day_count: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """Nominal rate a year on what is overdue, in place of the contract rate's share of it."""

    annual: Decimal


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees as parts of the amount they fall on. ``origination`` is taken of the principal at disbursement."""

    origination: Decimal
    early_repayment: Decimal


@dataclass(frozen=True, slots=True)
class Delinquency:
    """When a late instalment counts as late, the arrears buckets (first day of each), and the write-off."""

    grace_days: int
    buckets: tuple[int, ...]
    write_off_after_days: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may ask: kinds of party, verification level, and age in completed years (persons)."""

    parties: tuple[str, ...]
    verification_level: int
    min_age_years: int
    max_age_years: int


@dataclass(frozen=True, slots=True)
class CoLending:
    """How a loan is shared with one partner lender, and how long the partner may take to answer."""

    own_share: Decimal
    partner_share: Decimal
    answer_within_ms: int


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """A loan product, decoded. Every name in it is one of the closed sets in ``products/loan.py``."""

    kind: ClassVar[str] = "loan"
    product: str
    version: str
    name: Words
    summary: Words
    use: str
    currency: str
    principal: Span
    instalments: Instalments
    rate: Rate
    method: str
    rounding: str
    allocation: tuple[str, ...]
    penalty: Penalty
    fees: Fees
    delinquency: Delinquency
    eligibility: Eligibility
    scorecard: str
    funding: tuple[str, ...]
    co_lending: CoLending | None
    roles: LoanRoles


@dataclass(frozen=True, slots=True)
class Publish:
    """Put a product or policy file in force. ``product`` is the file's stem; ``source`` its whole text."""

    product: Id
    source: Source


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a product or policy that is, or was, in force. ``version`` is a digest of its content."""

    product: str
    version: str
    kind: str
    published_at: datetime
    published_by: str
