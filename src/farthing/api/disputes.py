"""Own the routes of disputes: opened, answered, contested, withdrawn by their sides, and decided by the bank."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.disputes import opening_service as opening
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import service as disputes

router = router_of("/v1")

post(router, "/payment-disputes", opening.open_dispute, money=True)
post(router, "/payment-dispute-answers", disputes.answer, money=True)
post(router, "/payment-dispute-contests", disputes.contest)
post(router, "/payment-dispute-withdrawals", disputes.withdraw, money=True)
post(router, "/payment-dispute-decisions", disputes.decide, money=True)
post(router, "/large-payment-dispute-decisions", disputes.decide_large, money=True)
get(router, "/payment-disputes", reading.listed, "everything", "limit")
get(router, "/payment-disputes/{dispute_id}", reading.case)
get(router, "/parties/{party_id}/payment-disputes", reading.own, "limit")
get(router, "/parties/{party_id}/payment-disputes/{dispute_id}", reading.one)
get(router, "/parties/{party_id}/disputed-takings", reading.against, "limit")
