"""Own a member's way to a node that runs in the same process: what a demo and a story use; nothing is less signed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from farthing.exchange import door_service as door
from farthing.exchange.messages import Message, checked, read, sign
from farthing.exchange.node_service import Node
from farthing.kit.keys.model import KeyHandle


@dataclass(frozen=True)
class Inside:
    """The port ``exchange`` of a member beside its node."""

    node: Node
    member: str
    key: KeyHandle

    @property
    def name(self) -> str:
        """By what the node is addressed."""
        return self.node.name

    def tell(self, ident: str, kind: str, body: dict[str, Any]) -> Message | None:
        """Tell the node something, and check its answer as over a wire."""
        now = self.node.kernel.wall()
        token = sign(Message(ident, kind, self.member, self.name, now, body), self.key)
        answer = read(door.take(self.node, token))
        return checked(answer, {self.node.public.id: self.node.public}, self.member, self.node.kernel.wall())
