"""Own the bank's clock. ``business_date`` moves only when a day is closed; the instant never runs backwards.

``real``: the instant is the wall clock. ``simulated``: the instant starts at the wall clock and follows the
business date, so a test, a demo or a stress run lives years in minutes. Pure: the wall clock is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Wall = Callable[[], datetime]


def wall_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ClockState:
    """The row ``bank_clock``: mode, business date, where the bank's instant was anchored to the wall's, and the currency
    in which the bank keeps its books, which is settled with the clock and never changes."""

    mode: str
    time_zone: str
    business_date: date
    anchor_at: datetime
    anchor_wall_at: datetime
    home: str


def start(mode: str, time_zone: str, wall: datetime, home: str, business_date: date | None = None) -> ClockState:
    """A bank that opens now (or, simulated, at nine o'clock of another date)."""
    zone = ZoneInfo(time_zone)
    today = wall.astimezone(zone).date()
    if business_date is None or business_date == today:
        return ClockState(mode, time_zone, today, wall, wall, home)
    opening = datetime.combine(business_date, time(9), zone).astimezone(UTC)
    return ClockState(mode, time_zone, business_date, opening, wall, home)


def instant(state: ClockState, wall: datetime) -> datetime:
    """The bank's instant at a wall instant. Simulated days do not end by themselves: time waits for the close."""
    if state.mode == "real":
        return wall
    running = state.anchor_at + max(wall - state.anchor_wall_at, timedelta(0))
    zone = ZoneInfo(state.time_zone)
    last = datetime.combine(state.business_date, time(23, 59, 59, 999999), zone).astimezone(UTC)
    return max(state.anchor_at, min(running, last))


def is_over(state: ClockState, wall: datetime) -> bool:
    """Whether the bank's day may end: a simulated one at will, a real one once the calendar has gone on."""
    return state.mode != "real" or state.business_date < wall.astimezone(ZoneInfo(state.time_zone)).date()


def advanced(state: ClockState, now: datetime, wall: datetime) -> ClockState:
    """The clock after the close of its day at the bank's instant ``now``: the next date, at its first instant."""
    following = state.business_date + timedelta(days=1)
    morning = datetime.combine(following, time(0), ZoneInfo(state.time_zone)).astimezone(UTC)
    return ClockState(state.mode, state.time_zone, following, max(now, morning), wall, state.home)
