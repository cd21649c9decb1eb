"""Own ``Suspended``: the interest of a product's loans that is owed and is no income at the end of a month.

Table: ``loan_suspension``; what each loan owes of it stands in ``loan_month``. Never a claim: that is lending's, and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.kit.money import Money

Place = tuple[str, str]
"""Product and currency."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """How many loans of a product are too late for their interest to be income, how much of it they owe the own book, and
    what stood before."""

    product: str
    loans: int
    suspended: Money
    standing: Money

    @property
    def change(self) -> Money:
        """What is suspended more than before; below zero, what is income after all: paid, or of a loan on its way back."""
        return self.suspended - self.standing


@dataclass(frozen=True, slots=True)
class SuspendedMonth:
    """The interest that is no income at the end of a month, by product."""

    month: date
    products: tuple[Suspended, ...]
