"""Own ``StandingOrders``: how often a payment that falls due is tried, as data, and how a policy pack says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_TRIES, MOST_MINUTES, MOST_DAYS, MOST = 20, 1_440, 30, 1_000


@dataclass(frozen=True, slots=True)
class StandingOrders:
    """How often a due payment is tried in a day and how many minutes lie between, on how many days, and how many orders of one
    payer stand at a time. The close of a day is its last try."""

    day_tries: int
    minutes: int
    days: int
    orders_max: int
    article: Words


def before(silent: Words) -> StandingOrders:
    """What holds where no pack says it: tried at the beginning and at the close of two days."""
    return StandingOrders(2, 360, 2, 20, silent)


def decode(table: Table) -> StandingOrders:
    """The part ``[standing]`` of a policy pack; refuses ``products.*`` by key."""
    found = StandingOrders(
        table.whole("day_tries", 1, MOST_TRIES), table.whole("minutes", 1, MOST_MINUTES), table.whole("days", 1, MOST_DAYS),
        table.whole("orders_max", 1, MOST), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
