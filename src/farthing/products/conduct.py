"""Own ``Conduct``: how a law has late borrowers spoken to, as data, and how a policy pack says it. Pure.

A contact is asked for before it is made, and this says whether it may be.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Conduct:
    """From which full hour until which a borrower may be spoken to, how often a day and in a number of days, by whatever way;
    how many days before the due day a reminder goes out, and how many after it a notice of being late. Nobody but the
    borrower is spoken to, whatever a pack says."""

    first_hour: int
    last_hour: int
    a_day: int
    days: int
    most: int
    remind_before: int
    late_after: int
    article: Words


def before(silent: Words) -> Conduct:
    """What holds in a bank whose pack was published before it said so: as careful as it can be."""
    return Conduct(10, 18, 1, 7, 3, 3, 1, silent)


def decode(table: Table) -> Conduct:
    """The part ``[conduct]`` of a policy pack; refuses ``products.*`` by key."""
    first = table.whole("first_hour", 0, 23)
    a_day = table.whole("a_day", 1, 24)
    found = Conduct(
        first, table.whole("last_hour", first + 1, 24), a_day, table.whole("days", 1, 31), table.whole("most", a_day, 100),
        table.whole("remind_before", 1, 30), table.whole("late_after", 1, 30), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
