"""Own the routes of payments that wait for a person: seen, let go, refused, taken back; rules, and pairs that are let through."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.fraud import service as fraud

router = router_of("/v1")

get(router, "/held-payments", fraud.held, "limit")
get(router, "/held-payments/{payment_id}", fraud.case)
post(router, "/held-payment-releases", fraud.release, money=True)
post(router, "/large-held-payment-releases", fraud.release_large, money=True)
post(router, "/held-payment-refusals", fraud.refuse)
post(router, "/held-payment-withdrawals", fraud.withdraw)
get(router, "/parties/{party_id}/held-payments", fraud.own_list, "before", "limit")
get(router, "/parties/{party_id}/held-payments/{payment_id}", fraud.own)
get(router, "/fraud-rules", fraud.rules_today)
post(router, "/payment-pairs", fraud.let_pair)
get(router, "/payment-pairs", fraud.pairs, "limit")
