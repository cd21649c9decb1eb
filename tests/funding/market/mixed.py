"""A loan that partners, lenders of the marketplace and the own book fund together, and a partner in this process."""

from __future__ import annotations

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.lending.model import Loan
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.funding.test_partners import HARVEST, Lender
from tests.lending.house import House


def mixing(house: House, funding_order: str = '["partners", "marketplace", "own_book"]', fee: str = "0") -> None:
    """The rainy-day loan at the curve's rate of grade A, as a bank would sell it that mixes the fundings in this order; a
    partner, which is known, is asked for three tenths."""
    source = house.source("rainy-day-loan").replace('["own_book", "partners"]', funding_order)
    source = source.replace('rate = {annual = "0.12"', 'rate = {annual = "0.0520"').replace('"0.18"', '"0.0780"')
    source = source.replace('origination = "0"', f'origination = "{fee}"')
    agreed(house.bank.kernel, funding.register_partner, HARVEST)
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))


def asking(house: House, partner: Lender) -> None:
    """Who answers for the partner from now on."""
    house.bank.kernel.ports = house.bank.kernel.ports.with_peer("partner", "http", partner)


def sought(house: House, amount: str = "8000") -> Loan:
    """An accepted loan whose funders were asked."""
    loan = house.accept(house.offer(amount))
    funding.arrange(house.bank.kernel, loan.id)
    return house.loan(loan.id)


def held(house: House, loan: Loan) -> dict[str, str]:
    """Who holds a loan, with how much."""
    return {each.name: each.share.plain() for each in house.loan(loan.id).holders}
