"""Own the routes of the marketplace: what a lender does before lending there, and his mandates, at his own hand.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import valuing_service as valuing

router = router_of("/v1/market")

post(router, "/tests", lenders.take_test)
post(router, "/simulations", lenders.simulate_loss)
post(router, "/warnings", lenders.acknowledge_warning)
post(router, "/mandates", mandates.make_mandate)
post(router, "/mandates/changes", mandates.change_mandate)
post(router, "/mandates/stops", mandates.stop_mandate, status=200)

get(router, "/test", lenders.test)
get(router, "/curve", valuing.published_curve)
get(router, "/valuations/{offer_id}", valuing.valuation)
get(router, "/outcomes", lenders.outcomes, "amount", "loans", "grade")
get(router, "/lenders/{party_id}", lenders.lender)
get(router, "/lenders/{party_id}/mandates", mandates.mandates, "before", "limit")
get(router, "/lenders/{party_id}/room", mandates.room)
get(router, "/mandates/{mandate_id}", mandates.mandate)
