"""Own what is offered and signed: a plan's rows by the engine (:mod:`farthing.lending.plans`), what they cost, and on which days
they fall due. Pure.

An equal instalment is rounded once and not improved, as contracts of this bank have always been, unless its product says so:
the last one takes what rounding left. All else is the engine's. A due day on which nothing falls due, for its interest waits,
is no instalment: the first one is so much longer. What is kept back of the payment out, a down
payment or the fee for granting the loan, is the first row, on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, total
from farthing.kit.rates import year_fraction
from farthing.lending.cost.flows import Flow, credit
from farthing.lending.cost.laws import DEAREST, cut, effective, intervals
from farthing.lending.model import Instalment
from farthing.lending.pinned import days_of, down_payment_of, is_regular, terms_of, waiting
from farthing.lending.plans.factors import CONTEXT, factor, units_between
from farthing.lending.plans.schedule import TRIES, instalments
from farthing.lending.plans.terms import Terms
from farthing.products.model import MONTHLY, InstalmentFee, LoanTerms, Schedule


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schedule is made from. ``annual`` is the nominal rate a year; ``start_on`` the value date.

    ``fee`` (origination) falls due with the first instalment after the payment out or, ``kept_back``, on its day; ``each`` with
    every one. ``due_dates``: the last days of all periods. ``regular``: whether the first is as long as any other.
    """

    principal: Money
    annual: Decimal
    day_count: str
    start_on: date
    due_dates: tuple[date, ...]
    fee: Money
    schedule: Schedule = MONTHLY
    regular: bool = True
    each: InstalmentFee | None = None
    kept_back: bool = False


def plan_of(
    terms: LoanTerms, amount: Money, fee: Money, periods: int, on: date, holidays: frozenset[date] = frozenset()
) -> Plan:  # fmt: skip
    """What a product's schedule is made from, for money that is paid out on a day."""
    days = days_of(terms.schedule, on, periods, holidays)
    whole, fees = is_regular(terms.schedule, on, days[0], holidays), terms.fees
    return Plan(
        amount, terms.rate.annual, terms.rate.day_count, on, days, fee, terms.schedule, whole, fees.instalment, fees.kept_back
    )  # fmt: skip


def _part(terms: Terms, plan: Plan, number: int, start: date, end: date) -> Decimal:
    """What part of the balance a period bears; by months, also of a period that is no whole month (PBC 2005 no. 129). By equal
    periods the first alone may be longer or shorter than the others."""
    units = None
    if plan.day_count == "months/12":
        exact = year_fraction("months/12", start, end) * 12
        units = CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    elif terms.interest_by == "period" and number == 0 and not plan.regular:
        units = units_between(terms.every, start, end)
    return factor(terms, start, end, units)


def build(method: str, plan: Plan) -> tuple[Instalment, ...]:
    """The schedule of a plan by a named method; checks that the principal comes out whole."""
    currency, days = plan.principal.currency, plan.due_dates
    terms = terms_of(method, plan.annual, plan.day_count, plan.schedule, plan.principal, days)
    parts = [
        _part(terms, plan, number, a, b) if number >= terms.free else Decimal(0)
        for number, (a, b) in enumerate(zip((plan.start_on, *days[:-1]), days, strict=True))
    ]
    down = down_payment_of(plan.schedule, plan.principal)
    rest = plan.principal - down
    rows = instalments(terms, rest.minor, parts, tries=TRIES if plan.schedule.improved else 0)
    if sum(principal for principal, _, _ in rows) != rest.minor or rows[-1][2]:
        raise InvariantBroken(f"the schedule does not repay {rest}")
    nothing = plan.fee * 0
    kept = plan.fee if plan.kept_back else nothing
    first = (Instalment(1, plan.start_on, down, nothing, kept, rest),) if down or kept else ()
    asked = _asked(plan, list(zip(days, rows, strict=True))[waiting(method, plan.schedule, len(days)) :])
    return first + tuple(
        Instalment(
            len(first) + number, due_on, Money(principal, currency), Money(charged, currency),
            _fee(plan, number, Money(principal + charged, currency)), Money(left, currency),
        )
        for number, (due_on, (principal, charged, left)) in enumerate(asked, start=1)
    )  # fmt: skip


def _fee(plan: Plan, number: int, instalment: Money) -> Money:
    """The fees of an instalment of so much principal and interest."""
    first = plan.fee if number == 1 and not plan.kept_back else plan.fee * 0
    return first if plan.each is None else first + plan.each.on(plan.principal, instalment)


Dated = tuple[date, tuple[int, int, int]]
"""A due day and its principal, interest and what is left."""


def _asked(plan: Plan, rows: list[Dated]) -> list[Dated]:
    """The days on which something falls due: where rounding up repaid the loan before its last days, there are fewer."""
    while plan.schedule.multiple > 1 and not any(rows[-1][1]):
        rows.pop()
    return rows


def largest(
    terms: LoanTerms, face: Money, periods: int, on: date, holidays: frozenset[date] = frozenset()
) -> Money:  # fmt: skip
    """The most that may be lent so that all instalments together come to no more than ``face``; nothing where that is nothing.

    From a guess by simple interest, by what it misses; then unit by unit, since interest is rounded.
    """

    def owed(minor: int) -> int:
        plan = plan_of(terms, Money(minor, face.currency), face * 0, periods, on, holidays)
        return sum(each.amount.minor for each in build(terms.method, plan))

    found = face.minor
    for _ in range(TRIES + 5):
        missed = owed(found) - face.minor if found > 0 else 0
        if abs(missed) <= 1:
            break
        found = max(found - missed * found // owed(found), 0)
    while found > 0 and owed(found) > face.minor:
        found -= 1
    while found > 0 and owed(found + 1) <= face.minor:
        found += 1
    return Money(found, face.currency)


def total_interest(instalments: Sequence[Instalment]) -> Money:
    """All interest of a schedule."""
    return total([instalment.interest for instalment in instalments], instalments[0].interest.currency)


@dataclass(frozen=True, slots=True)
class Quote:
    """A schedule and what it costs, for money that is paid out on the plan's first day and no other; ``fee``: the plan's."""

    instalments: tuple[Instalment, ...]
    total_interest: Money
    annual_percentage_rate: Decimal
    fee: Money

    @property
    def total_fees(self) -> Money:
        """All fees."""
        return total([each.fee for each in self.instalments], self.total_interest.currency)


def quote(method: str, plan: Plan) -> Quote:
    """The schedule of a plan, its interest and its annual percentage rate."""
    instalments = build(method, plan)
    payments = [(item.due_on, item.amount) for item in instalments]
    rate = annual_percentage_rate([(plan.start_on, plan.principal)], payments)
    return Quote(instalments, total_interest(instalments), rate, plan.fee)


def annual_percentage_rate(
    disbursed: Sequence[tuple[date, Money]], payments: Sequence[tuple[date, Money]]
) -> Decimal:  # fmt: skip
    """The effective annual rate at which the payments are worth what was disbursed, each on its day, to six decimals.

    Of euro by Directive 2008/48/EC annex I: equal months (or weeks, remark c) and the days that are left, so that a month is a
    twelfth of a year however long it is. Elsewhere by actual days over 365; China's PBOC notice 2021 No. 3 asks for the
    comparison of all cost with the principal actually in use. Not above :data:`farthing.lending.cost.laws.DEAREST`.
    """
    paid = [Flow(day, "payment", amount) for day, amount in payments]
    whole = credit([*(Flow(day, "advance", amount) for day, amount in disbursed), *paid])
    rate = effective(whole, intervals(whole) if whole.currency == "EUR" else "days/365")
    return cut(min(rate.annual, DEAREST))
