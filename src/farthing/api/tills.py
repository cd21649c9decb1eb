"""Own the routes of tills: drawers opened, counted and closed, cash handed over, and cash of wallets over the counter."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.tills import cash_service as cash
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import left_service as left
from farthing.payments.tills import service as tills

router = router_of("/v1")

post(router, "/tills", tills.set_up_till)
post(router, "/drawers", tills.open_drawer)
post(router, "/drawers/counts", tills.count_drawer)
post(router, "/drawers/closings", tills.close_drawer)
post(router, "/drawers/differences", tills.book_difference, money=True)
post(router, "/drawers/left", left.close_left_drawer, money=True)
post(router, "/handovers", handing.hand_over, money=True)
post(router, "/handovers/from-vault", handing.hand_from_vault, money=True)
post(router, "/handovers/takings", handing.take_over, money=True)
post(router, "/handovers/takings-to-vault", handing.take_to_vault, money=True)
post(router, "/handovers/takings-back", handing.take_back)
post(router, "/cash-ins", cash.cash_in, money=True)
post(router, "/cash-outs", cash.cash_out, money=True)
get(router, "/tills", tills.tills)
get(router, "/vault", tills.vault)
get(router, "/drawers/own", tills.own_drawer)
get(router, "/drawers/own/lines", tills.own_drawer_lines, "limit")
get(router, "/handovers", handing.handovers)
