"""The marketplace in events: what an operator's or a lender's system is told, and nothing of who borrows."""

from __future__ import annotations

from farthing.funding import service as funding
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market.listings_model import Bid, TakeBack
from farthing.lending.model import LoanCommand
from tests.events.test_events import events, of
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import as_lender, law, listed, mandated, published, with_money
from tests.lending.house import House


def test_a_listing_that_is_bid_for_filled_by_a_batch_and_given_up(database_url: str) -> None:
    house = House(database_url, lived=published)
    law(house, ("reflection_days = 0", "reflection_days = 4"))
    loan, listing = listed(house)
    lender = with_money(house, 1, "1000")
    bid = house.bank.run(listings.bid, Bid(listing.id, lender, yuan("100")), actor=as_lender(lender))
    house.bank.run(listings.take_back, TakeBack(listing.id, bid.fill.id), actor=as_lender(lender))
    mandated(house, 2, "2000")
    batch = batches.run(house.bank.kernel, "first")
    assert batch is not None
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    found = events(house.bank)
    (opened,), (ended,) = of(found, "market.listing_opened"), of(found, "market.listing_ended")
    assert opened == {
        "listing_id": listing.id, "loan_id": loan.id, "product": "rainy-day-loan", "grade": "A", "annual": "0.0520",
        "months": 6, "amount": {"currency": "CNY", "minor": 800_000}, "filled": {"currency": "CNY", "minor": 0},
        "closes_on": listing.closes_on.isoformat(), "state": "open",
    }  # fmt: skip
    assert (ended["state"], ended["filled"]["minor"]) == ("withdrawn", 150_000)
    picked = {
        "fill_id": bid.fill.id,
        "listing_id": listing.id,
        "party_id": lender,
        "amount": opened["amount"] | {"minor": 10_000},
    }
    assert of(found, "market.bid_made") == of(found, "market.bid_taken_back") == [picked]
    (cleared,) = of(found, "market.batch_cleared")
    assert (cleared["batch_id"], cleared["funded"]["minor"]) == (batch.id, 150_000)
    refunds = [(each["listing_id"], each["amount"]["minor"]) for each in of(found, "market.lenders_refunded")]
    assert refunds == [(listing.id, 150_000)], "taking a bid back is told as that alone"
