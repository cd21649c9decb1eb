"""Own repayment schedules: pure functions from principal, rate and dates to instalments that sum to the cent.

Every method is exact arithmetic (``Fraction``) rounded once an instalment; the last instalment takes what
rounding left, so the principal always comes out whole. Methods are chosen by name from ``METHODS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, total
from farthing.kit.rates import round_fraction, year_fraction
from farthing.lending.cost.flows import Flow, credit
from farthing.lending.cost.laws import DEAREST, cut, effective, intervals


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment as agreed: what falls due on a day, and the principal left after it."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    outstanding_after: Money

    @property
    def amount(self) -> Money:
        """Principal, interest and fee together."""
        return self.principal + self.interest + self.fee


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schedule is made from. ``annual`` is the nominal rate a year; ``start_on`` the value date.

    ``fee`` (origination) falls due with the first instalment, so that what is lent is paid out whole.
    """

    principal: Money
    annual: Decimal
    day_count: str
    start_on: date
    due_dates: tuple[date, ...]
    fee: Money


def monthly_dates(start_on: date, count: int) -> tuple[date, ...]:
    """The same day of each following month (or the month's last), counted from the first date."""
    return tuple(add_months(start_on, number) for number in range(1, count + 1))


def dates_from(agreed: Sequence[date], on: date) -> tuple[date, ...]:
    """The due dates of a loan paid out ``on`` a day: the agreed ones while the first is still to come, else monthly anew.

    A later payment shortens the first period, and interest counts its days; the days on which she planned to pay stay.
    """
    return tuple(agreed) if on < agreed[0] else monthly_dates(on, len(agreed))


def _periods(plan: Plan) -> list[Fraction]:
    """The interest factor of each period: annual rate times the part of a year."""
    starts = (plan.start_on, *plan.due_dates[:-1])
    rate = Fraction(plan.annual)
    return [rate * year_fraction(plan.day_count, a, b) for a, b in zip(starts, plan.due_dates, strict=True)]


def _roll(plan: Plan, principal_of: Callable[[int, Money, Money], Money]) -> list[Instalment]:
    """Walk the periods: interest on what is outstanding, then the principal the method asks for."""
    outstanding, instalments = plan.principal, []
    periods = _periods(plan)
    for number, (due_on, factor) in enumerate(zip(plan.due_dates, periods, strict=True), start=1):
        charged = round_fraction(Fraction(outstanding.decimal()) * factor, outstanding.currency, "half_up")
        if number == len(periods):
            principal = outstanding
        else:
            principal = min(max(principal_of(number, outstanding, charged), outstanding * 0), outstanding)
        outstanding = outstanding - principal
        fee = plan.fee if number == 1 else plan.fee * 0
        instalments.append(Instalment(number, due_on, principal, charged, fee, outstanding))
    return instalments


def equal_instalment(plan: Plan) -> list[Instalment]:
    """等额本息: the same amount each time, found by discounting (annuity); the last one absorbs the rounding.

    The level amount A solves principal = sum of A x product of 1/(1 + factor_k) over the periods up to i.
    """
    discount, annuity = Fraction(1), Fraction(0)
    for factor in _periods(plan):
        discount /= 1 + factor
        annuity += discount
    level = round_fraction(Fraction(plan.principal.decimal()) / annuity, plan.principal.currency, "half_up")
    return _roll(plan, lambda _number, _outstanding, charged: level - charged)


def equal_principal(plan: Plan) -> list[Instalment]:
    """等额本金: the same principal each time (largest remainder), interest on what is left."""
    parts = plan.principal.allocate([1] * len(plan.due_dates))
    return _roll(plan, lambda number, _outstanding, _charged: parts[number - 1])


def interest_first(plan: Plan) -> list[Instalment]:
    """先息后本: interest each time, the whole principal with the last instalment."""
    return _roll(plan, lambda _number, outstanding, _charged: outstanding * 0)


METHODS: Mapping[str, Callable[[Plan], list[Instalment]]] = {
    "equal_instalment": equal_instalment,
    "equal_principal": equal_principal,
    "interest_first": interest_first,
}


def build(method: str, plan: Plan) -> tuple[Instalment, ...]:
    """The schedule of a plan by a named method; checks that the principal comes out whole."""
    instalments = METHODS[method](plan)
    repaid = total([instalment.principal for instalment in instalments], plan.principal.currency)
    if repaid != plan.principal or instalments[-1].outstanding_after:
        raise InvariantBroken(f"the schedule repays {repaid} of {plan.principal}")
    return tuple(instalments)


def total_interest(instalments: Sequence[Instalment]) -> Money:
    """All interest of a schedule."""
    return total([instalment.interest for instalment in instalments], instalments[0].interest.currency)


@dataclass(frozen=True, slots=True)
class Quote:
    """A schedule and what it costs, for money that is paid out on the plan's first day and no other."""

    instalments: tuple[Instalment, ...]
    total_interest: Money
    annual_percentage_rate: Decimal


def quote(method: str, plan: Plan) -> Quote:
    """The schedule of a plan, its interest and its annual percentage rate."""
    instalments = build(method, plan)
    payments = [(item.due_on, item.amount) for item in instalments]
    rate = annual_percentage_rate(plan.principal, plan.start_on, payments)
    return Quote(instalments, total_interest(instalments), rate)


def annual_percentage_rate(disbursed: Money, start_on: date, payments: Sequence[tuple[date, Money]]) -> Decimal:
    """The effective annual rate at which the payments are worth what was disbursed, to six decimals.

    Of euro by Directive 2008/48/EC annex I: equal months (or weeks, remark c) and the days that are left, so that a month is a
    twelfth of a year however long it is. Elsewhere by actual days over 365; China's PBOC notice 2021 No. 3 asks for the
    comparison of all cost with the principal actually in use. Not above :data:`farthing.lending.cost.laws.DEAREST`.
    """
    paid = [Flow(day, "payment", amount) for day, amount in payments]
    whole = credit([Flow(start_on, "advance", disbursed), *paid])
    rate = effective(whole, intervals(whole) if disbursed.currency == "EUR" else "days/365")
    return min(cut(rate.annual), DEAREST)
