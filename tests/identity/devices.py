"""A device that holds passkeys, for tests: it makes keys and signs as an authenticator and a browser do together."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from farthing.identity.authenticators import entrance, service
from farthing.identity.authenticators.model import AskPasskey, Assertion, MadePasskey, Passkey, Site
from farthing.identity.authenticators.rules import passkey_id
from farthing.kit import base64url
from farthing.kit.actor import Actor
from tests.conftest import Bank

SITE = Site("https://bank.example", "bank.example")
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey in one device; ``counts`` as a security key does, or not, as those do that are synchronised."""

    site: Site = SITE
    counts: bool = True
    verifies: bool = True
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def passkey_id(self) -> str:
        return passkey_id(self.credential_id)

    def copied(self) -> Device:
        """A copy of key and counter, as a thief makes one."""
        return Device(self.site, self.counts, self.verifies, self.counter, self.credential_id, self.key)

    def make(self, challenge_id: str, challenge: str, /, **said: Any) -> MadePasskey:
        """A new passkey, as a browser hands it over."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        data = AuthenticatorData.create(self._rp(), self._flags() | ATTESTED, self._next(), credential)
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", challenge, said)
        return MadePasskey(challenge_id, base64url.encode(client), base64url.encode(bytes(attestation)))

    def sign(self, challenge_id: str, asked: str, /, **said: Any) -> Assertion:
        """An answer to a challenge; ``said`` replaces what the browser says of itself."""
        client = self._client("webauthn.get", asked, said)
        data = bytes(AuthenticatorData.create(self._rp(), self._flags(), self._next()))
        signature = self.key.sign(data + sha256(client), ec.ECDSA(hashes.SHA256()))
        return Assertion(
            challenge_id,
            base64url.encode(self.credential_id),
            base64url.encode(client),
            base64url.encode(data),
            base64url.encode(signature),
        )

    def _client(self, kind: str, challenge: str, said: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.site.origin, "crossOrigin": False, **said}
        return json.dumps(told, separators=(",", ":")).encode()

    def _rp(self) -> bytes:
        return bytes(sha256(self.site.rp_id.encode()))

    def _flags(self) -> Any:
        return AuthenticatorData.FLAG(PRESENT | (VERIFIED if self.verifies else 0))

    def _next(self) -> int:
        self.counter += 1 if self.counts else 0
        return self.counter


def as_text(answer: Assertion) -> str:
    """An answer as pages and programs send it."""
    return json.dumps(
        {name: getattr(answer, name) for name in
         ("challenge_id", "credential_id", "client_data", "authenticator_data", "signature")}
    )  # fmt: skip


def registered(bank: Bank, actor: Actor, device: Device | None = None, name: str = "phone") -> Device:
    """A passkey of somebody who has none yet and has just signed in."""
    made = device or Device()
    asked = bank.run(service.ask_passkey, AskPasskey(name), actor=actor)
    kept: Passkey = entrance.add(bank.kernel, made.site, actor, made.make(asked.challenge_id, asked.challenge))
    assert kept.id == made.passkey_id
    return made
