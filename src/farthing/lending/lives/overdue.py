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
    ends = running.due if till_due and running.start < on <= running.due else on
    if desk.overdue_on == ends:
        return
    open_before, open_in_all = 0, 0
    for period in late:
        if open_before:
            _stays(desk, period, open_before)
        open_before = period.principal_open
        open_in_all += open_before
    _stays(desk, running, open_before)
    if running.start < on <= running.due:
        _correct(desk, ends, -open_in_all)
        desk.overdue_on = ends
    if open_in_all > 0 and (desk.overdue_on is None or desk.overdue_on < on):
        desk.overdue_on = on


def _stays(desk: Accrual, period: Period, amount: int) -> None:
    """Principal of the periods before stays in a period from its first day, or from where it was counted to before."""
    counted = desk.overdue_on
    _correct(desk, period.start if counted is None or period.start > counted else counted, amount)


def _correct(desk: Accrual, on: date, amount: int) -> None:
    period = desk.period_on(on)
    if period is None:
        return
    desk.move(on, amount)
    desk.overdue.append((on, amount, period.due))
    settle(desk, on)
