"""Own which loans of a page seek lenders on the marketplace, for whoever looks at them at any door."""

from __future__ import annotations

from collections.abc import Iterable

from farthing.funding.market import listings_service as listings
from farthing.funding.market.listings_model import Listing
from farthing.funding.market.listings_rules import LIVE
from farthing.kernel.run import Ask
from farthing.lending.model import Loan


def seeking(ask: Ask, loans: Iterable[Loan]) -> dict[str, Listing]:
    """By loan the listings of those that wait for lenders, or for lenders to have made up their mind."""
    found = {loan.id: ask(listings.listing_of_loan, loan.id) for loan in loans if loan.state == "accepted"}
    return {loan_id: each for loan_id, each in found.items() if each is not None and each.state in LIVE}
