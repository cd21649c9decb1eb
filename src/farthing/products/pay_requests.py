"""Own ``PayRequests``: what a law allows of asking others for money, as data, and how a policy pack says it. Pure.

Who is asked too often is harassed: what one person may ask another, and how much one may ask in a day, is bounded for the asker.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_DAYS, MOST = 365, 1_000


@dataclass(frozen=True, slots=True)
class PayRequests:
    """How many requests of one person wait at another, how many one makes of another and of everybody in a business day, how
    long one is good, and among how many a bill is split."""

    open_pair_max: int
    pair_day_max: int
    day_max: int
    days_max: int
    split_max: int
    article: Words


def before(silent: Words) -> PayRequests:
    """What holds in a bank whose pack was published before it said so: as careful as it can be."""
    return PayRequests(1, 1, 5, 7, 10, silent)


def decode(table: Table) -> PayRequests:
    """The part ``[requests]`` of a policy pack; refuses ``products.*`` by key."""
    found = PayRequests(
        table.whole("open_pair_max", 1, MOST), table.whole("pair_day_max", 1, MOST), table.whole("day_max", 1, MOST),
        table.whole("days_max", 1, MOST_DAYS), table.whole("split_max", 2, 100), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
