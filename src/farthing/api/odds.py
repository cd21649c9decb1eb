"""Own the routes of odds and ends: rules that sweep small change, and groups that buy a term together.

Every command can be tried with ``?dry_run=true``. Never decides anything.
"""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.savings.sweeps import service as odds

router = router_of("/v1/savings")

post(router, "/sweeps", odds.set_sweep)
post(router, "/sweeps/endings", odds.end_sweep)
post(router, "/groups", odds.start_group)
post(router, "/pledges", odds.join_group, money=True)
post(router, "/pledges/withdrawals", odds.leave_group, money=True)

get(router, "/parties/{party_id}/sweeps", odds.sweeps)
get(router, "/groups", odds.groups)
get(router, "/groups/{group_id}", odds.group)
