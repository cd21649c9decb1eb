"""A browser as a test plays it: it makes a key, checks what it was given as the page's script does, signs."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from farthing.signing.custody import service as custody
from farthing.signing.custody.model import AskCertificate, GiveSignature, PreparedTold
from farthing.signing.custody.rules import possession


def url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browser:
    """Whose page it is, and the key that it made."""

    party_id: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def spki(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data: bytes) -> bytes:
        """As WebCrypto writes it: two numbers of 32 bytes."""
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def asks(self, agreement_id: str, digest: str, role: str, certificate: str = "one_time") -> AskCertificate:
        proof = self.sign(possession(agreement_id, digest, self.spki))
        return AskCertificate(agreement_id, self.party_id, digest, role, certificate, url(self.spki), url(proof))

    def checked(self, prepared: PreparedTold, read: bytes, document: bytes) -> bytes:
        """The attributes, made anew of what one has: the document that was read, and a certificate of one's own key."""
        der = base64.b64decode(prepared.certificate_base64)
        assert hashlib.sha256(read).hexdigest() == prepared.document_digest and document.startswith(read)
        certificate = x509.load_der_x509_certificate(der)
        assert self.spki in der and certificate.public_key() == self.key.public_key()
        covered = document[: prepared.start] + document[prepared.stop :]
        attributes = base64.b64decode(prepared.attributes_base64)
        said = {each["type"].native: each["values"][0] for each in cms.CMSAttributes.load(attributes)}
        assert set(said) == {"content_type", "message_digest", "signing_certificate_v2"}
        assert said["message_digest"].native == hashlib.sha256(covered).digest()
        assert said["signing_certificate_v2"]["certs"][0]["cert_hash"].native == hashlib.sha256(der).digest()
        return attributes

    def gives(self, prepared: PreparedTold, attributes: bytes) -> GiveSignature:
        return GiveSignature(prepared.agreement_id, self.party_id, prepared.id, url(self.sign(attributes)))


__all__ = ["Browser", "custody", "url"]
