"""Own the routes of settling with partner lenders: the day's statement as a file, and the partner's own file against it."""

from __future__ import annotations

from farthing.api.ground import get, router_of
from farthing.funding.settling import service as settling

router = router_of("/v1/partners")

get(router, "/statements", settling.statements, "partner", "until")
get(router, "/statements/{on}", settling.statement, "partner", "form")
get(router, "/own/statements", settling.own_statements, "until")
get(router, "/own/statements/{on}", settling.own_statement, "form")
