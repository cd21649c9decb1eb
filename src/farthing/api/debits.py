"""Own the routes of mandates and debits: proposed, signed, limited, ended; announced, stopped, given back."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits

router = router_of("/v1")

post(router, "/debit-mandates", debits.propose)
post(router, "/debit-mandate-signatures", debits.sign)
post(router, "/debit-mandate-limits", debits.set_limits)
post(router, "/debit-mandate-ends", debits.end)
post(router, "/debits", debits.announce, money=True)
post(router, "/debit-stops", debits.stop)
post(router, "/debit-refunds", drawing.refund, money=True)
get(router, "/parties/{party_id}/debit-mandates", debits.mandates, "role", "before", "limit")
get(router, "/parties/{party_id}/debit-mandates/{mandate_id}", debits.mandate)
