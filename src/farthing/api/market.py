"""Own the routes of the marketplace: what somebody does before lending there, at his own hand.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.funding.market import lenders_service as lenders

router = router_of("/v1/market")

post(router, "/tests", lenders.take_test)
post(router, "/simulations", lenders.simulate_loss)
post(router, "/warnings", lenders.acknowledge_warning)

get(router, "/test", lenders.test)
get(router, "/outcomes", lenders.outcomes, "amount", "loans", "grade")
get(router, "/lenders/{party_id}", lenders.lender)
