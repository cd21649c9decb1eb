"""Own the nouns of a deposit: its product's terms, what was agreed, its state, what happens to it, what it earns.

All frozen, all plain data. A deposit pins the digest of its terms for ever: a product is never changed under a
live deposit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from farthing.kit.canonical import digest
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.board import RateBoard, Term


@dataclass(frozen=True)
class Basis:
    """How a span of days becomes part of a year.

    ``period`` is ``actual_days`` (the whole span by ``day_count``) or ``full_months`` (whole months over 12, the odd
    days after them by ``day_count``): the two ways PBC notice 2005 No. 129 lets a bank choose from.
    """

    day_count: str = "actual/360"
    period: str = "actual_days"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What every deposit product states. ``basis`` serves term rates, ``demand_basis`` the demand rate.

    ``earning_unit``: only whole multiples of it earn (计息起点); None: every minor unit does.
    """

    product: str
    method: str
    version: int
    name: Words
    currency: str
    minimum: Money
    basis: Basis
    demand_basis: Basis
    rounding: str
    insured: bool
    value_dates: str
    roles: tuple[tuple[str, str], ...]
    earning_unit: Money | None = None

    def digest(self) -> str:
        """Hex SHA-256 of the terms' canonical JSON: what a deposit pins."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return digest(self).hex()


@dataclass(frozen=True, kw_only=True)
class DemandTerms(Terms):
    """Demand savings: interest settles on ``settle_day`` of ``settle_months`` at that day's rate.

    ``settle_includes_day``: the settlement day itself earns, and interest joins the principal on the next day.
    """

    settle_months: tuple[int, ...]
    settle_day: int
    settle_includes_day: bool


EARLY_WAYS = ("demand", "tiered", "refused")
"""What a product may say that an early withdrawal earns."""


@dataclass(frozen=True, kw_only=True)
class LumpTerms(Terms):
    """Lump-sum term deposit. ``early`` names what an early withdrawal earns: ``demand``, ``tiered`` or ``refused``.

    ``holiday_maturity`` says what a draw on the last business day before a maturity on a holiday earns: ``full``
    interest of the term, the term's rate ``less_days``, or ``none`` (it is an early withdrawal).
    """

    terms: tuple[Term, ...]
    early: str
    part_withdrawals: int | None
    renewals: tuple[str, ...]
    holiday_maturity: str


BREACHES = ("unmade", "month_end")
"""What a product may say of the payment in a month that did not make up the one before: late, or still the plan's."""


@dataclass(frozen=True, kw_only=True)
class InstalmentTerms(Terms):
    """Instalment saving: one fixed amount a calendar month. ``misses_before_stop`` empty months refuse further ones.

    ``make_ups``: how many missed months may be made up in the month after, each time; None: any number of them.
    ``breach``: one of ``BREACHES``, what becomes of the payment in a month that made nothing up: "unmade": it is
    late as all that follow; "month_end": the breach comes when that month ends, and the payment counts.
    """

    terms: tuple[Term, ...]
    misses_before_stop: int | None
    make_ups: int | None = 1
    breach: str = "unmade"


@dataclass(frozen=True, kw_only=True)
class StagedTerms(Terms):
    """Lump in, instalments out (principal by instalments), or principal kept and interest drawn."""

    terms: tuple[Term, ...]
    every: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class EitherTerms(Terms):
    """Time-or-demand: ``discount`` of the lump rate for the term reached, never beyond ``cap``."""

    discount: Decimal
    cap: Term


@dataclass(frozen=True, kw_only=True)
class NoticeTerms(Terms):
    """Notice deposit: drawn after notice of 1 or 7 days, at least ``minimum_draw`` at a time."""

    notices: tuple[Term, ...]
    minimum_draw: Money


@dataclass(frozen=True, kw_only=True)
class RollingTerms(Terms):
    """Smart rolling: every full ``cycle`` earns the notice rate and joins the principal; odd days earn demand.

    ``carry``: what rounding took from one cycle is given in the next, so one yuan is paid its fen when it is due.
    """

    cycle: Term
    carry: bool


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
