"""Own what principal that is late does to interest: it stays in the balance until it is paid, or until the day asked."""

from __future__ import annotations

from datetime import date

from farthing.lending.lives.levels import settle
from farthing.lending.lives.periods import Accrual, Period


def keep_overdue(desk: Accrual, on: date, till_due: bool = False) -> None:
    """Let what is late on a day bear until that day, or to the end of the running period."""
    desk.compute()
    last = desk.periods[-1]
    on = min(on, last.due)
    late = [period for period in desk.periods if not period.closed and period.due < on]
    if not late:
        return
    running = desk.period_on(on) or last
    open_before, open_in_all = 0, 0
    for period in late:
        if open_before:
            _stays(desk, on, period, open_before, open_in_all, till_due)
        open_before = period.principal_open
        open_in_all += open_before
    _stays(desk, on, running, open_before, open_in_all, till_due)
    if open_in_all > 0 and (desk.overdue_on is None or desk.overdue_on < on):
        desk.overdue_on = on


def _stays(desk: Accrual, on: date, period: Period, amount: int, in_all: int, till_due: bool) -> None:
    """Principal of the periods before stays in a period from its first day, or from where it was counted to before."""
    if on == desk.overdue_on:
        return
    since = period.start if desk.overdue_on is None or period.start > desk.overdue_on else desk.overdue_on
    _correct(desk, since, amount)
    if period.start < on <= period.due:
        ends = period.due if till_due else on
        _correct(desk, ends, -in_all)
        desk.overdue_on = ends


def _correct(desk: Accrual, on: date, amount: int) -> None:
    period = desk.period_on(on)
    if period is None:
        return
    desk.move(on, amount)
    desk.overdue.append((on, amount, period.due))
    settle(desk, on)
