"""Own the routes of merchants: opened, their tills and cashiers, codes, payments by code, refunds, takings and settlements."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.api.hot import hot
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking

router = router_of("/v1")

hot(router, "/code-payments", taking.pay)
hot(router, "/code-charges", taking.charge)
post(router, "/merchants", merchants.open_merchant)
post(router, "/merchant-tills", merchants.add_till)
post(router, "/merchant-cashiers", merchants.set_cashier)
post(router, "/merchant-codes", merchants.make_code)
post(router, "/payer-codes", merchants.show_payer_code)
post(router, "/merchant-refunds", refunds.refund, money=True)
get(router, "/parties/{party_id}/code-asks", merchants.asks, "code")
get(router, "/parties/{party_id}/merchants", merchants.mine)
get(router, "/parties/{party_id}/merchants/{merchant_id}/tills", merchants.tills)
get(router, "/parties/{party_id}/merchants/{merchant_id}/takings", refunds.takings, "on", "before", "limit")
get(router, "/parties/{party_id}/merchants/{merchant_id}/settlements", refunds.settlements, "before", "limit")
