"""Own ``Terms``: what a product promises, as data, pinned for ever by (product, version).

Tables: ``product_version``, ``product``. Never holds behaviour: terms name it, and closed tables of functions in
the business packages carry it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from farthing.kit.inputs import Id, Source
from farthing.kit.money import Money
from farthing.kit.rates import round_fraction
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class LoanRoles:
    """The account each posting role of a loan stands for; the first two are prefixes of a loan's own accounts, ``deferred_fee``
    one of a product's: empty where the origination fee is earned when it is paid."""

    principal: str
    interest_receivable: str
    interest_income: str
    penalty_income: str
    fee_income: str
    deferred_fee: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest and largest amount."""

    min: Money
    max: Money


@dataclass(frozen=True, slots=True)
class Instalments:
    """How many instalments may be agreed."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Portion:
    """A row of a plan by hand: that share of what is repaid falls due so many months after the payment out, with the interest
    since the row before."""

    after_months: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """How instalments are laid out, beyond method and rate; each default is what a product meant that says nothing of it.

    ``every`` so many ``unit``s (``day``, ``week``, ``month``). ``multiple``: an instalment is rounded to it, in minor units;
    ``improved``: what that leaves is spread over all instead of left to the last. ``balloon``: the part of the principal that
    is kept for the last. ``grace_principal``: so many first instalments repay none; ``grace_interest``: on so many first days
    nothing falls due, their interest does with the instalment after; ``interest_free``: so many first ones bear none.
    ``first_after_days``: the first falls due that long after the payment out, on the next ``first_on_day`` of a month where one
    is said; 0: a period after it, and on any day. ``down_payment``: the part of what is paid out that falls due the same day,
    without interest, and is kept back from it; instalments are of the rest. ``month_end`` and ``shift`` as
    :class:`farthing.lending.plans.terms.Terms` has them, by the bank's calendar. ``rows``: what falls due when, of the method
    ``custom`` and in place of ``every``.
    """

    every: int = 1
    unit: str = "month"
    multiple: int = 1
    improved: bool = False
    balloon: Decimal = Decimal(0)
    grace_principal: int = 0
    grace_interest: int = 0
    interest_free: int = 0
    first_after_days: int = 0
    first_on_day: int = 0
    month_end: str = "clamp"
    shift: str = "none"
    down_payment: Decimal = Decimal(0)
    rows: tuple[Portion, ...] = ()

    @property
    def months(self) -> Fraction:
        """How many months a period is: a week is seven days of a year of 365."""
        if self.unit == "month":
            return Fraction(self.every)
        return Fraction(12 * self.every * (7 if self.unit == "week" else 1), 365)

    def apart(self, instalments: int) -> tuple[Fraction, ...]:
        """How many months lie before each of so many instalments, since the one before it or the payment out."""
        ends = (0, *(each.after_months for each in self.rows))
        return tuple(Fraction(b - a) for a, b in pairwise(ends)) or (self.months,) * instalments


MONTHLY = Schedule()


@dataclass(frozen=True, slots=True)
class Floating:
    """What a rate follows: a reference rate by its name and a margin on it, set anew on the days that ``resets`` names.
    ``figure``: what the reference was on a day ``on``; none in a product's file."""

    reference: str
    margin: Decimal
    resets: str
    figure: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class RateStep:
    """What a loan bears a year whose borrower's probability of default, a part of one, is not beyond ``up_to``."""

    up_to: Decimal
    annual: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """Nominal rate a year and the day count it is reckoned by (ISDA 2006 section 4.16 names); of a loan also ``periods``. Of one
    that floats ``annual`` is of a day (:func:`farthing.products.floating.priced`), and nought in its file. ``by_default``: the
    steps of a rate by probability of default, of which ``annual`` is the dearest; of terms that were priced
    (:func:`farthing.products.by_default.priced`) the one that holds; empty: everybody bears ``annual``."""

    annual: Decimal
    day_count: str
    floating: Floating | None = None
    by_default: tuple[RateStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Penalty:
    """Nominal rate a year on what is overdue, or on the principal of that alone (``on``: ``overdue``, ``principal``), so many
    times the loan's own rate where ``multiple`` is said; and a ``fixed`` amount, once for each instalment that is missed."""

    annual: Decimal
    on: str = "overdue"
    fixed: Money | None = None
    multiple: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InstalmentFee:
    """What every instalment bears beside principal and interest: an ``amount``, or a ``share`` ``of`` what was ``lent`` or of the
    ``instalment``'s principal and interest."""

    amount: Money | None = None
    share: Decimal = Decimal(0)
    of: str = "lent"

    def on(self, lent: Money, instalment: Money) -> Money:
        """The fee of an instalment of so much principal and interest, rounded half up to the minor unit."""
        if self.amount is not None:
            return self.amount
        base = lent if self.of == "lent" else instalment
        return round_fraction(Fraction(base.decimal()) * Fraction(self.share), base.currency, "half_up")


@dataclass(frozen=True, slots=True)
class Fees:
    """What is charged beside interest. ``origination``: a part of what is lent, due with the first instalment;
    ``early_repayment``: of principal that is repaid before it falls due, of that; ``instalment``: with each instalment.
    ``kept_back``: the origination fee falls due on the day of the payment out instead, and is kept back from it.
    ``amortised``: the origination fee is earned over the loan's life."""

    origination: Decimal
    early_repayment: Decimal = Decimal(0)
    instalment: InstalmentFee | None = None
    amortised: bool = False
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class Repaying:
    """What money does that comes in, beyond the order of ``allocation``; each default is what a product meant that says nothing.

    ``goodwill_credit``: another order for what the bank gives. ``direction``: a whole instalment at a time (``by_instalment``),
    or one bucket over all (``by_component``). ``surplus``: what pays more than is due, the ``next`` instalments, or principal,
    which the ``last`` ones then ask less of or all of them (``re_amortise``); empty: none is taken before the borrower chose,
    as she may where ``borrower_chooses``. ``pay_off``: whether paying off costs the interest ``to_day`` or
    ``to_period_end``. ``recalculated``: whether money that comes early or late changes the interest, ``by_day`` or
    ``by_period``.
    """

    goodwill_credit: tuple[str, ...] = ()
    direction: str = "by_instalment"
    surplus: str = ""
    borrower_chooses: bool = True
    pay_off: str = "to_day"
    recalculated: str = "no"


USUAL_REPAYING = Repaying()


@dataclass(frozen=True, slots=True)
class Delinquency:
    """After how many days a late instalment costs a penalty; one of which no more than ``tolerance`` is overdue costs none."""

    grace_days: int
    tolerance: Money | None = None


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
class ToppingUp:
    """How soon a borrower may ask for more: once so many instalments of the running loan were paid whole."""

    after_instalments: int


@dataclass(frozen=True, slots=True)
class PaymentsOut:
    """In how many payments what is agreed is paid out at most, and within how many days of the first one."""

    at_most: int
    within_days: int


LOAN_AGREEMENT = "loan-agreement"
"""The business format of a loan's contract where its product names no other."""


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """A loan product, decoded. Every name in it is one of the closed sets in ``products/loan.py``.

    An offer stands ``offer_days``; what was accepted may be signed and paid out for ``completion_days``, then it
    lapses: never under a version from before products said it. ``top_up``: whether a running loan may be paid off out of a
    larger new one; none: it may not. ``payments_out``: whether what is agreed may be paid out in parts; none: at once.
    ``agreement``: the business format (``kind = "agreement"``) of its contracts.
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
    schedule: Schedule = MONTHLY
    repaying: Repaying = USUAL_REPAYING
    top_up: ToppingUp | None = None
    payments_out: PaymentsOut | None = None
    agreement: str = LOAN_AGREEMENT

    @property
    def late_annual(self) -> Decimal:
        """What is late bears a year: the penalty, and where interest is recalculated the contract's rate beside it."""
        return self.penalty.annual + (self.rate.annual if self.repaying.recalculated != "no" else 0)


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
