"""Own the seal on a bill: its issuer's signature over the file and over whose it is. Checks locally, asks nobody.

The message is canonical JSON of the file's SHA-256 and of the holder's number: a seal of another file or another person does
not hold. Which issuers are believed is the deployment's table of ports (kind ``channel``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from farthing.credit.model import BillSeal
from farthing.kernel.operation import decode
from farthing.kit import strict_json
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, Malformed, declined, malformed

UNKNOWN_ISSUER = declined(
    "credit.seal_unknown_issuer",
    "Nobody here knows {issuer} as one that seals bills; bring the bill without the seal, or one sealed by {known}.",
    "此处不认可 {issuer} 出具的账单签章；请提交不带签章的账单，或由 {known} 签章的账单。",
)
SEAL_BROKEN = malformed(
    "credit.seal_broken",
    "The seal of {issuer} does not hold for this bill and this person; bring the file and its seal as they were issued.",
    "{issuer} 的签章与此账单或此人不符；请提交原样的账单文件及其签章。",
)
SEAL_UNREADABLE = malformed(
    "credit.seal_unreadable",
    "The file that came beside the bill is no seal ({problem}); choose the seal as the wallet issued it, or none.",
    "随账单提交的文件不是签章（{problem}）；请选择钱包出具的签章文件，或不选择。",
)


class BillChannel(Protocol):
    """The port ``channel``: one that issues bills and seals them. The built-in peer is named ``sandbox``."""

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is the issuer's over the message."""
        ...


class Issuers(Protocol):
    """What is asked of the table of ports."""

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a peer."""
        ...

    def names(self, kind: str) -> tuple[str, ...]:
        """The peers of a kind."""
        ...

    def peer(self, kind: str, name: str | None = None) -> Any:
        """The adapter of a name."""
        ...


class SignedChannel:
    """An issuer known by its Ed25519 public key (RFC 8032)."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, path: Path) -> SignedChannel:
        """The issuer whose public key a PEM file holds."""
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise InvariantBroken(f"{path} holds no Ed25519 public key")
        return cls(key)

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is the issuer's over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def message(file_sha256: str, number: str, issuer: str) -> bytes:
    """What an issuer signs."""
    holder = hashlib.sha256(number.encode()).hexdigest()
    return canonical({"bill_sha256": file_sha256, "holder_number_sha256": holder, "issuer": issuer})


def read_seal(content: bytes) -> BillSeal | None:
    """The seal in the file that came beside a bill (JSON, as the API takes it); none where there is no file.

    Refuses ``credit.seal_unreadable``.
    """
    if not content:
        return None
    try:
        seal: BillSeal = decode(BillSeal, strict_json.parse(content))
    except strict_json.Unreadable as problem:
        raise SEAL_UNREADABLE(problem=str(problem)) from None
    except Malformed as refusal:
        raise SEAL_UNREADABLE(problem=refusal.detail.rstrip(".")) from None
    return seal


def vouched_by(ports: Issuers, seal: BillSeal | None, file_sha256: str, number: str) -> str:
    """Who vouches for a bill; nobody where it has no seal. Refuses ``credit.seal_unknown_issuer``, ``credit.seal_broken``."""
    if seal is None:
        return ""
    if not ports.has("channel", seal.issuer):
        raise UNKNOWN_ISSUER(issuer=seal.issuer, known=", ".join(ports.names("channel")) or "-")
    channel: BillChannel = ports.peer("channel", seal.issuer)
    try:
        signature = base64.b64decode(seal.signature_base64, validate=True)
    except (binascii.Error, ValueError):
        raise SEAL_BROKEN(issuer=seal.issuer) from None
    if not channel.holds(message(file_sha256, number, seal.issuer), signature):
        raise SEAL_BROKEN(issuer=seal.issuer)
    return seal.issuer
