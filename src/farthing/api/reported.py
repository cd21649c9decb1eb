"""Own the routes of payments that are reported as fraud: made, seen by all whom they touch, decided by two persons."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.reported import service as reported

router = router_of("/v1")

post(router, "/fraud-reports", reported.report)
post(router, "/fraud-reports-for-customers", reported.report_for)
post(router, "/fraud-reports-of-banks", reported.report_come_in)
get(router, "/fraud-reports", reported.listed, "everything", "limit")
get(router, "/fraud-reports/{report_id}", reported.case)
post(router, "/frozen-money-decisions", reported.decide, money=True)
post(router, "/frozen-money-objections", reported.object_to)
get(router, "/parties/{party_id}/fraud-reports", reported.own_list, "limit")
get(router, "/parties/{party_id}/fraud-reports/{report_id}", reported.own)
get(router, "/parties/{party_id}/frozen-money", reported.frozen, "limit")
get(router, "/parties/{party_id}/frozen-money/{report_id}", reported.frozen_one)
