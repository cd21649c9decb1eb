"""Own rates by the probability of default: how a file says them, and which step a borrower's loan is priced at. Pure.

A loan of such a product is priced once, by its credit decision, and pins what it was priced at; terms that were not priced yet
bear the dearest step, so that whatever law asks of them is asked of the dearest loan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from farthing.kit.errors import declined
from farthing.kit.rates import percent
from farthing.kit.tables import Table
from farthing.products.model import LoanTerms, RateStep

BEYOND = declined(
    "products.beyond_last_step",
    "{product} is lent up to a probability of default of {limit}, and it is {figure}; another loan may fit.",
    "{product_zh} 适用的违约概率上限为 {limit}，本次评估为 {figure}；请考虑其他贷款产品。",
)


def read(table: Table) -> tuple[RateStep, ...]:
    """The list ``by_default`` of a loan's rate, ``[{up_to, annual}, ...]``: each dearer, and for more defaults, than the one
    before; refuses ``products.invalid`` by key."""
    found = table.many("by_default", lambda one: _step(one.table("by_default")))
    for lower, higher in pairwise(found):
        if lower.up_to >= higher.up_to or lower.annual >= higher.annual:
            raise table.wrong("by_default", "must rise in up_to and annual", "up_to 与 annual 须逐级递增")
    return found


def _step(table: Table) -> RateStep:
    found = RateStep(table.decimal("up_to", "0", "1"), table.decimal("annual", "0", "1"))
    table.close()
    return found


def step_of(steps: Sequence[RateStep], probability: Decimal) -> RateStep | None:
    """The first step that holds a probability of default, the cheapest; none where it is beyond the last."""
    return next((each for each in steps if probability <= each.up_to), None)


def at(terms: LoanTerms, step: RateStep) -> LoanTerms:
    """The terms of a product at one of its steps; what is late bears its multiple of that rate."""
    rate = replace(terms.rate, annual=step.annual, by_default=(step,))
    times = terms.penalty.multiple or Decimal(0)
    return replace(terms, rate=rate, penalty=replace(terms.penalty, annual=step.annual * times))


def priced(terms: LoanTerms, probability: Decimal) -> LoanTerms:
    """The terms of a product for a borrower of that probability of default; as they are where it asks for one rate of everybody.

    Refuses ``products.beyond_last_step``.
    """
    if not terms.rate.by_default:
        return terms
    step = step_of(terms.rate.by_default, probability)
    if step is None:
        raise BEYOND(
            product=terms.name.en, product_zh=terms.name.zh, figure=percent(probability, most=2),
            limit=percent(terms.rate.by_default[-1].up_to, most=2),
        )  # fmt: skip
    return at(terms, step)
