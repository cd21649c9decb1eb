"""Own ``ReportedRules``: what becomes of payments that are reported as fraud, as data of a policy pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_HOURS, MOST_DAYS, MOST_OPEN, MOST_WALLETS, MOST_HOPS = 24 * 60, 3_650, 1_000, 1_000, 50


@dataclass(frozen=True, slots=True)
class ReportedRules:
    """A payer reports a payment for ``report_days``, and has ``open_max`` reports open at a time; more goes by the bank. What is
    left of the money is frozen for ``hours`` and then free again: nobody's money goes away by a clock. It is followed through
    ``hops_max`` payments one after the other, and ``wallets_max`` wallets."""

    report_days: int
    open_max: int
    hours: int
    hops_max: int
    wallets_max: int
    article: Words


def before(silent: Words) -> ReportedRules:
    """What holds in a bank whose pack was published before it said so: a short freeze that ends by itself."""
    return ReportedRules(30, 3, 48, 10, 100, silent)


def decode(table: Table) -> ReportedRules:
    """The part ``[reported]`` of a policy pack; refuses ``products.*`` by key."""
    found = ReportedRules(
        table.whole("report_days", 1, MOST_DAYS), table.whole("open_max", 1, MOST_OPEN), table.whole("hours", 1, MOST_HOURS),
        table.whole("hops_max", 1, MOST_HOPS), table.whole("wallets_max", 1, MOST_WALLETS), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
