"""Own how what a loan pinned from its product is read by the plans: the terms of its schedule, and its due days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.kit.rates import round_fraction
from farthing.lending.lives.events import Agreed
from farthing.lending.model import Conditions
from farthing.lending.plans.days import at, due_days, regular, shifted
from farthing.lending.plans.factors import minor
from farthing.lending.plans.schedule import rounded
from farthing.lending.plans.terms import Custom, DayCount, Every, InterestBy, Method, Terms
from farthing.products.loan import EQUAL_PERIODS
from farthing.products.loan_schedule import CUSTOM
from farthing.products.model import LoanTerms, Schedule

METHODS: dict[str, Method] = {
    "equal_instalment": "equal_instalment", "equal_principal": "equal_principal", "interest_first": "interest_only",
    "flat": "flat", "bullet": "bullet", CUSTOM: "custom",
}  # fmt: skip
"""What the ways of repaying of products are called by the plans."""
DAY_COUNTS: dict[str, DayCount] = {
    "actual/365": "actual/365", "actual/360": "actual/360", "30E/360": "30e/360", "actual/actual": "actual/actual",
    "months/12": "30/360", EQUAL_PERIODS: "actual/365",
}  # fmt: skip
"""What the day counts of products are called by the plans; by equal periods none counts."""
RATE_STEP = Decimal("0.000001")
"""What a rate a year that is reckoned is cut to: a ten-thousandth of a hundredth."""
NO_DAYS: frozenset[date] = frozenset()


def interest_by(day_count: str) -> InterestBy:
    """Whether a period bears by its days or as the same part of a year as any other."""
    return "period" if day_count == EQUAL_PERIODS else "day"


def terms_of(
    method: str, annual: Decimal, day_count: str, schedule: Schedule, lent: Money, days: Sequence[date],
    holidays: frozenset[date] = NO_DAYS, first_due: date | None = None,
) -> Terms:  # fmt: skip
    """The terms of a plan over periods that end on these days, by a product's names: what a quote of the same case says."""
    balloon = rounded(Decimal(lent.minor) * schedule.balloon, schedule.multiple)
    return Terms(
        lent.currency, annual, len(days), Every(schedule.every, schedule.unit),  # type: ignore[arg-type]
        method=METHODS[method], day_count=DAY_COUNTS[day_count], first_day_counts=True,
        interest_by=interest_by(day_count),
        month_end=schedule.month_end, first_due=first_due,  # type: ignore[arg-type]
        holidays=holidays, shift=schedule.shift if holidays else "none",  # type: ignore[arg-type]
        grace_principal=schedule.grace_principal, grace_interest=schedule.grace_interest, free=schedule.interest_free,
        multiple=schedule.multiple, balloon=Money(balloon, lent.currency) if balloon else None,
        down_payment=schedule.down_payment, rows=tuple(_rows(schedule, lent, days)),
    )  # fmt: skip


def _rows(schedule: Schedule, lent: Money, days: Sequence[date]) -> Iterator[Custom]:
    """The rows that a product says, of what its down payment leaves; the last takes what rounding left."""
    left = rest = (lent - down_payment_of(schedule, lent)).minor
    for portion, day in zip(schedule.rows, days, strict=False):
        principal = left if portion is schedule.rows[-1] else min(left, minor(rest * portion.share))
        left -= principal
        yield Custom(day, principal)


def down_payment_of(schedule: Schedule, lent: Money) -> Money:
    """What of a payment out falls due the same day: the first row of its plan, where it is anything."""
    part = minor(lent.minor * schedule.down_payment)
    return Money(min(lent.minor, rounded(Decimal(part), schedule.multiple)), lent.currency)


def conditions_of(terms: LoanTerms, periods: int) -> Conditions:
    """What a loan of a product pins of it for ever."""
    return Conditions(
        product=terms.product,
        version=terms.version,
        annual=terms.rate.annual,
        day_count=terms.rate.day_count,
        method=terms.method,
        allocation=terms.allocation,
        grace_days=terms.delinquency.grace_days,
        penalty_annual=terms.penalty.annual,
        roles={role: path for role, path in asdict(terms.roles).items() if path},
        completion_days=terms.completion_days,
        schedule=terms.schedule,
        periods=periods,
        early_repayment=terms.fees.early_repayment,
        penalty_on=terms.penalty.on,
        tolerance=terms.delinquency.tolerance,
        instalment_fee=terms.fees.instalment,
        late_fee=terms.penalty.fixed,
        origination=terms.fees.origination,
        fee_kept_back=terms.fees.kept_back,
        repaying=terms.repaying,
        floating=terms.rate.floating,
        penalty_multiple=terms.penalty.multiple,
        payments_out=terms.payments_out,
        step=terms.rate.by_default[-1] if terms.rate.by_default else None,
    )


def origination_fee(share: Decimal, amount: Money) -> Money:
    """The fee for granting a loan, a share of its amount, rounded half up to the minor unit."""
    return round_fraction(Fraction(amount.decimal()) * Fraction(share), amount.currency, "half_up")


def kept_back_of(terms: LoanTerms, lent: Money) -> Money:
    """What never reaches the borrower of a payment out of a product: the down payment, and the fee where that is kept back."""
    fee = origination_fee(terms.fees.origination, lent) if terms.fees.kept_back else lent * 0
    return down_payment_of(terms.schedule, lent) + fee


def penalty_at(pinned: Conditions, annual: Decimal) -> Decimal:
    """What being late costs a year while a loan bears a rate: as many times that rate as was agreed, cut to the step of a rate.

    The law bounds the multiple and not the rate (Yinfa 2003 no. 251, item 3), so a rate that moves takes the penalty along.
    """
    agreed, rate = Decimal(pinned.penalty_annual), Decimal(pinned.annual)
    if pinned.penalty_multiple is not None:
        return pinned.penalty_multiple * annual
    if not rate:
        return agreed
    return (agreed * annual / rate).quantize(RATE_STEP, ROUND_FLOOR)


def waiting(method: str, schedule: Schedule, periods: int) -> int:
    """At how many first due days nothing falls due, for their interest waits: no instalment is made of them."""
    return periods - 1 if method == "bullet" else schedule.grace_interest


def lived_by(pinned: Conditions, lent: Money, plan: Sequence[Agreed]) -> Terms:
    """The terms under which a loan's events are read, over the rows that were signed: they stand as they were, and what an
    event changes goes by the product's. The deferred interest is in the rows, whose first one is so much longer; before it
    stands what is kept back: the down payment, and the fee for granting the loan."""
    schedule, rows, kept = (
        pinned.schedule,
        len(plan),
        pinned.fee_kept_back and bool(origination_fee(Decimal(pinned.origination), lent)),
    )
    down = int(bool(down_payment_of(schedule, lent)) or kept)
    balloon = rounded(Decimal(lent.minor) * schedule.balloon, schedule.multiple)
    return Terms(
        lent.currency, Decimal(pinned.annual), rows, Every(schedule.every, schedule.unit),  # type: ignore[arg-type]
        method=METHODS[pinned.method], day_count=DAY_COUNTS[pinned.day_count], interest_by=interest_by(pinned.day_count),
        month_end=schedule.month_end,  # type: ignore[arg-type]
        grace_principal=max(0, schedule.grace_principal - schedule.grace_interest) + down,
        free=min(rows, schedule.interest_free + down),
        multiple=schedule.multiple, balloon=Money(balloon, lent.currency) if balloon else None,
        down_payment=schedule.down_payment,
        rows=tuple(Custom(row.due_on, row.principal) for row in plan) if schedule.rows else (),
    )  # fmt: skip


def first_due(schedule: Schedule, on: date) -> date | None:
    """The first due day that a product names for a payment out on a day; none: a period after it."""
    if not schedule.first_after_days:
        return None
    earliest = on + timedelta(days=schedule.first_after_days)
    if not schedule.first_on_day:
        return earliest
    this = earliest.replace(day=schedule.first_on_day)
    return this if this >= earliest else add_months(this, 1)


def days_of(schedule: Schedule, on: date, periods: int, holidays: frozenset[date] = NO_DAYS) -> tuple[date, ...]:
    """The last days of all periods of a loan that is paid out on a day."""
    dated = _dated(schedule, on, periods, holidays)
    if schedule.rows:
        return tuple(shifted(dated, at(Every(each.after_months), dated.month_end, on, 1)) for each in schedule.rows)
    return due_days(dated, on)


def is_regular(schedule: Schedule, on: date, due: date, holidays: frozenset[date] = NO_DAYS) -> bool:
    """Whether the first period of a loan that is paid out on a day, up to a due day, is as long as any other."""
    return regular(_dated(schedule, on, 1, holidays), on, due)


def shifts_of(
    schedule: Schedule, days: Iterable[date], holidays: frozenset[date], not_before: date
) -> tuple[tuple[date, date], ...]:
    """Which of these days are holidays, and on which days what falls due then does by the loan's own rule; never before a day."""
    if schedule.shift == "none" or not holidays:
        return ()
    terms = _dated(schedule, not_before, 1, holidays)
    found = [(day, shifted(terms, day)) for day in sorted(days)]
    later = replace(terms, shift="next")
    return tuple((day, to if to >= not_before else shifted(later, day)) for day, to in found if to != day)


def _dated(schedule: Schedule, on: date, periods: int, holidays: frozenset[date]) -> Terms:
    return Terms(
        "XXX", Decimal(0), periods, Every(schedule.every, schedule.unit),  # type: ignore[arg-type]
        month_end=schedule.month_end, first_due=first_due(schedule, on),  # type: ignore[arg-type]
        holidays=holidays, shift=schedule.shift if holidays else "none",  # type: ignore[arg-type]
    )  # fmt: skip


def days_when_paid_out(
    schedule: Schedule, offered_on: date, on: date, periods: int, holidays: frozenset[date] = NO_DAYS
) -> tuple[date, ...]:  # fmt: skip
    """The due days of a loan that is paid out ``on`` a day: those of its offer while the first is still to come, else anew.

    A later payment shortens the first period, and interest counts its days; the days on which she planned to pay stay. Where
    the product says how long after the payment out the first falls due, that is kept instead.
    """
    offered = days_of(schedule, offered_on, periods, holidays)
    return offered if on < offered[0] and not schedule.first_after_days else days_of(schedule, on, periods, holidays)
