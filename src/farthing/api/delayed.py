"""Own the routes of payments that go later: made, taken back until they go."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.delayed import service as delayed

router = router_of("/v1")

post(router, "/delayed-payments", delayed.pay, money=True)
post(router, "/delayed-payment-take-backs", delayed.take_back)
get(router, "/parties/{party_id}/delayed-payments", delayed.listed, "before", "limit")
get(router, "/parties/{party_id}/delayed-payments/{payment_id}", delayed.payment)
