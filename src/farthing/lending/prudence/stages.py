"""Decide the stage of a loan by IFRS 9, and whether its interest is income. Pure.

1: the loss of twelve months is provided for. 2: risk has risen significantly, the loss of the whole life. 3: impaired.
"""

from __future__ import annotations

from datetime import date

from farthing.lending.prudence.classes import clean_months, watched
from farthing.lending.prudence.model import Before, Case
from farthing.products.prudence import BAD, Prudence


def stage(law: Prudence, case: Case, class_number: int, before: Before | None, on: date) -> int:
    """The stage on a day: by days past due (5.5.11 and B5.5.37), or worse where the class is bad or terms were eased.

    The way back is a stage at a time, and only after months in which nothing was late.
    """
    if case.impaired or class_number >= BAD or case.days_past_due > law.stages.impaired_over:
        return 3
    by_rule = (
        2 if case.days_past_due > law.stages.risen_over or watched(law.restructured, case.restructured_on, on) else 1
    )
    if before is None or before.stage <= by_rule:
        return by_rule
    if clean_months(case.days_past_due, before) < law.stages.cure_months:
        return before.stage
    return max(by_rule, before.stage - 1)


def non_accrual(law: Prudence, days: int, before: Before | None) -> bool:
    """Whether a loan's interest is no income: over a number of days past due, until it was paid on time for months."""
    if days > law.non_accrual.over:
        return True
    was = before is not None and before.non_accrual
    return was and clean_months(days, before) < law.non_accrual.clean_months
