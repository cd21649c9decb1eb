"""Own the routes of settling with partner lenders: the day's statement as a file, and the partner's own file against it."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.funding.settling import breaks_service as breaks
from farthing.funding.settling import service as settling

router = router_of("/v1/partners")

get(router, "/own/statements", settling.own_statements, "until")
get(router, "/own/statements/{on}", settling.own_statement, "form")
get(router, "/breaks", breaks.breaks, "after", "limit")
get(router, "/{partner}/statements", settling.statements, "until")
get(router, "/{partner}/statements/{on}", settling.statement, "form")
get(router, "/{partner}/reconciliations", breaks.reconciliations, "until")
get(router, "/{partner}/reconciliations/{on}", breaks.reconciliation)
post(router, "/reconciliations", breaks.reconcile)
post(router, "/breaks/endings", breaks.work_off, money=True, status=200)
