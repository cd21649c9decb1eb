"""Decide of which of five classes a loan is. Pure; a class is its number in ``CLASSES``, the worse the greater.

The days past due say the least. Time under watch, what was bad a short while ago, the debtor's other loans and an officer
may make it worse; better than that only two persons may, and never better than the days say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from farthing.kit.calendar import add_months
from farthing.lending.prudence.model import Before, Case, Ruling
from farthing.products.prudence import BAD, CLASSES, Debtor, Prudence, Restructured, exceeded


def by_days(law: Prudence, days: int) -> int:
    """The least class that so many days past due allow (CBIRC and PBC order 1 of 2023, arts 10 to 13)."""
    return exceeded(law.classes.over, days)


def watched(rule: Restructured, restructured_on: date | None, on: date) -> bool:
    """Whether a loan that was restructured is still under watch on a day."""
    return restructured_on is not None and on < add_months(restructured_on, rule.months)


def clean_months(days: int, before: Before | None) -> int:
    """How many ends of a month in a row, with this one, had no day late."""
    return 0 if days else 1 + (before.clean_months if before else 0)


def own_class(law: Prudence, case: Case, before: Before | None, on: date) -> int:
    """The class of a loan by itself: the worst of its days, the watch, what is known of it and what it was.

    What was bad stays at least substandard until it was paid on time for as many months as the law says.
    """
    found = by_days(law, case.days_past_due)
    if watched(law.restructured, case.restructured_on, on):
        found = max(found, CLASSES.index(law.restructured.at_least))
    was_bad = before is not None and before.class_number >= BAD
    if case.impaired or (was_bad and clean_months(case.days_past_due, before) < law.recovery.clean_months):
        found = max(found, BAD)
    return found


def pulled(debtor: Debtor | None, owed: Iterable[tuple[str, int, int]]) -> bool:
    """Whether a debtor's bad loans make all of them bad; ``owed``: of each loan its use, what is outstanding, its class.

    More than a share of what the debtor owes here for the uses the law means is bad. Exactly the share is not more.
    """
    if debtor is None:
        return False
    counted = [(outstanding, class_number) for use, outstanding, class_number in owed if use in debtor.uses]
    whole = sum(outstanding for outstanding, _ in counted)
    bad = sum(outstanding for outstanding, class_number in counted if class_number >= BAD)
    return bad > 0 and bad > debtor.share_over * whole


def ruled(by_rule: int, by_law: int, ruling: Ruling | None) -> int:
    """The class with what an officer said: worse than the rule by one person, better by two, never better than the law."""
    if ruling is None:
        return by_rule
    return max(by_law if ruling.by_two else by_rule, ruling.class_number)
