"""Own what a bureau's file tells of a person on a day. Pure.

Whatever the file does not say is missing, never zero: of one line that does not tell its months, its kind or its day of opening,
nothing is known of all lines together. That the bureau has no record is a value of its own (``bureau_record``), and leaves every
other figure missing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from farthing.credit.bureau.model import Asking, BureauReport, Tradeline
from farthing.credit.features import Feature, ratio
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

SAME_SEARCH_DAYS = 14
"""An inquiry for a product that follows another for the same by no more days is part of the same search."""
BEFORE_PAYMENT_DAYS = 3
LATENESS_MONTHS, OPENING_MONTHS, ASKING_DAYS, GROWTH_MONTHS = (3, 12, 24), (3, 6, 12), (7, 30, 90), 6


def bureau_features(
    report: BureauReport, on: date, usual: Money | None, paid_here: Collection[date] | None = None
) -> tuple[Feature, ...]:
    """Every figure of a file. ``usual``: a usual month's income, in the currency of the sums; ``paid_here``: the days on which
    instalments of loans here were paid, where they are known."""
    lines = report.tradelines if report.state == "found" else ()
    known = report.state == "found"
    live = [line for line in lines if line.open(on)]
    owed = [line for line in live if line.role != "guarantor"]
    currency = usual.currency if usual is not None else None
    balance = _sum([line.balance for line in live], currency)
    dues = _sum([line.instalment for line in owed], currency)

    def figure(name: str, value: Decimal | int | None, minor: int | None = None) -> Feature:
        amount = None if minor is None or currency is None else Money(minor, currency)
        return Feature(
            name, Decimal(value) if known and value is not None else None, 0, len(lines), amount if known else None
        )

    record = {"found": Decimal(1), "no_record": Decimal(0)}.get(report.state)
    income = usual.minor if usual is not None else 0
    return (
        Feature("bureau_record", record, 0, len(lines)),
        figure("utilisation", _utilisation(live)),
        figure("current_days_past_due", max((line.days_past_due for line in lines), default=None)),
        *(figure(f"worst_days_past_due_{months}m", _worst(lines, on, months)) for months in LATENESS_MONTHS),
        figure("months_since_arrears", _since_arrears(lines, on)),
        figure("open_banks", _lenders(owed, "bank")),
        figure("open_non_banks", _lenders(owed, "non_bank")),
        *(figure(f"new_accounts_{months}m", _opened(lines, on, months)) for months in OPENING_MONTHS),
        *(
            Feature(f"inquiries_{days}d", _asked(report.asked, on, days), 0, len(report.asked or ()))
            for days in ASKING_DAYS
        ),
        figure("dues_to_income", None if dues is None else ratio(dues, income), dues),
        figure("exposure_to_income", None if balance is None else ratio(balance, income), balance),
        figure("guaranteed_share", _guaranteed(live)),
        figure("exposure_growth_6m", _growth(lines, on)),
        figure("repaid_by_borrowing", _borrowed(lines, on, paid_here)),
    )


def _sum(amounts: Sequence[Money], currency: str | None = None) -> int | None:
    """The sum in minor units; none where they are not of one currency."""
    of = {each.currency for each in amounts} | ({currency} if currency is not None else set())
    return sum(each.minor for each in amounts) if len(of) <= 1 else None


def _utilisation(live: Sequence[Tradeline]) -> Decimal | None:
    if any(line.kind is None for line in live):
        return None
    lines = [line for line in live if line.kind == "revolving" and line.limit.minor > 0]
    used, limits = [line.balance for line in lines], [line.limit for line in lines]
    if _sum([*used, *limits]) is None:
        return None
    return ratio(sum(each.minor for each in used), sum(each.minor for each in limits))


def _number(day: date) -> int:
    return day.year * 12 + day.month


def told(line: Tradeline, on: date, months: int) -> bool:
    """Whether a line tells each of the last ``months`` in which it was open, up to the last one that it tells."""
    if line.months is None:
        return False
    found = {_number(each.month) for each in line.months}
    begin = _number(on) - months + 1
    if line.opened_on is not None:
        begin = max(begin, _number(line.opened_on))
    ended = line.closed_on is not None and _number(line.closed_on) < begin
    return ended or (bool(found) and all(number in found for number in range(begin, max(found) + 1)))


def _worst(lines: Sequence[Tradeline], on: date, months: int) -> int | None:
    """The most days past due of the last ``months`` and of today."""
    if not lines or not all(told(line, on, months) for line in lines):
        return None
    begin = _number(on) - months
    late = [
        each.days_past_due for line in lines for each in line.months or () if begin < _number(each.month) <= _number(on)
    ]
    return max([*late, *(line.days_past_due for line in lines)])


def _since_arrears(lines: Sequence[Tradeline], on: date) -> int | None:
    most = LATENESS_MONTHS[-1]
    if not lines or not all(told(line, on, most) for line in lines):
        return None
    if any(line.days_past_due for line in lines):
        return 0
    late = [_number(each.month) for line in lines for each in line.months or () if each.days_past_due]
    gone = [_number(on) - number for number in late if 0 <= _number(on) - number < most]
    return min(gone, default=None)


def _lenders(owed: Sequence[Tradeline], kind: str) -> int | None:
    if any(line.lender_kind is None for line in owed):
        return None
    return len({line.lender for line in owed if line.lender_kind == kind})


def _opened(lines: Sequence[Tradeline], on: date, months: int) -> int | None:
    days = [line.opened_on for line in lines]
    since = add_months(on, -months)
    return None if None in days else sum(since < day <= on for day in days if day is not None)


def _asked(asked: Sequence[Asking] | None, on: date, days: int) -> Decimal | None:
    """How many searches for credit there were: an inquiry that follows one for the same product closely is not another."""
    if asked is None:
        return None
    last: dict[str, date] = {}
    found = 0
    for each in sorted(asked, key=lambda one: one.on):
        if not 0 <= (on - each.on).days < days:
            continue
        before = last.get(each.product)
        found += before is None or (each.on - before).days > SAME_SEARCH_DAYS
        last[each.product] = each.on
    return Decimal(found)


def _guaranteed(live: Sequence[Tradeline]) -> Decimal | None:
    if any(line.role is None for line in live):
        return None
    part, whole = (
        _sum([line.balance for line in live if line.role == "guarantor"]),
        _sum([line.balance for line in live]),
    )
    return None if part is None or whole is None else ratio(part, whole)


def _growth(lines: Sequence[Tradeline], on: date) -> Decimal | None:
    """What is owed now against what was owed in the month six months ago."""
    then, before = _number(on) - GROWTH_MONTHS, list[Money]()
    for line in lines:
        if line.opened_on is not None and _number(line.opened_on) > then:
            continue
        if line.closed_on is not None and _number(line.closed_on) < then:
            continue
        held = next((each.balance for each in line.months or () if _number(each.month) == then), None)
        if held is None:
            return None
        before.append(held)
    now, past = _sum([line.balance for line in lines if line.open(on)]), _sum(before)
    if now is None or past is None or _sum([*before, *(line.balance for line in lines)]) is None:
        return None
    return ratio(now - past, past)


def _borrowed(lines: Sequence[Tradeline], on: date, paid_here: Collection[date] | None) -> Decimal | None:
    """The part of the payments here of a year that a loan elsewhere came before, by at most three days."""
    opened = [line.opened_on for line in lines]
    if paid_here is None or None in opened:
        return None
    days = [day for day in paid_here if add_months(on, -12) < day <= on]
    close = [day for day in days
             if any(each is not None and 0 <= (day - each).days <= BEFORE_PAYMENT_DAYS for each in opened)]  # fmt: skip
    return ratio(len(close), len(days))
