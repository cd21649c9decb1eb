"""Own rates of loans that follow a reference rate: how a file says it, what it comes to, and when it is set anew. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from farthing.kit.calendar import add_months
from farthing.kit.tables import Table
from farthing.products.model import Floating, LoanTerms

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
RESETS = (*MONTHS, "new_year")
"""When a rate is set anew: so many months after the payment out and again after that, or on each 1 January."""
_NAME = re.compile(r"[a-z0-9-]{1,60}")


def read(table: Table) -> Floating:
    """The keys of a loan's rate that floats: ``{reference, margin, resets}``."""
    name = table.text("reference")
    if not _NAME.fullmatch(name):
        raise table.unfit(
            "reference", name, "the name of a reference rate such as lpr-1y", "定价基准利率的名称，如 lpr-1y"
        )
    return Floating(name, table.decimal("margin", "-0.2", "1"), table.choice("resets", RESETS))


def at(margin: Decimal, figure: Decimal) -> Decimal:
    """What a rate comes to by its margin where the reference is a figure: never below nothing."""
    return max(Decimal(0), figure + margin)


def priced(terms: LoanTerms, figure: Decimal, on: date) -> LoanTerms:
    """The terms of a product that floats as they are on a day, on which the reference is a figure."""
    floating = terms.rate.floating
    if floating is None:
        return terms
    annual, times = at(floating.margin, figure), terms.penalty.multiple or Decimal(0)
    rate = replace(terms.rate, annual=annual, floating=replace(floating, figure=figure, on=on))
    return replace(terms, rate=rate, penalty=replace(terms.penalty, annual=annual * times))


def next_reset(resets: str, began_on: date, after: date) -> date:
    """The first day after a day on which the rate of a loan that was paid out on ``began_on`` is set anew."""
    if resets == "new_year":
        return date(max(after, began_on).year + 1, 1, 1)
    months = MONTHS[resets]
    passed = (after.year - began_on.year) * 12 + after.month - began_on.month
    first = max(1, passed // months)
    days = (add_months(began_on, months * number) for number in count(first))
    return next(day for day in days if day > after)
