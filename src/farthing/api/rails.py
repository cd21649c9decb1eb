"""Own the routes of our accounts at rails: how each stands, its statements day by day, and what becomes of differences."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments import hours_service as hours
from farthing.payments.nostro import breaks_service as breaks
from farthing.payments.nostro import service as nostro

router = router_of("/v1/rails")

get(router, "", breaks.rails)
get(router, "/{rail}/sends", hours.rail_sends)
get(router, "/breaks", breaks.breaks, "rail", "after", "limit")
get(router, "/{rail}/days", breaks.days, "until")
get(router, "/{rail}/days/{on}", breaks.reconciliation)
post(router, "/statements", nostro.bring_statement)
post(router, "/reports", breaks.ask_report)
post(router, "/breaks/endings", breaks.work_off, money=True, status=200)
