"""Own the routes of red packets: laid out, opened one by one or many at once by a gateway, shown, and checked by anybody."""

from __future__ import annotations

from collections.abc import Sequence

from anyio import from_thread
from fastapi import Request
from fastapi.responses import JSONResponse

from farthing.api.ground import Who, answer, get, got, post, router_of
from farthing.api.hot import hot
from farthing.kernel.lanes import Answers, Lane
from farthing.kernel.operation import Call
from farthing.payments.packets import service as packets
from farthing.payments.packets.gateway_service import Gateway
from farthing.payments.packets.grabbing_service import grab
from farthing.payments.packets.model import GrabAnswers, GrabMany

router = router_of("/v1")

hot(router, "/packet-grabs", grab)
post(router, "/packets", packets.send, money=True)
get(router, "/packets/{packet_id}/paper", packets.paper_of)
get(router, "/parties/{party_id}/packets", packets.sent, "before", "limit")
get(router, "/parties/{party_id}/packets/{packet_id}", packets.packet)
get(router, "/parties/{party_id}/packet-grabs", packets.taken, "limit")


@router.post(
    "/packet-grabs/gathered", status_code=200, responses=got(GrabAnswers), response_model=None, tags=["packets"]
)
def grab_gathered(request: Request, body: GrabMany, who: Who) -> JSONResponse:
    """Answer up to 1,000 grabs that a gateway gathered, each for itself. A packet and a claimer are a grab's key: the same again
    is told the same amount, under ``packets.taken_before``; so this takes no Idempotency-Key."""
    gateway: Gateway = request.app.state.gateway
    lane: Lane[Call] = request.app.state.gathered

    def together(calls: Sequence[Call]) -> Answers:
        return from_thread.run(lane.run_together, calls)

    return answer(gateway.grab(body.grabs, who, together))
