"""Own ``RedPackets``: what a law allows of red packets, as data, and how a policy pack says it. Pure.

What a packet comes to is bounded for the sender; what a claimer may hold and take whom nobody confirmed, for the claimer.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Lowest:
    """What a claimer's wallet may hold, and what may come of packets in all its life, while nobody confirmed name, number and
    phone together."""

    hold_max: Money
    life_max: Money
    article: Words


@dataclass(frozen=True, slots=True)
class RedPackets:
    """What the parts of a packet may come to on average, how many there may be, what one sender lays out in a business day, how
    well he is known, and after how many hours what is left goes back."""

    each_max: Money
    shares_max: int
    day_max: Money
    sender_level_min: int
    hours: int
    article: Words
    lowest: Lowest


MOST_SHARES, MOST_HOURS = 100_000, 720


def before(currency: str, silent: Words) -> RedPackets:
    """What holds in a bank whose pack was published before it said so: as careful as it can be."""
    little, some = Money(20_00, currency), Money(200_00, currency)
    return RedPackets(little, 20, some, 2, 24, silent, Lowest(some, some, silent))


def decode(table: Table, currency: str) -> RedPackets:
    """The part ``[packets]`` of a policy pack; refuses ``products.*`` by key."""
    found = RedPackets(
        table.positive("each_max", currency), table.whole("shares_max", 1, MOST_SHARES), table.positive("day_max", currency),
        table.whole("sender_level_min", 0, 2), table.whole("hours", 1, MOST_HOURS), table.words("article"),
        _lowest(table.table("lowest"), currency),
    )  # fmt: skip
    table.close()
    return found


def _lowest(table: Table, currency: str) -> Lowest:
    found = Lowest(table.positive("hold_max", currency), table.positive("life_max", currency), table.words("article"))
    table.close()
    return found
