"""Own the nouns of a deposit: its product's terms, what was agreed, its state, what happens to it, what it earns.

All frozen, all plain data. A deposit pins the digest of its terms for ever: a product is never changed under a
live deposit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.rates import RateBoard, Term


@dataclass(frozen=True)
class Agreement:
    """What the saver chose at opening, within the product's terms."""

    term: Term | None = None
    renewal: str = "none"
    every: Term | None = None
    notice: Term | None = None


@dataclass(frozen=True)
class Portion:
    """Part of a deposit. Notice deposits: with its own first day and the notice periods in which it earns nothing.

    Lump in, instalments out: a draw already paid, ``since_on`` being the day it was drawn.
    """

    amount: Money
    since_on: date
    barren: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Notice:
    """Notice given on a day to draw an amount on a later day."""

    given_on: date
    for_on: date
    amount: Money


@dataclass(frozen=True)
class Instalment:
    """One paid instalment; ``slot`` is the month of the plan it counts from (0 is the first), None after a breach.

    Two share a slot where one made up the month before. It is as of the deposit's last event: see ``rules.instalment``.
    """

    paid_on: date
    amount: Money
    slot: int | None


@dataclass(frozen=True)
class Deposit:
    """The state of one deposit. ``balance`` is principal; ``since_on`` is the first day of the running period.

    ``balance_days`` and ``leap_balance_days`` are minor units x days, accumulated until ``as_of_on``.
    """

    product: str
    terms_digest: str
    agreement: Agreement
    opened_on: date
    balance: Money
    since_on: date
    as_of_on: date
    rate: Decimal = Decimal(0)
    matures_on: date | None = None
    balance_days: int = 0
    leap_balance_days: int = 0
    residue_minor: Decimal = Decimal(0)
    interest_paid_minor: int = 0
    draws: int = 0
    renewed: int = 0
    portions: tuple[Portion, ...] = ()
    notices: tuple[Notice, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    closed_on: date | None = None


@dataclass(frozen=True)
class Event:
    """What a person asks for on a day: ``do`` is one of ``rules.common.EVENTS``.

    ``for_on`` is the agreed day of a notice. ``product_version`` may be stated to be checked against the deposit's.
    """

    on: date
    do: str
    amount: Money | None = None
    for_on: date | None = None
    product_version: int | None = None


@dataclass(frozen=True)
class Due:
    """What a deposit does by itself: on ``on``, at the start of the day or (``at_end``) after its events."""

    on: date
    what: str
    at_end: bool = False


@dataclass(frozen=True)
class Lot:
    """An amount that earned for a span: ``fraction`` is the span as an exact part of a year."""

    amount: Money
    from_on: date
    to_on: date
    fraction: Fraction
    working: str = ""


@dataclass(frozen=True)
class InterestPayment:
    """One payment of interest and how it was reached.

    ``from_on`` earns, ``to_on`` does not (first day in, last day out). ``exact`` is the amount before rounding, in
    major units. A negative amount is interest taken back. ``capitalised`` interest joins the principal.
    """

    paid_on: date
    amount: Money
    from_on: date
    to_on: date
    days: int
    principal: Money
    annual_rate: Decimal
    day_count: str
    rule: str
    reason: Words
    working: str
    exact: str
    capitalised: bool = False


@dataclass(frozen=True)
class Change:
    """The deposit after an event, and what moved: principal in, principal out, interest paid or capitalised."""

    deposit: Deposit
    on: date
    principal_in: Money
    principal_out: Money
    interest: tuple[InterestPayment, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What rules may look at beside the deposit: the published rates and the public holidays."""

    board: RateBoard
    holidays: frozenset[date] = field(default_factory=frozenset)
