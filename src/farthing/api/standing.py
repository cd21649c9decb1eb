"""Own the routes of standing payments: arranged, stopped, listed."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.standing import service as standing

router = router_of("/v1")

post(router, "/standing-orders", standing.make)
post(router, "/standing-order-stops", standing.stop)
get(router, "/parties/{party_id}/standing-orders", standing.listed, "before", "limit")
get(router, "/parties/{party_id}/standing-orders/{order_id}", standing.order)
