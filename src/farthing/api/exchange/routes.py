"""What a node serves under ``/exchange/v1``: members' signed messages, its name and key, and what its staff look after."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from farthing.api import ground
from farthing.exchange import door_service as door
from farthing.exchange import identity_service as identities
from farthing.exchange import members_service as members
from farthing.exchange import quality_service as quality
from farthing.exchange.inquiring import office_service as office
from farthing.exchange.messages import LONGEST
from farthing.exchange.node_service import Node
from farthing.kernel import approvals
from farthing.kit import base64url
from farthing.kit.errors import malformed

JOSE = "application/jose"
"""A signed message in compact form (RFC 7515 section 9.2.1)."""
TOO_LONG = malformed(
    "api.message_too_long",
    "A message is at most {most} characters; send the rows of a cycle in more parts.",
    "单个报文最多 {most} 个字符；请将批次数据分为更多部分发送。",
)

router = ground.router_of("/exchange/v1")


@dataclass(frozen=True, slots=True)
class Named:
    """What members address a node by, and the key by which they check its answers (SubjectPublicKeyInfo in base64url)."""

    name: str
    key_id: str
    spki: str


def node_of(request: Request) -> Node:
    """The node that this application serves."""
    node: Node = request.app.state.node
    return node


@router.get("/node", name="exchange.node", responses=ground.got(Named), tags=["exchange"])
def named(request: Request) -> Response:
    """The node's name and key. Ask for the key by another way too, before you believe it."""
    node = node_of(request)
    return ground.answer(Named(node.name, node.public.id, base64url.encode(node.public.spki)))


@router.post(
    "/messages", name="exchange.take", tags=["exchange"],
    responses={200: {"content": {JOSE: {"schema": {"type": "string"}}}, "description": "The answer, signed by the node."}},
    openapi_extra={"requestBody": {"content": {JOSE: {"schema": {"type": "string"}}}, "required": True}},
)  # fmt: skip
async def take(request: Request) -> Response:
    """Take a member's signed message (JWS in compact form) and answer it by one. The same message again is answered the same."""
    token = bytearray()
    async for piece in request.stream():
        token += piece
        if len(token) > LONGEST:
            raise TOO_LONG(most=LONGEST)
    text = token.decode("ascii", "replace")
    answer = await run_in_threadpool(door.take, node_of(request), text)
    return Response(answer, media_type=JOSE, headers=ground.UNKEPT)


ground.get(router, "/members", members.members)
ground.post(router, "/members", members.admit)
ground.post(router, "/members/set", members.set_member)
ground.post(router, "/members/keys", members.add_key)
ground.post(router, "/members/keys/end", members.end_key)
ground.post(router, "/subjects/merge", identities.merge)
ground.post(router, "/subjects/split", identities.split)
ground.post(router, "/subjects/names", identities.link_name)
ground.post(router, "/reports", office.give)
ground.get(router, "/reports", office.view, "subject", "view")
ground.get(router, "/cycles", quality.cycles, "member_id=member", "limit")
ground.get(router, "/cycles/rows", quality.cycle_rows, "member_id=member", "cycle", "after", "limit")
ground.get(router, "/quality", quality.quality)
ground.post(router, "/approvals", approvals.decide)
ground.get(router, "/approvals", approvals.waiting)
