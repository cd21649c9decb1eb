"""Own which kinds of message a node takes, and the operation that takes each: a closed table in plain sight."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.exchange import node_service
from farthing.exchange.furnish.door_service import KINDS as FURNISHED
from farthing.exchange.inquiring.door_service import KINDS as ASKED
from farthing.exchange.node_service import Node, Run

KINDS: Mapping[str, Run] = {**FURNISHED, **ASKED}
"""By the kind of the message."""


def take(node: Node, token: str) -> str:
    """Take a member's message and answer it, signed; refuses as :func:`farthing.exchange.node_service.take` does."""
    return node_service.take(node, token, KINDS)
