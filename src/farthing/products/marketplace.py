"""Own ``Marketplace``: what a law asks of whoever lends through a marketplace, as data, and how a policy pack says it. Pure.

A pack that says nothing of it allows no marketplace.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Marketplace:
    """``valid_days``: for how long a knowledge test that was passed, a simulated loss and an acknowledged warning are good;
    ``again_days``: after how many days a test that was not passed may be taken again. ``bears``: the part of his net worth
    that a lender's ability to bear loss is reckoned as. ``verification_min``: how well he is known. ``note``: the least that is
    lent. ``ranges_min``: of rate, term and grades a mandate names so many. All mandates together are at most the part ``most``
    of his net worth, and more than ``consent_over`` of it only if he says that he wants that; up to ``free`` is always his to
    lend. ``warning``: what he acknowledges, in its words."""

    valid_days: int
    again_days: int
    bears: Decimal
    verification_min: int
    note: Money
    ranges_min: int
    free: Money
    consent_over: Decimal
    most: Decimal
    warning: Words
    article: Words


def decode(table: Table, currency: str) -> Marketplace:
    """The part ``[marketplace]`` of a policy pack in its currency; refuses ``products.*`` by key."""
    consent_over = table.decimal("consent_over", "0", "1")
    found = Marketplace(
        table.whole("valid_days", 1, 3_660), table.whole("again_days", 0, 366), table.decimal("bears", "0", "1"),
        table.whole("verification_min", 0, 2), table.positive("note", currency), table.whole("ranges_min", 0, 3),
        table.positive("free", currency), consent_over, table.decimal("most", "0", "1"),
        table.words("warning"), table.words("article"),
    )  # fmt: skip
    if found.most < found.consent_over:
        raise table.wrong("most", "is less than consent_over", "低于 consent_over")
    if found.free < found.note:
        raise table.wrong("free", "is less than a note", "低于一份的金额")
    table.close()
    return found
