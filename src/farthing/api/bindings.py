"""Own the routes of bound cards and accounts: bound, proved, unbound; money in and out by choosing one."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.bindings import service as bindings

router = router_of("/v1")

post(router, "/bindings", bindings.bind)
post(router, "/binding-proofs", bindings.prove)
post(router, "/binding-ends", bindings.unbind)
post(router, "/binding-top-ups", bindings.top_up, money=True)
post(router, "/binding-pay-outs", bindings.pay_out, money=True)
get(router, "/parties/{party_id}/bindings", bindings.listed, "limit")
get(router, "/parties/{party_id}/bindings/{binding_id}", bindings.binding)
