"""Own the routes of merchants: opened, their terms, tills and cashiers, codes, payments by code, refunds, takings and
settlements; as the bank sees all of them, and each what is his own."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.api.hot import hot
from farthing.payments.merchants import month as months
from farthing.payments.merchants import month_service as monthly
from farthing.payments.merchants import overview_service as overview
from farthing.payments.merchants import reading_service as reading
from farthing.payments.merchants import receipts_service as receipts
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants import terms_service as terms

router = router_of("/v1")

hot(router, "/code-payments", taking.pay)
hot(router, "/code-charges", taking.charge)
post(router, "/merchants", merchants.open_merchant)
post(router, "/merchant-tills", merchants.add_till)
post(router, "/merchant-cashiers", merchants.set_cashier)
post(router, "/merchant-codes", merchants.make_code)
post(router, "/merchant-codes/withdrawals", merchants.withdraw_code)
post(router, "/merchant-codes/stops", terms.stop_code)
post(router, "/merchant-contracts", terms.change_contract)
post(router, "/merchant-ends", terms.end_merchant)
post(router, "/payer-codes", merchants.show_payer_code)
post(router, "/merchant-refunds", refunds.refund, money=True)
get(router, "/parties/{party_id}/code-asks", merchants.asks, "code")
get(router, "/parties/{party_id}/merchants", merchants.mine)
get(router, "/parties/{party_id}/merchants/{merchant_id}/tills", merchants.tills)
get(router, "/parties/{party_id}/merchants/{merchant_id}/takings", refunds.takings, "on", "before", "limit")
get(router, "/parties/{party_id}/merchants/{merchant_id}/settlements", refunds.settlements, "before", "limit")
get(router, "/parties/{party_id}/merchants/{merchant_id}/payments/{payment_id}", reading.payment)
get(router, "/parties/{party_id}/merchants/{merchant_id}/refunds", reading.refunds, "before", "limit")
get(router, "/parties/{party_id}/merchants/{merchant_id}/cashiers", reading.cashiers)
get(router, "/parties/{party_id}/tills/{till_id}", reading.till)
get(router, "/parties/{party_id}/code-payments/{reference}", reading.paid)
get(router, "/parties/{party_id}/receipts", receipts.receipts)
get(router, "/parties/{party_id}/merchants/{merchant_id}/months/{month}", monthly.month, text=months.sheet)
get(router, "/merchants/{merchant_id}/months/{month}", monthly.month_of_any, text=months.sheet)
get(router, "/merchants", overview.all_merchants, "q", "after", "limit")
get(router, "/merchants/{merchant_id}", overview.merchant)
get(router, "/merchants/{merchant_id}/takings", overview.takings_of, "on", "before", "limit")
get(router, "/merchants/{merchant_id}/payments/{payment_id}", overview.payment_of)
get(router, "/merchants/{merchant_id}/refunds", overview.refunds_of, "before", "limit")
get(router, "/merchants/{merchant_id}/settlements", overview.settlements_of, "before", "limit")
