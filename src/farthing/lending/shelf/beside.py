"""Own ``Length``: a loan that somebody asks for in one number of instalments beside others, and what each costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money
from farthing.lending.model import Instalment
from farthing.lending.offering.plan import plan_of, quote
from farthing.lending.pinned import origination_fee
from farthing.products.model import LoanTerms

MONTHS = (3, 6, 12, 24, 36, 60)
"""How long the loans are that are laid side by side, as far as a product lends for so long."""


@dataclass(frozen=True, slots=True)
class Length:
    """A loan in so many instalments, the last on ``ends_on``. ``usual`` is paid at a time where they are ``alike`` (but the last,
    then ``last``), else it is the largest. ``total_cost``: interest and fees together, which the rate a year counts."""

    instalments: int
    usual: Money
    alike: bool
    last: Money | None
    ends_on: date
    total_interest: Money
    total_fees: Money
    total_cost: Money
    annual_percentage_rate: Decimal


def side_by_side(
    terms: LoanTerms, amount: Money, asked: int, on: date, holidays: frozenset[date], dearest: Decimal | None
) -> list[Length]:
    """What a loan costs in 3, 6, 12 months and so on, and in as many instalments as are ``asked`` for (0: none are), for money
    that is paid out on a day; none that costs more a year than ``dearest``, for nobody is offered that."""
    found = [length(terms, amount, each, on, holidays) for each in numbers(terms, asked)]
    return [each for each in found if dearest is None or each.annual_percentage_rate <= dearest]


def numbers(terms: LoanTerms, asked: int) -> list[int]:
    """The numbers of instalments that are laid side by side: of a product that lends for none of :data:`MONTHS` its longest."""
    least, most, months = terms.instalments.min, terms.instalments.max, terms.schedule.months
    near = {round(each / months) for each in MONTHS}
    return sorted({each for each in {*near, asked} if least <= each <= most} or {most})


def length(terms: LoanTerms, amount: Money, number: int, on: date, holidays: frozenset[date]) -> Length:
    """A loan in so many instalments, as it would be offered on a day."""
    fee = origination_fee(terms.fees.origination, amount)
    made = quote(terms.method, plan_of(terms, amount, fee, number, on, holidays))
    rows = [each for each in made.instalments if each.due_on > on]
    usual, alike, last = at_a_time(rows)
    fees = made.total_fees
    return Length(
        number, usual, alike, last, rows[-1].due_on, made.total_interest, fees, made.total_interest + fees,
        made.annual_percentage_rate,
    )  # fmt: skip


def at_a_time(rows: Sequence[Instalment]) -> tuple[Money, bool, Money | None]:
    """What is paid at a time, whether every instalment but the last is that much (else it is the largest), and the last one
    where it differs."""
    amounts = [each.amount for each in rows]
    alike = len(set(amounts[:-1] or amounts)) == 1
    usual = amounts[0] if alike else max(amounts)
    return usual, alike, amounts[-1] if alike and amounts[-1] != usual else None
