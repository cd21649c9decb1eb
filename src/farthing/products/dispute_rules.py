"""Own ``DisputeRules``: what becomes of a payment to a merchant, or a debit, that its payer disputes, as data of a pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_DAYS = 800


@dataclass(frozen=True, slots=True)
class DisputeRules:
    """A payment to a merchant is disputed for ``days``, a debit that was never authorised for ``debit_days`` (0: never). The
    other side answers within ``answer_days``, else the payer wins; whoever lost has ``second_days`` to ask once more.
    ``provisional``: the payer has the money while it lasts. ``fee``: of a merchant who loses. From ``two_from`` on two persons
    decide."""

    days: int
    debit_days: int
    answer_days: int
    second_days: int
    provisional: bool
    fee: Money
    two_from: Money
    article: Words


def before(currency: str, silent: Words) -> DisputeRules:
    """What holds where no pack says it: the payer is heard, nothing is advanced, two persons decide."""
    return DisputeRules(120, 0, 10, 7, False, Money(0, currency), Money(1, currency), silent)


def decode(table: Table, currency: str) -> DisputeRules:
    """The part ``[disputes]`` of a policy pack; refuses ``products.*`` by key."""
    found = DisputeRules(
        table.whole("days", 1, MOST_DAYS), table.whole("debit_days", 0, MOST_DAYS), table.whole("answer_days", 1, MOST_DAYS),
        table.whole("second_days", 1, MOST_DAYS), table.flag("provisional"), table.money("fee", currency),
        table.positive("two_from", currency), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
