"""Own ``RailRules``: how money with other banks is watched and when each rail works, as data of a policy pack. Pure.

A rail that no timetable names works at every hour of every day. Times are of the bank's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from farthing.kit.tables import Table
from farthing.kit.words import Words

Works = Literal["every_day", "business_days"]
WORKS: tuple[Works, ...] = ("every_day", "business_days")
HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(0, 60, 5))
MOST_MINUTES, MOST_HOURS, MOST_DAYS = 24 * 60, 24 * 30, 365


@dataclass(frozen=True, slots=True)
class Timetable:
    """On which days a rail works, and until when on such a day it takes what is paid out; none where it never stops."""

    rail: str
    works: Works
    cut_off: time | None


@dataclass(frozen=True, slots=True)
class RailRules:
    """After which time somebody must look at a movement of a state (asked, unknown, accepted); for how many business days a line
    may still come on the other side of a reconciliation; after how many days an open break is old; the timetables of rails."""

    asked_minutes: int
    unknown_hours: int
    accepted_hours: int
    timing_days: int
    break_days: int
    article: Words
    timetables: tuple[Timetable, ...] = ()

    def of(self, rail: str) -> Timetable:
        """When a rail works."""
        found = (each for each in self.timetables if each.rail == rail)
        return next(found, Timetable(rail, "every_day", None))


def before(silent: Words) -> RailRules:
    """What holds in a bank whose pack says nothing of it: what held before packs could."""
    return RailRules(10, 1, 24, 2, 5, silent)


def decode(table: Table) -> RailRules:
    """The part ``[rails]`` of a policy pack; refuses ``products.*`` by key."""
    found = RailRules(
        table.whole("asked_minutes", 1, MOST_MINUTES), table.whole("unknown_hours", 1, MOST_HOURS),
        table.whole("accepted_hours", 1, MOST_HOURS), table.whole("timing_days", 0, MOST_DAYS),
        table.whole("break_days", 0, MOST_DAYS), table.words("article"), table.many("timetables", _timetable, ()),
    )  # fmt: skip
    rails = [each.rail for each in found.timetables]
    if len(set(rails)) < len(rails):
        raise table.wrong("timetables", "names a rail twice", "同一通道出现两次")
    table.close()
    return found


def _timetable(table: Table) -> Timetable:
    one = table.table("timetables")
    until = one.choice("cut_off", ("", *HOURS), "")
    found = Timetable(one.text("rail"), _works(one), time.fromisoformat(until) if until else None)
    one.close()
    return found


def _works(table: Table) -> Works:
    return "business_days" if table.choice("works", WORKS) == "business_days" else "every_day"
