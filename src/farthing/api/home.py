"""Own the routes of money brought home: brought, taken back, named, and where it went."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.payments.home import exporting_service as exporting
from farthing.payments.home import reading_service as reading
from farthing.payments.home import service as home

router = router_of("/v1")

post(router, "/money-statements", home.bring)
post(router, "/money-withdrawals", home.take_back)
post(router, "/money-categories", home.categorise)
get(router, "/money-categories", reading.categories)
get(router, "/parties/{party_id}/money", reading.spent, "month", "currency")
get(router, "/parties/{party_id}/money/accounts", reading.accounts)
get(router, "/parties/{party_id}/money/movements/{reference}", reading.movement)
get(
    router, "/parties/{party_id}/money/movements", reading.movements, "month", "category", "currency", "cursor", "limit"
)
get(router, "/parties/{party_id}/money/file", exporting.export, "form", text=lambda found: found.content)
