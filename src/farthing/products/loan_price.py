"""Own what a loan costs the bank, and what it may expect to lose by one borrower, as data of a policy pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class LoanPrice:
    """What a loan costs, a year and as a part of what is lent: ``funding`` its money, ``operating`` its handling, and capital of
    ``capital_part`` of it that must earn ``capital_return`` in place of the money's cost. ``loss_max``: by what it is lent for,
    how much may be expected to be lost by one borrower in a year."""

    funding: Decimal
    operating: Decimal
    capital_part: Decimal
    capital_return: Decimal
    loss_max: dict[str, Money]
    article: Words


def decode(table: Table, article: Words, currency: str) -> LoanPrice:
    """The limit ``[loan_price]`` of a pack; refuses ``products.*`` by key."""
    uses = table.table("loss_max")
    found = LoanPrice(
        table.decimal("funding", "0", "1"), table.decimal("operating", "0", "1"), table.decimal("capital_part", "0", "1"),
        table.decimal("capital_return", "0", "1"), {use: uses.positive(use, currency) for use in ("consumption", "business")},
        article,
    )  # fmt: skip
    uses.close()
    return found
