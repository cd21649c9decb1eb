"""Own the days on which a plan falls due: counted from one seed, so that a short month costs no day for ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from farthing.kit.calendar import add_months, month_end
from farthing.kit.errors import Refusal, malformed
from farthing.kit.tables import YEARS
from farthing.lending.plans.factors import units_between
from farthing.lending.plans.terms import CONTRADICT, Every, MonthEnd, Terms

TOO_LATE = malformed(
    "lending.beyond_the_calendar",
    "{number} times {count} {unit}(s) after {seed} lies beyond the year {last}, where the calendar of loans ends.",
    "{seed} 之后第 {number} 个 {count} {unit_zh}已超过 {last} 年，贷款日历到此为止。",
)
_ZH = {"day": "日", "week": "周", "month": "个月"}
_LAST = date(YEARS[-1], 12, 31).toordinal()
MOST_HOLIDAYS = 60
"""So many days in a row at most are passed over: a calendar without a working day is a mistake."""


def due_days(terms: Terms, start: date) -> tuple[date, ...]:
    """The due days of every instalment of a loan whose first payment out is on ``start``."""
    if terms.rows:
        days = tuple(row.due_on for row in terms.rows)
    else:
        seed, first = terms.first_due or start, 0 if terms.first_due else 1
        days = tuple(at(terms.every, terms.month_end, seed, number + first) for number in range(terms.instalments))
    if days[0] <= start:
        raise CONTRADICT(
            problem="the first instalment is due before the money is paid out", problem_zh="首期早于放款日"
        )
    return tuple(shifted(terms, day) for day in days)


def at(every: Every, ends: MonthEnd, seed: date, number: int) -> date:
    """So many periods after a seed; refuses ``lending.beyond_the_calendar``."""
    step = every.count * number
    if every.unit == "month":
        if (seed.year * 12 + seed.month - 1 + step) // 12 >= YEARS.stop:
            raise _too_late(every, seed, number)
        day = add_months(seed, step)
        if ends == "first_of_next" and day.day < seed.day:
            return day + timedelta(days=1)
        return month_end(day) if ends == "last_of_month" else day
    days = step * (7 if every.unit == "week" else 1)
    if seed.toordinal() + days > _LAST:
        raise _too_late(every, seed, number)
    return seed + timedelta(days=days)


def _too_late(every: Every, seed: date, number: int) -> Refusal:
    return TOO_LATE(
        number=number,
        count=every.count,
        unit=every.unit,
        unit_zh=_ZH[every.unit],
        seed=seed.isoformat(),
        last=YEARS[-1],
    )


def shifted(terms: Terms, day: date) -> date:
    """The day on which what falls due on a holiday is due."""
    if terms.shift == "none" or day not in terms.holidays:
        return day
    step = -1 if terms.shift == "previous" else 1
    moved = _working(terms, day, step)
    if terms.shift == "next_in_month" and moved.month != day.month:
        return _working(terms, day, -1)
    return moved


def _working(terms: Terms, day: date, step: int) -> date:
    for _ in range(MOST_HOLIDAYS):
        if day not in terms.holidays:
            return day
        day += timedelta(days=step)
    raise CONTRADICT(problem="no working day is near a due day", problem_zh="到期日附近没有工作日")


def odd_units(terms: Terms, start: date, days: tuple[date, ...]) -> tuple[Decimal | None, ...]:
    """How many months, weeks or days each period has where it is no regular one: the first, where its end was given, and
    all of a custom schedule."""
    starts = (start, *days[:-1])
    return tuple(
        units_between(terms.every, one, other)
        if terms.rows or (number == 0 and terms.first_due and not regular(terms, one, other))
        else None
        for number, (one, other) in enumerate(zip(starts, days, strict=True))
    )


def regular(terms: Terms, start: date, due: date) -> bool:
    """Whether a first period is as long as any other."""
    return shifted(terms, at(terms.every, terms.month_end, start, 1)) == due
