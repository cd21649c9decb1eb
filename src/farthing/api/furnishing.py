"""What a lender told its exchange, below ``/v1/exchange-cycles``: cycles, rows that came back, a refused cycle once more."""

from __future__ import annotations

from farthing.api.ground import get, post, router_of
from farthing.lending.furnishing import service as furnishing

router = router_of("/v1")

post(router, "/exchange-cycles", furnishing.furnish_again)
get(router, "/exchange-cycles", furnishing.cycles, "limit")
get(router, "/exchange-cycles/{cycle}/rows", furnishing.returned, "limit")
