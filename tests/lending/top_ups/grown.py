"""A loan of which three instalments are paid, and asking for more on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from farthing.funding import service as funding
from farthing.lending.model import Loan
from farthing.lending.top_ups import service as top_ups
from farthing.lending.top_ups.model import TopUp, TopUpQuote
from tests.lending.house import House, yuan

DAY = date(2027, 3, 10)
"""Three instalments are paid, and the fourth is running."""


def three_paid(house: House) -> Loan:
    """Of six instalments the wallet paid three, and the bill is of today."""
    loan = house.active("3000")
    house.wait(DAY)
    house.bring()
    return house.loan(loan.id)


def asked(house: House, loan_id: str, amount: str = "8000", instalments: int = 12) -> Any:
    """What came of asking for more."""
    return house.bank.run(top_ups.top_up, TopUp(loan_id, yuan(amount), instalments, "a new roof"))


def quoted(house: House, loan_id: str, amount: str = "8000", instalments: int = 12) -> TopUpQuote:
    """What asking for more would come to."""
    found: TopUpQuote = house.bank.read(lambda tx: top_ups.top_up_quote(tx, loan_id, amount, instalments))
    return found


def taken(house: House, loan_id: str, amount: str = "8000") -> Loan:
    """A top-up that is accepted, funded, and signed for today."""
    loan = house.accept(asked(house, loan_id, amount).offer)
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    return house.loan(loan.id)
