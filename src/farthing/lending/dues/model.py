"""Own ``Due``: what of a loan has fallen due and is not paid, read no further than an ordinary payment needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.kit.money import Money, total
from farthing.lending.model import Loan


@dataclass(frozen=True, slots=True)
class Due:
    """``loan`` has only its instalments that are due, and of these only the obligations that are open.

    ``events``: how many there are; ``plain``: whether all of them but the first, the payment out, are repayments, each told on
    its day. ``outstanding``: principal that is not repaid; ``more``: whether anything is open that falls due later. ``as_of_on``:
    as a ``Life`` has it.
    """

    loan: Loan
    events: int
    plain: bool
    outstanding: Money
    more: bool
    as_of_on: date | None

    @property
    def amount(self) -> Money:
        """All that is due."""
        due = [one.left for each in self.loan.instalments for one in each.obligations]
        return total(due, self.loan.principal.currency)
