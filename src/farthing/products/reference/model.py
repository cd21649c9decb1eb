"""Own ``ReferenceRate``: a public rate that loans follow, such as the LPR of a year, as dated figures.

Table: ``reference_rate``. Never changes a figure of a day that has come: loans were set by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from farthing.kit.errors import conflict, not_found
from farthing.kit.inputs import Day, Line, RateText, Slug, Word
from farthing.kit.words import Words

UNKNOWN = not_found(
    "products.reference_unknown",
    "No reference rate {rate} in {currency} is in force on {on}; set one first.",
    "{currency} 定价基准利率 {rate} 在 {on} 没有生效的数值；请先公布。",
)
IN_FORCE = conflict(
    "products.reference_in_force",
    "A figure of {rate} from {effective_on} would change what loans were set by; choose a day after {today}.",
    "{rate} 自 {effective_on} 起的数值会改变已重定价的贷款；请选择 {today} 之后的日期。",
)
OTHER_CURRENCY = conflict(
    "products.reference_currency",
    "The reference rate {rate} is of {currency}, not of {asked}.",
    "定价基准利率 {rate} 的币种为 {currency}，不是 {asked}。",
)


@dataclass(frozen=True, slots=True)
class EarlierFigure:
    """What a reference rate was from a day until the figure after it."""

    effective_on: Day
    annual: RateText


@dataclass(frozen=True, slots=True)
class SetReferenceRate:
    """Say what a reference rate is from a day on, what it is called, and where that was published. ``earlier``: the figures
    before it, which only a rate that has none yet may be given."""

    rate: Slug
    name: Line
    name_zh: Line
    currency: Word
    effective_on: Day
    annual: RateText
    source: Line
    source_zh: Line = ""
    earlier: Annotated[tuple[EarlierFigure, ...], Field(max_length=200)] = ()


@dataclass(frozen=True, slots=True)
class ReferenceFigure:
    """A figure of a reference rate as it was set."""

    rate: str
    name: Words
    currency: str
    effective_on: date
    annual: Decimal
    source: str
    source_zh: str
    set_by: str


@dataclass(frozen=True, slots=True)
class ReferenceRate:
    """A reference rate: its figures in the order of their days, each in force until the next."""

    rate: str
    name: Words
    currency: str
    figures: tuple[tuple[date, Decimal], ...]

    def on(self, day: date) -> Decimal:
        """What it is on a day; refuses ``products.reference_unknown`` before its first figure."""
        found = [annual for since, annual in self.figures if since <= day]
        if not found:
            raise UNKNOWN(rate=self.rate, currency=self.currency, on=day)
        return found[-1]
