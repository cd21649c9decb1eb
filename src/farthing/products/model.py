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
    """The account each posting role of a loan stands for; the first two are prefixes of a loan's own accounts."""

    principal: str
    interest_receivable: str
    interest_income: str
    penalty_income: str
    fee_income: str


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest and largest amount."""

    min: Money
    max: Money


@dataclass(frozen=True, slots=True)
class Instalments:
    """How many monthly instalments may be agreed."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Nominal rate a year and the day count it is reckoned by (ISDA 2006 section 4.16 names)."""

    annual: Decimal
    day_count: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """Nominal rate a year on what is overdue, on top of the contract rate."""

    annual: Decimal


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees as parts of the amount they fall on. ``origination`` is due with the first instalment."""

    origination: Decimal


@dataclass(frozen=True, slots=True)
class Delinquency:
    """After how many days a late instalment costs a penalty."""

    grace_days: int


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
    """A loan product, decoded. Every name in it is one of the closed sets in ``products/loan.py``.

    An offer stands ``offer_days``; what was accepted may be signed and paid out for ``completion_days``, then it
    lapses: never under a version from before products said it.
    """

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
    allocation: tuple[str, ...]
    penalty: Penalty
    fees: Fees
    delinquency: Delinquency
    offer_days: int
    completion_days: int | None
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
