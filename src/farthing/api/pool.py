"""Own the routes of pooled funds: buying and redeeming from one fen, what a fund publishes, what its managers do.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool

router = router_of("/v1/savings")

post(router, "/fund-purchases", pool.subscribe, money=True)
post(router, "/fund-redemptions", pool.redeem, money=True)
post(router, "/fund-instant-redemptions", pool.redeem_now, money=True)
post(router, "/fund-orders/cancellations", pool.cancel, money=True)
post(router, "/funds", funds.found_fund)
post(router, "/fund-assets", assets.declare_asset, money=True)
post(router, "/fund-assets/retirements", assets.retire_asset, money=True)
post(router, "/fund-fees", assets.pay_fee, money=True)

get(router, "/funds", funds.funds)
get(router, "/funds/{fund_id}/figures", funds.figures, "from_on", "to_on")
get(router, "/funds/{fund_id}/assets", assets.assets)
get(router, "/parties/{party_id}/holdings", pool.holdings)
get(router, "/parties/{party_id}/funds/{fund_id}/orders", pool.orders, "cursor", "limit")
get(router, "/parties/{party_id}/funds/{fund_id}/income", pool.income, "from_on", "to_on")
get(router, "/fund-orders/{order_id}", pool.order)
