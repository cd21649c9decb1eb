"""Own the terms of a pooled fund, as data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True)
class FundTerms:
    """A pooled fund. ``carry``: ``daily`` (income becomes units each day) or ``monthly`` (income waits, then units).

    ``fee_annual`` is what the manager takes of the assets a year (actual/365). ``insured`` is always false: fund
    shares are not deposits.
    """

    kind: ClassVar[str] = "fund"
    product: str
    version: int
    name: Words
    currency: str
    carry: str
    minimum: Money
    fee_annual: Decimal
    cut_off: str
    holding_max: Money | None
    instant_fund_max: Money | None
    insured: bool
    roles: tuple[tuple[str, str], ...]
