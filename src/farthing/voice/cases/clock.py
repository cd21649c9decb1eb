"""Decide by which day a case is to be answered. Pure.

The day on which it came does not count, whatever the channel. Days on which the clock stood still do not count: between an answer
and its reopening, and while the law lets it stand. So a reopening goes on with what was left, and who answered late stays late.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from farthing.kit.calendar import is_business_day, next_business_day


class Counting(Protocol):
    """How days are counted: business days or all; whether a last day on which the bank is closed moves on."""

    @property
    def business(self) -> bool:
        """Business days count."""

    @property
    def rolls(self) -> bool:
        """A last day on which the bank is closed moves on."""


@dataclass(frozen=True, slots=True)
class Business:
    """Business days, neither more nor less."""

    business: bool = True
    rolls: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which the clock stood: after ``from_on`` up to and with ``until_on``; none: it stands still."""

    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day does not count."""
        return self.from_on < day and (self.until_on is None or day <= self.until_on)


def last_day(rules: Counting, start: date, days: int, stops: Sequence[Stop], holidays: Collection[date]) -> date:
    """The last of ``days`` after ``start``, with all stops ended."""
    day, left = start, days
    while left:
        day += timedelta(days=1)
        counts = is_business_day(day, holidays) if rules.business else True
        left -= counts and not any(each.holds(day) for each in stops)
    return next_business_day(day, holidays) if rules.rolls and not is_business_day(day, holidays) else day


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock of a case ran: since when, how many days it has now, when it stood.."""

    start: date
    days: int
    stops: tuple[Stop, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it stands still now."""
        return bool(self.stops) and self.stops[-1].until_on is None

    def due(self, rules: Counting, holidays: Collection[date]) -> date | None:
        """By when the case is to be answered; none while the clock stands."""
        return None if self.stands else last_day(rules, self.start, self.days, self.stops, holidays)

    def stopped(self, on: date) -> Clock:
        """The clock that stands from a day on; it is the same where it stood."""
        return self if self.stands else replace(self, stops=(*self.stops, Stop(on)))

    def gone_on(self, on: date) -> Clock:
        """The clock that goes on from a day on."""
        return replace(self, stops=(*self.stops[:-1], replace(self.stops[-1], until_on=on))) if self.stands else self


def is_summary(days: int, received_on: date, answered_on: date, holidays: Collection[date]) -> bool:
    """Whether what was settled on a day may be ended by a short answer: by the end of the business days that the law names
    (DISP 1.5: the third after the day of receipt)."""
    return days > 0 and answered_on <= last_day(Business(), received_on, days, (), holidays)
