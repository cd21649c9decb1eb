"""Own rates of loans that follow a reference rate: how a file says it, what it comes to, and when it is set anew. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from farthing.kit.calendar import add_months
from farthing.kit.tables import Table
from farthing.products.model import Floating, LoanTerms, Penalty, Rate

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
RESETS = (*MONTHS, "new_year")
"""When a rate is set anew: so many months after the payment out and again after that, or on each 1 January."""
_NAME = re.compile(r"[a-z0-9-]{1,60}")


def read(table: Table, day_counts: tuple[str, ...]) -> Rate:
    """The table ``rate`` of a loan's file: ``{annual, day_count}`` or ``{reference, margin, resets, day_count}``."""
    floats = [key for key in ("reference", "margin", "resets") if table.has(key)]
    if floats and table.has("annual"):
        raise table.wrong("annual", f"and {floats[0]} exclude each other", f"与 {floats[0]} 互斥：利率或固定、或浮动")
    found = Rate(Decimal(0) if floats else table.decimal("annual", "0", "1"), table.choice("day_count", day_counts))
    if floats:
        found = replace(found, floating=_floating(table))
    table.close()
    return found


def _floating(table: Table) -> Floating:
    name = table.text("reference")
    if not _NAME.fullmatch(name):
        raise table.unfit("reference", name, "the name of a reference rate such as lpr-1y", "基准利率的名称，如 lpr-1y")
    return Floating(name, table.decimal("margin", "-0.2", "1"), table.choice("resets", RESETS))


def penalty(table: Table, rate: Rate, on: tuple[str, ...]) -> Penalty:
    """The table ``penalty`` of a loan's file: a rate a year, or how many times the loan's own rate it is."""
    if rate.floating is not None and table.has("annual"):
        raise table.wrong(
            "annual", "does not follow a rate that floats; say multiple", "不随浮动利率变动；请改用 multiple"
        )
    if not table.has("multiple"):
        key = "annual" if rate.floating is None else "multiple"
        found = Penalty(table.decimal(key, "0", "1"), table.choice("on", on, on[0]))
    elif table.has("annual"):
        raise table.wrong("multiple", "and annual exclude each other", "与 annual 互斥")
    else:
        times = table.decimal("multiple", "0", "5")
        found = Penalty(rate.annual * times, table.choice("on", on, on[0]), multiple=times)
    table.close()
    return found


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
