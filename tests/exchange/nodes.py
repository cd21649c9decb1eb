"""A node over a test's database, and members that sign to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.exchange import door_service as door
from farthing.exchange import members_service as members
from farthing.exchange.messages import Message, checked, public_of, read, sign
from farthing.exchange.model import CLASSES, Admit, SetMember
from farthing.exchange.node_service import Node
from farthing.kit import base64url
from farthing.kit.keys.files import fresh
from farthing.kit.keys.model import KeyHandle
from tests.banks import Bank

NODE = "node.example"
BANK, LENDER, RIVAL = "91110000100000000R", "91310000MA1FL0000N", "91440300MA5D000002"


@dataclass(frozen=True)
class Sender:
    """A member as its own side sees itself."""

    node: Node
    id: str
    key: KeyHandle = field(default_factory=lambda: fresh("ed25519"))

    @property
    def spki(self) -> str:
        return base64url.encode(public_of(self.key).spki)

    def token(
        self, ident: str, kind: str, body: dict[str, Any], *, to: str = NODE, late: timedelta = timedelta()
    ) -> str:
        at = self.node.kernel.wall() - late
        return sign(Message(ident, kind, self.id, to, at, body), self.key)

    def send(self, ident: str, kind: str, body: dict[str, Any]) -> Message:
        return self.opened(door.take(self.node, self.token(ident, kind, body)))

    def opened(self, answer: str) -> Message:
        """The node's answer, checked as a member checks it."""
        found = read(answer)
        return checked(found, {self.node.public.id: self.node.public}, self.id, self.node.kernel.wall())


def node_over(bank: Bank) -> Node:
    """A node in a test's database."""
    return Node(NODE, bank.kernel, fresh("p256"), bytes(32))


def joined(
    node: Node, code: str, name: str, kind: str = "bank", *, state: str = "active", classes: tuple[str, ...] = CLASSES
) -> Sender:
    """A member whose test is over."""
    sender = Sender(node, code)
    agreed(node.kernel, members.admit, Admit(code, name, kind, classes, sender.spki))  # type: ignore[arg-type]
    if state != "test":
        agreed(node.kernel, members.set_member, SetMember(code, state, classes, "its test is over"))  # type: ignore[arg-type]
    return sender


@dataclass
class Peer:
    """A node as a lender's port ``exchange`` sees it, with a line that may be cut: ``cut`` says at which calls, and whether
    before the node heard or after."""

    sender: Sender
    cut: dict[int, str] = field(default_factory=dict)
    calls: int = 0
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    name: str = NODE

    def tell(self, ident: str, kind: str, body: dict[str, Any]) -> Message | None:
        self.calls += 1
        how = self.cut.get(self.calls, "")
        if how == "before":
            return None
        self.heard.append((ident, kind, body))
        answer = self.sender.send(ident, kind, body)
        return None if how == "after" else answer
