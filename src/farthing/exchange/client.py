"""Tell a credit-information node something over HTTP, and believe only what it signed in answer to that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from farthing.exchange.messages import LONGEST, Message, PublicKey, checked, read, sign
from farthing.kit.client import PeerFault, post
from farthing.kit.errors import Refusal
from farthing.kit.keys.model import KeyHandle

JOSE = "application/jose"
WITHIN = 120.0
"""Seconds for a message and its answer: the message that makes a cycle whole is answered once it is decided."""


class HttpExchange:
    """``POST <url>/messages``: a JWS in, a JWS out."""

    def __init__(
        self, url: str, name: str, node: PublicKey, member_id: str, key: KeyHandle, within: float = WITHIN
    ) -> None:
        self.name = name
        self._within = within
        self._url = url.rstrip("/") + "/messages"
        self._node, self._member, self._key = node, member_id, key

    def tell(self, ident: str, kind: str, body: dict[str, Any]) -> Message | None:
        """Tell the node something; none where it does not answer, or by what is not its own answer to this."""
        token = sign(Message(ident, kind, self._member, self.name, datetime.now(UTC), body), self._key)
        try:
            said = post(self._url, token.encode(), within=self._within, at_most=LONGEST, sends=JOSE)
            answer = checked(
                read(said.body.decode("ascii", "replace")), {self._node.id: self._node}, self._member, datetime.now(UTC)
            )
        except (PeerFault, Refusal):
            return None
        return answer if answer.sender == self.name and answer.about == ident else None
