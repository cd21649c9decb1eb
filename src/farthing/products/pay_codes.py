"""Own ``PayCodes``: what a law allows of payments by code, as data, and how a policy pack says it. Pure.

A payment by code is of a level: D by a static code, else B where two sources confirmed who pays, else C. Each level has its sum
for one payer and a business day. Level A (a certificate of the payer's own) is agreed and not offered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

CodeLevel = Literal["B", "C", "D"]
MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class PayCodes:
    """The most of one payer in a business day by level, and how long a payer's code and a code made for one payment live."""

    b_day_max: Money
    c_day_max: Money
    static_day_max: Money
    payer_seconds: int
    dynamic_seconds: int
    article: Words

    def most(self, level: CodeLevel) -> Money:
        """The most in a day of a level."""
        return {"B": self.b_day_max, "C": self.c_day_max, "D": self.static_day_max}[level]


def before(currency: str, silent: Words) -> PayCodes:
    """What holds in a bank whose pack was published before it said so: as careful as it can be."""
    little = Money(500_00, currency)
    return PayCodes(little, little, little, 60, 300, silent)


def decode(table: Table, currency: str) -> PayCodes:
    """The part ``[pay_codes]`` of a policy pack; refuses ``products.*`` by key."""
    found = PayCodes(
        table.positive("b_day_max", currency), table.positive("c_day_max", currency), table.positive("static_day_max", currency),
        table.whole("payer_seconds", 1, MOST_SECONDS), table.whole("dynamic_seconds", 1, MOST_SECONDS), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
