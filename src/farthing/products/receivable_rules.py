"""Own ``ReceivableRules``: into what pieces a confirmed payable splits, and to whom a piece passes, as data of a pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_DAYS = 1_830


@dataclass(frozen=True, slots=True)
class ReceivableRules:
    """No piece is smaller than ``least``. A payable is confirmed for at most ``days_max``. ``back``: whether a piece may pass to
    somebody who held it, or what it was split from, before."""

    least: Money
    days_max: int
    back: bool
    article: Words


def before(currency: str, silent: Words) -> ReceivableRules:
    """What holds where no pack says it."""
    return ReceivableRules(Money(100_00, currency), 365, False, silent)


def decode(table: Table, currency: str) -> ReceivableRules:
    """The part ``[receivables]`` of a policy pack; refuses ``products.*`` by key."""
    found = ReceivableRules(
        table.positive("least", currency),
        table.whole("days_max", 1, MOST_DAYS),
        table.flag("back"),
        table.words("article"),
    )
    table.close()
    return found
