"""Own the routes of the marketplace: what a lender does before lending there, his mandates and what he picks, at his own hand;
listings, the batches that anybody may clear again, and the secondary market.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from operator import attrgetter

from farthing.api.ground import get, post, router_of
from farthing.funding.fairness import service as fairness
from farthing.funding.losses import service as losses
from farthing.funding.market import batches_service as batches
from farthing.funding.market import information_service as information
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import portfolio_service as portfolio
from farthing.funding.market import valuing_service as valuing
from farthing.funding.protection import service as protection
from farthing.funding.resale import service as resale
from farthing.funding.yearly import service as yearly

router = router_of("/v1/market")

post(router, "/tests", lenders.take_test)
post(router, "/simulations", lenders.simulate_loss)
post(router, "/warnings", lenders.acknowledge_warning)
post(router, "/bids", listings.bid)
post(router, "/take-backs", listings.take_back, status=200)
post(router, "/sales", resale.sell)
post(router, "/sales/stops", resale.stop_sale, status=200)
post(router, "/mandates", mandates.make_mandate)
post(router, "/mandates/changes", mandates.change_mandate)
post(router, "/mandates/stops", mandates.stop_mandate, status=200)

get(router, "/test", lenders.test)
get(router, "/curve", valuing.published_curve)
get(router, "/valuations/{offer_id}", valuing.valuation)
get(router, "/outcomes", lenders.outcomes, "amount", "loans", "grade")
get(router, "/board", listings.board)
get(router, "/listings", listings.listings, "after", "limit")
get(router, "/listings/{listing_id}", listings.listing)
get(router, "/listings/{listing_id}/information.pdf", information.sheet, pdf=attrgetter("pdf"))
get(router, "/fairness", fairness.fairness)
get(router, "/protection", protection.fund)
get(router, "/protection/claims", protection.claims, "after", "limit")
get(router, "/sales", resale.queue)
get(router, "/resale-prices", resale.prices)
get(router, "/lenders/{party_id}/sales", resale.sales, "before", "limit")
get(router, "/lenders/{party_id}/resales", resale.resales, "before", "limit")
get(router, "/batches", batches.batches, "before", "limit")
get(router, "/batches/{batch_id}", batches.batch)
get(router, "/batches/{batch_id}/file", batches.published_file)
get(router, "/batches/{batch_id}/receipts/{mandate_id}", batches.receipt)
get(router, "/mandates/{mandate_id}/batches", batches.receipts)
get(router, "/lenders/{party_id}/fills", listings.fills, "before", "limit")
get(router, "/lenders/{party_id}/year", yearly.year, "year")
get(router, "/lenders/{party_id}", lenders.lender)
get(router, "/lenders/{party_id}/mandates", mandates.mandates, "before", "limit")
get(router, "/lenders/{party_id}/room", mandates.room)
get(router, "/lenders/{party_id}/portfolio", portfolio.portfolio)
get(router, "/lenders/{party_id}/notes", portfolio.notes, "after", "limit")
get(router, "/lenders/{party_id}/losses", losses.losses)
get(router, "/mandates/{mandate_id}", mandates.mandate)
