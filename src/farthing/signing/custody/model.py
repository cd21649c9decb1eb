"""Own the nouns of a key that is elsewhere: asked to be certified, the document that waits for its signature, the signature."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.inputs import Base64, Base64Url, Id, Size, Word
from farthing.kit.words import Words
from farthing.signing.acts.model import Act, Made


@dataclass(frozen=True, slots=True)
class AskCertificate:
    """Ask for a certificate of a key that one's own browser has made, to sign one document by it.

    ``document_digest`` is of the document that was read, ``role`` and ``certificate`` what it is signed as; ``public_key`` is the
    key's SubjectPublicKeyInfo, ``possession`` its signature over agreement, document and itself, both in base64url.
    """

    agreement_id: Id
    party_id: Id
    document_digest: Id
    role: Word
    certificate: Word
    public_key: Base64Url
    possession: Base64Url


@dataclass(frozen=True, slots=True)
class Preparing:
    """An order to certify a key and prepare the document for it."""

    contract_id: str
    shown: str
    act: Act
    public_key_base64: str


@dataclass(frozen=True, slots=True)
class SignaturePrepared:
    """What came of it: the next revision, by whom and which certificate, with an empty place from ``start`` up to ``stop``."""

    errand_id: Id
    shown: Id
    signed: Made
    issuer_base64: Base64
    start: Size
    stop: Size
    attributes_base64: Base64


@dataclass(frozen=True, slots=True)
class PreparedTold:
    """What a browser needs to sign, all in base64: it makes ``attributes`` anew from the document and the certificate."""

    id: str
    agreement_id: str
    document_digest: str
    certificate_base64: str
    attributes_base64: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class GiveSignature:
    """Hand in the signature that one's browser made over a prepared document: 64 bytes in base64url."""

    agreement_id: Id
    party_id: Id
    prepared_id: Id
    signature: Base64Url


@dataclass(frozen=True, slots=True)
class Embedding:
    """An order to put a signature in its place."""

    prepared_id: str
    signature_base64: str
    act: Act


@dataclass(frozen=True, slots=True)
class SignAtCounter:
    """Sign for somebody who is at the counter and has no device: one of the staff has shown the document and read it out, and a
    second, who approves this, was there too."""

    agreement_id: Id
    party_id: Id
    document_digest: Id


@dataclass(frozen=True, slots=True)
class CustodyTold:
    """Who held the key of a signature, and how that stands to article 13 of the Electronic Signature Law."""

    role: str
    custody: str
    exclusive: Words
    controlled: Words
    limit: Words
