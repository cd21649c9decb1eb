"""Own ``DebitRules``: what a law asks of debits under a mandate, as data, and how a policy pack says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_DAYS, MOST_MONTHS = 400, 120


@dataclass(frozen=True, slots=True)
class DebitRules:
    """How many days before a debit its payer is told, for how many days after it he may have it back without a reason, after how
    many idle months a mandate is dead, and what one debit may come to at most."""

    notice_days: int
    refund_days: int
    idle_months: int
    each_max: Money
    article: Words


def before(currency: str, silent: Words) -> DebitRules:
    """What holds where no pack says it: as careful as it can be."""
    return DebitRules(14, 56, 12, Money(500_00, currency), silent)


def decode(table: Table, currency: str) -> DebitRules:
    """The part ``[debits]`` of a policy pack; refuses ``products.*`` by key."""
    found = DebitRules(
        table.whole("notice_days", 1, MOST_DAYS), table.whole("refund_days", 0, MOST_DAYS),
        table.whole("idle_months", 1, MOST_MONTHS), table.positive("each_max", currency), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
