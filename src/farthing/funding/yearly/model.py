"""Own ``LenderYear``: what a lender had of each of his loans in a calendar year. Never kept: derived from notes and flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, Strict

from farthing.kit.money import Money

Year = Annotated[int, Strict(), Field(ge=2000, le=9998)]
"""A calendar year."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """What a lender had of one loan in a year: ``principal``, ``interest``, ``penalty`` and ``fee`` before the platform's
    ``charged`` fee; ``recovered`` of it came after the loan was given up, and counts in the four before as well. ``covered`` is
    what the protection fund paid; ``lost`` what was left of his note when the loan was given up. ``sold_principal`` of it he
    ``sold`` for that price, with ``sold_interest`` earned until then; ``bought`` likewise."""

    loan_id: str
    principal: Money
    interest: Money
    penalty: Money
    fee: Money
    recovered: Money
    charged: Money
    covered: Money
    lost: Money
    sold_principal: Money
    sold: Money
    sold_interest: Money
    bought_principal: Money
    bought: Money
    bought_interest: Money

    @property
    def received(self) -> Money:
        """What came into the wallet, less what was paid for parts that were bought."""
        shared = self.principal + self.interest + self.penalty + self.fee - self.charged + self.covered
        return shared + self.sold + self.sold_interest - self.bought - self.bought_interest

    @property
    def gained(self) -> Money:
        """What selling and buying parts came to against their principal; below zero it is a loss. What is repaid of a part that
        was bought for less is principal: the difference was told in the year of buying."""
        return self.sold - self.sold_principal + self.bought_principal - self.bought


@dataclass(frozen=True, slots=True)
class LenderYear:
    """A lender's year, a line a loan, and all of them together."""

    party_id: str
    year: int
    lines: tuple[YearLine, ...]
    whole: YearLine
