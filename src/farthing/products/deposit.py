"""Own the terms of a deposit product, as data: what each method states. Never an amount, a day or a decision.

All frozen. A deposit pins the digest of its terms for ever: a product is never changed under a live deposit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from farthing.kit.canonical import digest
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.rates import Term


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

    kind: ClassVar[str] = "deposit"
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
