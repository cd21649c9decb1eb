"""Own the report of the spread: what the own book's loans earned in a period, product by product, up to the result of the bank.

Table: ``internal_rate``. Never holds money: every figure but the internal rate comes from the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.inputs import Day, Line, Rates, RateText, Word
from farthing.kit.money import Money, total


@dataclass(frozen=True, slots=True)
class FundingLine:
    """What the money of a product's loans of a term costs inside the bank: the rate of an edition of the curve, times what
    was outstanding day by day. ``term``: the one the curve quotes, empty for money without a term; ``average``: of the
    period's days."""

    product: str
    term: str
    annual: Decimal
    set_on: date
    loans: int
    average: Money
    cost: Money


@dataclass(frozen=True, slots=True)
class ProductSpread:
    """What the own book's part of a product's loans earned; costs are positive. ``average``: what was outstanding, over the
    days; ``other``: what else entries of its loans earned, ``losses`` what they cost."""

    product: str
    loans: int
    average: Money
    interest: Money
    penalties: Money
    fees: Money
    other: Money
    funding: Money
    provision: Money
    losses: Money

    @property
    def income(self) -> Money:
        """Everything that the loans brought."""
        return self.interest + self.penalties + self.fees + self.other

    @property
    def spread(self) -> Money:
        """What is left of it."""
        return self.income - self.funding - self.provision - self.losses


@dataclass(frozen=True, slots=True)
class Apart:
    """What an account of income or expenses brought that no loan's entry names; an expense is below zero."""

    path: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread in a currency. What loans are charged for their money is earned by the bank as a whole (``transferred``), so
    that spreads, that, and what is ``apart`` come to the ``profit`` of the books. ``priced``: whether a curve says what
    money costs; without one nothing is charged."""

    currency: str
    priced: bool
    products: tuple[ProductSpread, ...]
    lines: tuple[FundingLine, ...]
    apart: tuple[Apart, ...]
    profit: Money

    @property
    def transferred(self) -> Money:
        """What loans paid inside the bank for their money."""
        return total([each.funding for each in self.products], self.currency)

    @property
    def spread(self) -> Money:
        """What all loans earned."""
        return total([each.spread for each in self.products], self.currency)


@dataclass(frozen=True, slots=True)
class SpreadReport:
    """What lending earned from a day to another, both included, in each currency."""

    since: date
    until: date
    days: int
    currencies: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class SetInternalRates:
    """Say from a day on what money costs inside the bank: ``demand`` without a term, ``terms`` by term (3m, 1y), and by what
    that was judged."""

    currency: Word
    effective_on: Day
    demand: RateText
    terms: Rates
    source: Line
    source_zh: Line = ""


@dataclass(frozen=True, slots=True)
class InternalRates:
    """An edition of the curve as it was set."""

    currency: str
    effective_on: date
    demand: Decimal
    terms: tuple[tuple[str, Decimal], ...]
    source: str
    source_zh: str
    set_by: str
