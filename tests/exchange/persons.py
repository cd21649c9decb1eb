"""Persons whom members of a node introduce, with keys and consents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from farthing.exchange.consents import signing
from farthing.exchange.consents.model import SCHEMA, Artefact, Ceiling
from farthing.exchange.consents.service import OWN
from farthing.exchange.messages import Message
from farthing.exchange.node_service import Node, subject_of
from farthing.kit.actor import PUBLIC, Actor
from farthing.kit.errors import Refusal
from tests.exchange.nodes import NODE, Sender

ALL = tuple(Ceiling(kind, 12, 31, 2, "once") for kind in ("instalment", "revolving", "bnpl"))


@dataclass(frozen=True)
class Person:
    """Somebody with a document, and a key that she alone has."""

    node: Node
    number: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def document(self) -> dict[str, str]:
        return {"kind": "resident_id", "number": self.number}

    @property
    def code(self) -> str:
        """What the member gives her."""
        return f"code of {self.number}"

    @property
    def subject(self) -> str:
        return subject_of(self.node, "resident_id", self.number)

    @property
    def actor(self) -> Actor:
        """She, signed in at the node."""
        return Actor(f"customer:{self.subject}", frozenset({OWN, PUBLIC}), self.subject)

    def introduced_by(self, sender: Sender) -> Message:
        public = signing.public_of(self.key)
        key = {"x": public["x"], "y": public["y"]}
        body = {
            "document": self.document,
            "level": "B",
            "key": key,
            "code_sha256": sha256(self.code.encode()).hexdigest(),
        }
        return sender.send(f"introduce:{self.number}", "introduce", body)

    def consent(self, to: Sender, ident: str = "consent_1", **changed: Any) -> Artefact:
        at = self.node.kernel.read(lambda tx: tx.now)
        made = Artefact(
            SCHEMA, ident, "FX01", signing.public_of(self.key)["kid"], "loan_application", NODE, to.id, ALL, at,
            at + timedelta(days=30), "00" * 32, "zh", "cn",
        )  # fmt: skip
        return replace(made, **changed)

    def consents(self, to: Sender, ident: str = "consent_1", **changed: Any) -> Message:
        """She signs a consent, and the member brings it."""
        jws = signing.sign(self.key, self.consent(to, ident, **changed))
        return to.send(f"consent:{ident}", "consent", {"document": self.document, "consent": jws})

    def do(self, operation: Any, command: Any) -> Any:
        return self.node.kernel.run(operation, command, actor=self.actor)


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """What is done within is refused with this code."""
    with pytest.raises(Refusal) as told:
        yield
    assert told.value.code == code
