"""Count how often somebody tried something within a while, for whatever may be tried only so often.

Called inside operations, which say what a try is and what happens after too many. A counter is kept under a hash, so that
what was tried is not kept, and is held until the transaction ends, so that tries are counted one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.identity import rules, store


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was tried since the window began."""

    key: bytes
    count: int


def wall(tx: Tx) -> datetime:
    """The time that tries are counted and codes grow old by: the bank's clock may stand still or leap a day."""
    return store.wall_time(tx)


def held(tx: Tx, what: tuple[str, ...], window: timedelta) -> Tally:
    """The count of what was tried within the window, from the first try on; nobody else counts until we are done."""
    key, at = rules.counted(*what), store.wall_time(tx)
    count, since, _ = store.hold_throttle(tx, key, at)
    if at - since >= window:
        count = 0
        store.set_throttle(tx, key, 0, at, None)
    return Tally(key, count)


def add(tx: Tx, tally: Tally) -> None:
    """One more."""
    store.count_throttle(tx, tally.key, None)


def within(tx: Tx, what: tuple[str, ...], window: timedelta, most: int) -> bool:
    """Count one more; false where it is one too many."""
    tally = held(tx, what, window)
    add(tx, tally)
    return tally.count < most


Counters = dict[bytes, tuple[bool, int, datetime | None]]
"""Counters that an attempt is held against: whether it is of one place alone, count, lock."""


def latest(instants: Iterable[datetime | None]) -> datetime | None:
    """The latest of some instants, or none."""
    return max((instant for instant in instants if instant is not None), default=None)


def held_all(tx: Tx, keys: tuple[tuple[bytes, bool], ...], wall: datetime) -> Counters:
    """Hold the counters of an attempt; those that several share begin anew after a while."""
    held: Counters = {}
    for key, own in keys:
        count, since, locked_until = store.hold_throttle(tx, key, wall)
        if not own and wall - since >= rules.WINDOW:
            count, since = 0, wall
            store.set_throttle(tx, key, 0, wall, locked_until)
        held[key] = own, count, locked_until
    return held


def failed(tx: Tx, counters: Counters, wall: datetime) -> datetime | None:
    """Add a failure to each counter; answers until when the next attempt waits, if it does."""
    locks = []
    for key, (own, count, _) in counters.items():
        lock = rules.lock_after(count + 1, wall) if own else rules.slow_after(count + 1, wall)
        store.count_throttle(tx, key, lock)
        locks.append(lock)
    return latest(locks)


def forgive(tx: Tx, counters: Counters, wall: datetime) -> None:
    """It fitted: what is counted of one place or device alone begins anew."""
    for key, (own, _, _) in counters.items():
        if own:
            store.set_throttle(tx, key, 0, wall, None)
