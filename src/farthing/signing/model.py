"""Own the nouns of signing: contract, signer, certificate, and the status of what was signed.

Ports: ``CertificateAuthority``, ``Timestamper``, ``KeyCustody``. A built-in CA and TSA, both named ``sandbox``, stand
behind them; a deployment plugs licensed ones in. A status is a frozen object with each finding by name, never one
boolean. Never touches a database, a clock or a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from farthing.kit.inputs import AnyId

PLATFORM = "platform"
"""The role and field of the platform's certification signature, always the first."""

TIMESTAMP_FIELD = "document_timestamp"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a signature stands: page (from 1) and rectangle in PDF points from the lower left corner."""

    role: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


class Kind(StrEnum):
    """Who a certificate speaks for."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. ``level`` is the verification level her identity had when it was issued; ``custody``: who holds
    the key while it signs, of a certificate for one signature."""

    party_id: str
    name: str
    kind: Kind
    level: int
    custody: AnyId = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs as which role, and what identity she has proved.

    ``level`` is identity's verification level; ``document_digest`` (hexadecimal SHA-256) is of the document she was
    shown: the signature holds for that document only (agreed condition 3; PSD2 RTS art. 5 in spirit).
    """

    role: str
    party_id: str
    name: str
    level: int
    document_digest: str
    kind: Kind = Kind.PERSON


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate (DER) and the certificates above it, root last."""

    certificate: bytes
    chain: tuple[bytes, ...]


class CertificateAuthority(Protocol):
    """Issues certificates and revocation lists. The sandbox one belongs to the platform and is no third party."""

    @property
    def name(self) -> str:
        """``sandbox``, or the name of a licensed provider."""

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Self-signed certificates (DER) that a checker trusts."""

    def issue(self, subject: Subject, public_key: bytes, at: datetime) -> Issued:
        """Certify a public key (DER SubjectPublicKeyInfo); refuses ``signing.level_too_low``."""

    def revocation_lists(self, at: datetime) -> tuple[bytes, ...]:
        """Revocation lists (DER) with thisUpdate not before ``at`` (to the second), one for each issuer in the chain."""


class Timestamper(Protocol):
    """An RFC 3161 time-stamping authority."""

    @property
    def name(self) -> str:
        """``sandbox``, or the name of a licensed provider."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Its certificate (DER) first, then those above it, root last."""

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Self-signed certificates (DER) under which its tokens are to be trusted."""

    def revocation_lists(self) -> tuple[bytes, ...]:
        """Revocation lists (DER) of its own chain as they stand; none where the certificate authority brings them."""

    def answer(self, request: bytes) -> bytes:
        """A TimeStampResp (DER) for a TimeStampReq (DER), RFC 3161 section 2.4."""


class Responder(Protocol):
    """Says of a certificate whether it was revoked (OCSP, RFC 6960)."""

    def answer(self, request: bytes) -> bytes:
        """An OCSPResponse (DER) for an OCSPRequest (DER)."""


class Signs(Protocol):
    """Brings the signature of one signing."""

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256 with SHA-256 over ``data`` (DER); a one-time key refuses to sign twice."""


class KeyCustody(Signs, Protocol):
    """Holds one signer's key for one signing (Electronic Signature Law art. 13: exclusive to, controlled by her)."""

    @property
    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo."""


class Modification(StrEnum):
    """What happened to the file after a signature (pyHanko's difference analysis)."""

    NONE = "none"
    LTA_UPDATES = "lta_updates"
    FORM_FILLING = "form_filling"
    ANNOTATIONS = "annotations"
    OTHER = "other"
    UNKNOWN = "unknown"


class Chain(StrEnum):
    """What the certificate's path to a trusted root says at the signing time."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_REVOCATION_DATA = "no_revocation_data"
    UNCHECKED = "unchecked"


class Stamp(StrEnum):
    """What the timestamp over a signature (or over the document) says."""

    VALID = "valid"
    MISSING = "missing"
    BROKEN = "broken"
    UNTRUSTED = "untrusted"


class Finding(StrEnum):
    """What a checker must say by name when something is not as it should be."""

    UNREADABLE = "unreadable"
    NO_SIGNATURE = "no_signature"
    SIGNATURE_BROKEN = "signature_broken"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    CHAIN_NOT_TRUSTED = "chain_not_trusted"
    TIMESTAMP_NOT_VALID = "timestamp_not_valid"
    REVOCATION_TOO_OLD = "revocation_too_old"
    SIGNATURE_MISSING = "signature_missing"
    NOT_SEALED = "not_sealed"


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """One signature. ``covers``: how many bytes from the file's start it vouches for, its own hexadecimal excepted.

    ``intact``: the digest and the cryptographic signature hold. ``revocation_current``: the lists used for her
    certificate speak of the signing time or later, which pyHanko does not ask.
    """

    field: str
    signer: str
    signed_at: datetime | None
    intact: bool
    covers: int
    chain: Chain
    timestamp: Stamp
    modification: Modification
    permitted: bool
    revocation_current: bool
    certificate: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it, in the order a reader should hear it."""
        found: list[Finding] = []
        if not self.intact:
            found.append(Finding.SIGNATURE_BROKEN)
        if not self.permitted:
            found.append(Finding.CHANGED_AFTER_SIGNING)
        if self.chain is not Chain.TRUSTED:
            found.append(Finding.CHAIN_NOT_TRUSTED)
        if self.timestamp is not Stamp.VALID:
            found.append(Finding.TIMESTAMP_NOT_VALID)
        if not self.revocation_current:
            found.append(Finding.REVOCATION_TOO_OLD)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """Everything a check of one file found. ``sealed`` is our own rule: the last thing in the file is a valid document
    timestamp that covers every byte of it, which pyHanko alone does not demand.
    """

    readable: bool
    length: int
    digest: str
    signatures: tuple[SignatureStatus, ...]
    empty_fields: tuple[str, ...]
    timestamp: Stamp
    timestamped_at: datetime | None
    timestamp_covers: int
    sealed: bool
    problem: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the document as a whole; empty when every signature holds and it is sealed."""
        if not self.readable:
            return (Finding.UNREADABLE,)
        found: list[Finding] = []
        if not self.signatures:
            found.append(Finding.NO_SIGNATURE)
        for signature in self.signatures:
            found += [item for item in signature.findings if item not in found]
        if self.empty_fields:
            found.append(Finding.SIGNATURE_MISSING)
        if not self.sealed:
            found.append(Finding.NOT_SEALED)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract and how far it is: the latest revision's digest is what the next signer must have been shown."""

    id: str
    subject: str
    template: str
    terms_digest: str
    document_digest: str
    revision: int
    waiting_for: tuple[str, ...]
    sealed: bool


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a checker needs beside the document (all DER): roots, every certificate, revocation lists, the TSA's chain."""

    roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]
    tsa_chain: tuple[bytes, ...]
