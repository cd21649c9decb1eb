"""Count how often somebody tried something within a while, for whatever may be tried only so often.

Called inside operations, which say what a try is and what happens after too many. A counter is kept under a hash, so that
what was tried is not kept, and is held until the transaction ends, so that tries are counted one at a time.
"""

from __future__ import annotations

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
