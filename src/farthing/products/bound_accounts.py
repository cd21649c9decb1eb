"""Own ``BoundAccounts``: how cards and accounts of other banks are bound, as data, and how a policy pack says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

Another = Literal["refused", "proof"]
MOST, MOST_DAYS, MOST_HOURS, MOST_DEPOSITS = 100, 60, 720, 3


@dataclass(frozen=True, slots=True)
class BoundAccounts:
    """How well a customer must be known who binds; how many of one customer are bound at a time, and numbers asked after in
    a day; what becomes of a number that is ``another``'s: refused, or his who proves that he holds it. How many small
    ``deposits`` prove it, told in so many ``tries`` and ``days``. For so many ``cooling_hours`` afterwards no more than
    ``cooling_max`` in all is paid out to it."""

    level_min: int
    each_max: int
    day_tries: int
    another: Another
    deposits: int
    tries: int
    days: int
    cooling_hours: int
    cooling_max: Money
    article: Words


def before(currency: str, silent: Words) -> BoundAccounts:
    """What holds where no pack says it: as careful as it can be."""
    return BoundAccounts(2, 3, 3, "refused", 2, 3, 5, 48, Money(500_00, currency), silent)


def decode(table: Table, currency: str) -> BoundAccounts:
    """The part ``[bindings]`` of a policy pack; refuses ``products.*`` by key."""
    found = BoundAccounts(
        table.whole("level_min", 1, 2), table.whole("each_max", 1, MOST), table.whole("day_tries", 1, MOST),
        _another(table), table.whole("deposits", 1, MOST_DEPOSITS), table.whole("tries", 1, MOST),
        table.whole("days", 1, MOST_DAYS), table.whole("cooling_hours", 0, MOST_HOURS),
        table.positive("cooling_max", currency), table.words("article"),
    )  # fmt: skip
    table.close()
    return found


def _another(table: Table) -> Another:
    return "proof" if table.choice("another", ("refused", "proof")) == "proof" else "refused"
