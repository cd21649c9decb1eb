"""Own how instalments are levelled over a life: a new level from a day, the last unpaid instalment that takes the difference,
and the improvement that keeps it like the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from farthing.lending.lives.periods import Accrual, Period
from farthing.lending.plans.schedule import TRIES, instalments, level_of, rounded
from farthing.lending.plans.terms import Custom


def settle(desk: Accrual, till: date) -> None:
    """Give what is not agreed yet to the last instalment that is not paid."""
    desk.compute()
    open_in_all = desk.lent - desk.repaid
    for period in desk.periods:
        if period.principal_open > open_in_all:
            period.shift(open_in_all - period.principal_open)
            period.at_least(max(0, period.paid - period.credited))
    desk.compute()
    _spare(desk)
    last = next((period for period in reversed(desk.periods) if not period.settled), None)
    if last is None and desk.repaid == 0 and desk.periods[-1].closing > 0:
        last = desk.periods[-1]
    if last is None:
        _place(desk)
        return
    last.carried = 0
    for period in desk.periods:
        period.moved_up = False
    desk.compute()
    for _ in range(TRIES):  # with more room more of the interest finds its place
        others = sum(period.principal for period in desk.periods if period is not last)
        missing = desk.lent - others + last.interest - last.whole_level
        if not missing:
            break
        last.shift(missing)
        desk.compute()
    _take_back(desk)
    if last.fixed > 0:
        last.at_least(last.paid_principal + last.fixed)
    if last.at_least(last.paid - last.credited):
        desk.compute()
        if last.settled:
            settle(desk, till)
    carry(desk, last, till)
    desk.compute()
    if last.carried:  # interest paid before it was carried stands for a part of it
        last.shift(min(0, desk.lent - sum(period.principal for period in desk.periods)))
        desk.compute()


def _spare(desk: Accrual) -> None:
    """Instalments at the end for which nothing is left ask for nothing, all at once: where the instalment is rounded up to a
    multiple there are dozens, and :func:`settle` would come to each by a walk over all. The last that is asked for something,
    and whatever bears or was paid, is left to it."""
    spare = sum(period.principal for period in desk.periods) - desk.lent
    if spare <= 0 or any(period.moved_up for period in desk.periods):
        return
    for period in reversed(desk.periods):
        if period.settled:
            continue
        touched = period.paid or period.credited or period.fixed or period.carried or period.bears or period.waits
        if touched or not 0 < period.principal < spare:
            break
        spare -= period.principal
        period.shift(-period.whole_level)
    desk.compute()


def _take_back(desk: Accrual) -> None:
    """Principal beyond what was lent, where the last unpaid instalment was paid too much of: those before it are smaller."""
    beyond = sum(period.principal for period in desk.periods) - desk.lent
    for period in reversed(desk.periods):
        less = min(beyond, period.principal_open)
        if less > 0:
            period.shift(-less)
            beyond -= less
            desk.compute()


def _place(desk: Accrual) -> None:
    """Interest that finds no room though every instalment is paid: the instalment that bore it takes it."""
    lost = desk.periods[-1].unplaced
    bore = next((period for period in desk.periods if period.unplaced > 0), None)
    if lost > 0 and bore is not None:
        bore.shift(lost)
        desk.compute()


def carry(desk: Accrual, last: Period, till: date) -> None:
    """Interest that later periods, paid already, could not place falls to the last one that is not."""
    other = desk.copy(till)
    if any(due == last.due for _, _, due in other.overdue) and not any(due > last.due for _, _, due in other.overdue):
        for on, amount, _ in other.overdue:
            other.move(on, -amount)
        other.overdue, other.overdue_on = [], None
    other.compute()
    late = next((each for each in reversed(other.periods) if each.unplaced > 0 and each.due > last.due), None)
    if late is not None:
        last.carried = late.unplaced
        for period in desk.periods:
            if period.due > last.due:
                period.moved_up = True


def level(desk: Accrual, periods: list[Period], till: date) -> None:
    """Level some periods anew, from what is owed before them, and improve."""
    if not periods:
        return
    if desk.terms.method == "flat":
        _flat(desk, periods)
        settle(desk, till)
        return
    desk.compute()
    each = rounded(_level_of(desk, periods), desk.terms.multiple) or rounded(_level_of(desk, periods), 1)
    for period in periods:
        if each >= period.paid:
            period.level = period.agreed = each
    settle(desk, till)
    improve(desk, periods)


def _before(desk: Accrual, first: Period) -> int:
    """What is owed when a period begins, with what is paid out in it."""
    place = next(number for number, period in enumerate(desk.periods) if period is first)
    owed = desk.periods[place - 1].closing if place else 0
    return owed + sum(
        amount for day, amount in desk.paid_out.items()
        if (first.start < day or (place == 0 and day == first.start)) and day <= first.due
    )  # fmt: skip


def _level_of(desk: Accrual, periods: list[Period]) -> Decimal:
    fixed = sum((Decimal(period.fixed) for period in periods), Decimal(0)) / len(periods)
    return level_of(_before(desk, periods[0]), 0, [desk.part(period) for period in periods]) + fixed


def improve(desk: Accrual, periods: list[Period]) -> None:
    """Spread the difference of the last instalment over all, at most three times, as long as that makes it smaller."""
    for _ in range(TRIES):
        now, off, counted = _difference(periods)
        if abs(off) <= len(periods) // 2:
            return
        tried = rounded(Decimal(now + rounded(Decimal(off) / max(1, counted), 1)), desk.terms.multiple)
        if tried == now:
            return
        other = desk.copy()
        ours = [any(period is one for one in periods) for period in desk.periods]
        chosen = [period for period, one in zip(other.periods, ours, strict=True) if one]
        for period in chosen:
            if tried >= period.paid:
                period.level = period.agreed = tried
        settle(other, periods[0].due)
        if abs(_difference(other.periods)[1]) >= abs(off):
            return
        for period, better in zip(periods, chosen, strict=True):
            period.level = period.agreed = better.level
        desk.compute()


def _difference(periods: list[Period]) -> tuple[int, int, int]:
    """The usual instalment, by how much the last differs, and how many periods can take a part of that."""
    for before, last in zip(reversed(periods[:-1]), reversed(periods), strict=False):
        if not last.settled and not before.settled:
            usual = before.level
            return usual, last.level - usual, sum(usual >= period.paid for period in periods)
    return periods[0].level, 0, len(periods)


def _flat(desk: Accrual, periods: list[Period]) -> None:
    """Interest on all that was paid out, and equal instalments of what is owed; the last takes the rest."""
    for period in periods:
        period.level = period.agreed = 0
    desk.compute()
    interest = _flat_interest(desk, periods)
    owed = _before(desk, periods[0]) + sum(interest)
    each = rounded(Decimal(owed) / len(periods), desk.terms.multiple)
    missing = 0
    for period in periods:
        wanted = owed - each * (len(periods) - 1) if period is periods[-1] else each
        missing += max(0, period.paid - wanted)
        period.level = period.agreed = max(wanted, period.paid)
    for period in reversed(periods):
        if missing and period.level > period.paid:
            given = min(missing, period.level - max(period.paid, period.bears))
            period.level -= given
            missing -= given
    desk.compute()


def _flat_interest(desk: Accrual, periods: list[Period]) -> list[int]:
    return [period.bears if number == 0 else max(0, period.bears - before.unplaced)
            for number, (before, period) in enumerate(zip((periods[0], *periods[:-1]), periods, strict=True))]  # fmt: skip


def _rows_to_come(rows: tuple[Custom, ...], periods: list[Period]) -> tuple[Custom, ...]:
    """Rows by hand that have not passed: each asks for its own principal, and where instalments were added they and the last one
    for as much each of what that asked for."""
    added = len(periods) - len(rows)
    asked = [row.principal for row in rows[:-1]] + [rows[-1].principal // (added + 1)] * (added + 1)
    return tuple(Custom(period.due, principal) for period, principal in zip(periods, asked, strict=True))


def planned(desk: Accrual, periods: list[Period], till: date) -> None:
    """Methods other than the level one: the schedule says the principal of each instalment, and interest comes on top. Of a
    grace, what has passed is over."""
    desk.compute()
    passed = next(number for number, period in enumerate(desk.periods) if period is periods[0])
    terms = replace(desk.terms, grace_principal=max(0, desk.terms.grace_principal - passed))
    if terms.rows:
        terms = replace(terms, rows=_rows_to_come(terms.rows[passed:], periods), instalments=len(periods))
    rows = instalments(terms, _before(desk, periods[0]), [desk.part(period) for period in periods])
    for period, (principal, charged, _) in zip(periods, rows, strict=True):
        period.level = period.agreed = principal + charged
        if desk.terms.method == "flat":
            period.free, period.fixed = True, charged
        else:
            period.principal_agreed = principal
    settle(desk, till)
