"""Own the routes of requests to pay: made, answered, blocked; and of bills that are split."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as bills

router = router_of("/v1")

post(router, "/requests", requests.ask)
post(router, "/request-payments", requests.pay, money=True)
post(router, "/request-refusals", requests.decline)
post(router, "/request-withdrawals", requests.withdraw)
post(router, "/request-reminders", requests.remind)
post(router, "/request-blocks", requests.block)
post(router, "/request-unblocks", requests.unblock)
post(router, "/bill-splits", bills.split)
get(router, "/parties/{party_id}/requests", requests.listed, "side", "before", "limit")
get(router, "/parties/{party_id}/requests/{request_id}", requests.request)
get(router, "/parties/{party_id}/request-blocks", requests.blocks)
get(router, "/parties/{party_id}/bill-splits", bills.bills, "before", "limit")
get(router, "/parties/{party_id}/bill-splits/{split_id}", bills.bill)
