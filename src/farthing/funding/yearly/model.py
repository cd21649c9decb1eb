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
    what the protection fund paid; ``lost`` what was left of his note when the loan was given up."""

    loan_id: str
    principal: Money
    interest: Money
    penalty: Money
    fee: Money
    recovered: Money
    charged: Money
    covered: Money
    lost: Money

    @property
    def received(self) -> Money:
        """What came into the wallet."""
        return self.principal + self.interest + self.penalty + self.fee - self.charged + self.covered


@dataclass(frozen=True, slots=True)
class LenderYear:
    """A lender's year, a line a loan, and all of them together."""

    party_id: str
    year: int
    lines: tuple[YearLine, ...]
    whole: YearLine
