"""Sign a paper of somebody else's as a sandbox peer does: one PAdES signature by a key that only the peer has. For a simulated
bank and for tests; the bank's own papers are sealed by :mod:`farthing.signing.pdf`."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import keys as keys_asn1
from asn1crypto import x509 as x509_asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from farthing.kit.later import Later, load

signers: Any = Later("pyhanko.sign.signers")  # who seals nothing does without it
YEARS = 30


class PaperSeal:
    """A root of its own and a signer's certificate under it, the signer's key beside them."""

    def __init__(self, kept: bytes) -> None:
        """As :meth:`made` wrote it."""
        self._key = load_pem_private_key(kept, None)
        self._certificate, self._root = x509.load_pem_x509_certificates(kept)

    @staticmethod
    def made(name: str, at: datetime) -> bytes:
        """A new one, as it is kept: the signer's key and certificate and the root, PEM. The root's key is forgotten."""
        now = at.replace(microsecond=0) - timedelta(days=1)
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        name_of_root = _name(f"{name} root")
        root = _certificate(name_of_root, name_of_root, root_key.public_key(), root_key, now, authority=True)
        certificate = _certificate(_name(name), name_of_root, key.public_key(), root_key, now)
        written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return written + certificate.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)

    @property
    def root(self) -> bytes:
        """The root, PEM."""
        return self._root.public_bytes(Encoding.PEM)

    def sealed(self, pdf: bytes) -> bytes:
        """The paper with the signature appended."""
        der = self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        certificate, root = (
            x509_asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in (self._certificate, self._root)
        )
        chain = load("pyhanko_certvalidator.registry:SimpleCertificateStore").from_certs([root])
        signer = signers.SimpleSigner(certificate, keys_asn1.PrivateKeyInfo.load(der), chain)
        metadata = signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", subfilter=load("pyhanko.sign.fields:SigSeedSubFilter").PADES
        )
        writer = load("pyhanko.pdf_utils.incremental_writer:IncrementalPdfFileWriter")(io.BytesIO(pdf))
        made = signers.PdfSigner(metadata, signer).sign_pdf(writer)
        return bytes(made.getvalue())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, by: ec.EllipticCurvePrivateKey, at: datetime,
    *, authority: bool = False,
) -> x509.Certificate:  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority, crl_sign=authority,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(by, hashes.SHA256())
