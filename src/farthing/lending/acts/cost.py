"""Decide what a loan costs a year as it stands, by what was paid out of it and what it asks for. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farthing.kit.money import Money
from farthing.lending import life
from farthing.lending.cost.laws import DEAREST
from farthing.lending.life import Life
from farthing.lending.offering.plan import annual_percentage_rate


def annual_cost(told: Life, on: date) -> Decimal:
    """What a loan costs a year with all that was paid out and all that it asks for, each on its day, also what was forgiven: that
    may be taken back. What being late costs by its rate is left out: the law of that is another
    (``policy.penalty_surcharge``)."""
    loan, currency = told.loan, told.currency
    assert loan.disbursed_on is not None
    each_asks = [
        (
            each.due_on,
            sum(each.owed.values()) - each.late_penalty,
            each.owed["fee"] + each.owed["penalty"] - each.late_penalty,
        )
        for each in life.stands(told, on).instalments
    ]
    lent = [(each.on, each.amount) for each in told.events if each.kind == "pay_out"]
    at_once = sum(asked for due_on, asked, _ in each_asks if due_on <= loan.disbursed_on)
    charged = sum(charged for _, _, charged in each_asks)
    if at_once >= lent[0][1].minor or charged >= sum(amount.minor for _, amount in lent):
        return DEAREST  # were all that is charged due on the first day, nothing would have been lent
    payments = [(due_on, Money(asked, currency)) for due_on, asked, _ in each_asks if asked > 0]
    return annual_percentage_rate(lent, payments)
