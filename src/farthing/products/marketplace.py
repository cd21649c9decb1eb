"""Own ``Marketplace``: what a law asks of whoever lends through a marketplace, as data, and how a policy pack says it. Pure.

A pack that says nothing of it allows no marketplace.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Marketplace:
    """``valid_days``: for how long a knowledge test that was passed, a simulated loss and an acknowledged warning are good;
    ``again_days``: after how many days a test that was not passed may be taken again. ``bears``: the part of his net worth
    that a lender's ability to bear loss is reckoned as. ``warning``: what he acknowledges, in its words."""

    valid_days: int
    again_days: int
    bears: Decimal
    warning: Words
    article: Words


def decode(table: Table) -> Marketplace:
    """The part ``[marketplace]`` of a policy pack; refuses ``products.*`` by key."""
    found = Marketplace(
        table.whole("valid_days", 1, 3_660), table.whole("again_days", 0, 366), table.decimal("bears", "0", "1"),
        table.words("warning"), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
