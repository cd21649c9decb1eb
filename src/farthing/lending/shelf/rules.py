"""Decide what a loan product costs before anybody asks for one: its dearest case, of every number of instalments. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.lending.offering.plan import Plan, plan_of, quote
from farthing.lending.pinned import origination_fee
from farthing.products.model import Instalments, LoanTerms
from farthing.products.policy import Policy

TOO_DEAR = declined(
    "lending.dearest_case",
    "{amount} lent on {on} in {instalments} instalments would cost {figure} a year, more than {limit}; lower "
    "the rate or the fees. The rule: {article}.",
    "{on} 发放、分 {instalments} 期的 {amount} 年化综合成本为 {figure}，超过上限 {limit}；请降低利率或费用。依据：{article_zh}。",
)
EACH_UP_TO, THEN_EACH = 60, 6
"""Of longer loans one instalment more or less hardly tells in what a year costs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A loan as somebody may ask for it, and its annual percentage rate."""

    amount: Money
    instalments: int
    on: date
    annual_percentage_rate: Decimal


def check_dearest(law: Policy, terms: LoanTerms, on: date, holidays: frozenset[date]) -> None:
    """Refuse ``lending.dearest_case``: a product of which some loan would cost more a year than the law in force lets it."""
    limit = law.annual_cost_max
    if limit is None:
        return
    found = dearest(terms, on, holidays)
    if found.annual_percentage_rate > limit.value:
        raise TOO_DEAR(
            amount=str(found.amount), on=found.on, instalments=found.instalments, limit=percent(limit.value, least=0),
            figure=percent(found.annual_percentage_rate, most=2), article=limit.article.en, article_zh=limit.article.zh,
        )  # fmt: skip


@lru_cache(maxsize=64)
def dearest(terms: LoanTerms, on: date, holidays: frozenset[date]) -> Case:
    """The loan of a product that costs most a year: the smallest or the largest, in any number of instalments (beyond
    :data:`EACH_UP_TO` in every :data:`THEN_EACH`th), paid out on a day or on the next first of February, whose month is the
    shortest. Kept, for a draft and its approval ask the same."""
    february = date(on.year + (on >= date(on.year, 2, 1)), 2, 1)
    fees = {
        amount: origination_fee(terms.fees.origination, amount) for amount in (terms.principal.min, terms.principal.max)
    }
    cases = [
        Case(amount, number, day, _annual(terms, plan_of(terms, amount, fee, number, day, holidays)))
        for amount, fee in fees.items() for number in _numbers(terms.instalments) for day in (on, february)
    ]  # fmt: skip
    return max(cases, key=lambda each: each.annual_percentage_rate)


def _numbers(agreed: Instalments) -> list[int]:
    every = range(agreed.min, agreed.max + 1)
    return [each for each in every if each <= EACH_UP_TO or each % THEN_EACH == 0 or each == agreed.max]


def _annual(terms: LoanTerms, plan: Plan) -> Decimal:
    return quote(terms.method, plan).annual_percentage_rate
