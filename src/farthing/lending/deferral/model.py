"""Own ``Deferred``: what was paid of a product's origination fees and is not earned at the end of a month.

Table: ``loan_deferral``. Never an obligation of the borrower: that is lending's, and is paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """Whose fees: a product, and the accounts that its version named, what is deferred and what is earned."""

    product: str
    currency: str
    against: str
    income: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """How many loans have fees that are not earned yet, how much of them that is, and what stood before."""

    place: Place
    loans: int
    deferred: Money
    standing: Money

    @property
    def change(self) -> Money:
        """What is deferred more than before; below zero, what is earned by now."""
        return self.deferred - self.standing
