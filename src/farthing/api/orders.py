"""Own the routes of files of payment orders: brought, agreed to, taken back, told of, answered for."""

from __future__ import annotations

import base64

from farthing.api.ground import get, post, router_of
from farthing.payments.orders import service as orders
from farthing.payments.orders.model import Report

router = router_of("/v1")


def message_of(found: Report) -> str:
    """The answer itself, for whoever asks for text."""
    return base64.b64decode(found.content).decode()


post(router, "/order-files", orders.bring)
post(router, "/order-agreements", orders.agree, money=True)
post(router, "/order-withdrawals", orders.withdraw)
get(router, "/parties/{party_id}/order-files", orders.files, "before", "limit")
get(router, "/parties/{party_id}/order-files/{file_id}", orders.file)
get(router, "/parties/{party_id}/order-files/{file_id}/report", orders.report, text=message_of)
