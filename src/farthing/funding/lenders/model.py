"""Own what a person of a partner lender sees: the partner's part of loans, what it was asked, and each day's settlement.

Table: ``funding_login``. Nothing here names a borrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.funding.joint.model import Use
from farthing.funding.model import InquiryState
from farthing.kit.inputs import Id
from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class BindLogin:
    """Say of which partner lender a login of the role ``lender`` is; it sees that partner's affairs and no other's."""

    actor_id: Id
    partner: Id


@dataclass(frozen=True, slots=True)
class Share:
    """A partner's part of its loans in one currency.

    ``loans`` are being repaid and ``closed`` are repaid; ``lent`` is its part of both. ``outstanding`` is its part of the
    principal not yet repaid, ``largest`` the most of it in one loan. ``interest`` and ``charges`` (penalties and fees) are what
    it was credited, of the interest less ``servicing``, which it left us. ``arrears`` is its part of the principal that fell
    due before today and was not paid, of ``late`` loans.
    """

    currency: str
    loans: int
    closed: int
    lent: Money
    outstanding: Money
    largest: Money
    interest: Money
    charges: Money
    late: int
    arrears: Money
    servicing: Money


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A partner's part of all its loans, by currency."""

    partner: str
    name: Words
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a partner was asked about one loan, and what became of it."""

    id: str
    loan_id: str
    share: Money
    state: InquiryState
    asked_at: datetime
    answered_at: datetime | None
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A page of requests, the latest first; ``next_after`` is the last of them where there are more."""

    requests: tuple[Request, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class SettlementDay:
    """One day of a partner's settlement account, on which something moved.

    ``lent`` is its part of loans paid out, ``repaid`` its part of what borrowers paid, ``paid`` what it paid to the bank
    (with a minus what it was paid), ``other`` entries of another kind; ``owed`` is what it owes after the day (with a
    minus what it is owed).
    """

    on: date
    lent: Money
    repaid: Money
    paid: Money
    other: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """The settlement account of a partner over some days, the latest first; ``opening`` is what it owed before them."""

    since: date
    until: date
    opening: Money
    closing: Money
    days: tuple[SettlementDay, ...]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a partner is asked for under one loan product in force: its ``part`` of each loan, from ``least`` to ``most``, at
    the borrower's ``annual`` rate, over so many instalments, of scores from ``least_score`` on, and how long it has to answer.
    ``programme``: by which agreement, and its ``place`` among the partners that are asked; nothing where the bank has none.
    ``annual_min``: of a rate by probability of default the least; ``annual`` is then the most. ``yours``: what of ``annual``
    the partner lends for; the rest it leaves us for servicing."""

    product: str
    name: Words
    part: Decimal
    least: Money
    most: Money
    annual: Decimal
    instalments_min: int
    instalments_max: int
    answer_within_ms: int
    since_at: datetime
    programme: str = ""
    place: int = 0
    least_score: int = 0
    until: date | None = None
    annual_min: Decimal | None = None
    yours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Mandate:
    """As what the bank knows a partner, and what it is asked for; nothing where another partner is asked.

    How much it takes in all the partner says by its answers, and by the capacity of its programmes (``Capacity``).
    """

    partner: str
    name: str
    name_en: str
    credit_code: str
    account: str
    asked_for: tuple[AskedFor, ...]
    controlled_by: str = ""


@dataclass(frozen=True, slots=True)
class Flowing:
    """What becomes of a partner's requests of today: how many it was asked, how many it agreed to, of what sum it took a part,
    and how many wait for its answer. ``capacity``: how much of what its programmes say that it lends is used."""

    on: date
    asked: int
    agreed: int
    waiting: int
    taken: Money
    capacity: tuple[Use, ...]
