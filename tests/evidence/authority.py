"""A certificate authority, timestamp authority and PDF signer for the tests of packages, made with real libraries.

The product's own are in ``signing``, above this package; these are made apart on purpose, so that the checker is
tried against somebody else's signatures.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAY = timedelta(days=1)
PEM = serialization.Encoding.PEM


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _asn1_key(key: Any) -> asn1_keys.PrivateKeyInfo:
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(der)


@dataclass
class Holder:
    certificate: x509.Certificate
    key: Any


class Authority:
    """A root that issues signers' certificates, a timestamp authority and revocation lists."""

    def __init__(self, name: str = "Test root") -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate(name, name, self.key.public_key(), days=3650, authority=True)
        tsa_key = rsa.generate_private_key(65537, 2048)
        self.tsa = self._certificate("Test TSA", name, tsa_key.public_key(), days=3650, timestamping=True)
        self._stamper = DummyTimeStamper(
            _asn1(self.tsa), _asn1_key(tsa_key), SimpleCertificateStore.from_certs([_asn1(self.root)])
        )

    def _certificate(
        self, subject: str, issuer: str, public: Any, *, days: int, authority: bool = False, timestamping: bool = False
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(issuer))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(minutes=5))
            .not_valid_after(self.now + days * DAY)
            .add_extension(x509.BasicConstraints(authority, None), True)
        )
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usage,
            ),
            True,
        )
        if timestamping:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, name: str) -> Holder:
        """A signer's certificate of 24 hours."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        return Holder(self._certificate(name, str(issuer), key.public_key(), days=1), key)

    def crl(self, *, made: timedelta = timedelta(hours=1), revoked: tuple[x509.Certificate, ...] = ()) -> bytes:
        """A revocation list (DER) whose thisUpdate is ``made`` after now."""
        at = self.now + made
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(at).next_update(at + 30 * DAY)
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(self.now - timedelta(hours=1)).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(PEM)

    @property
    def tsa_pem(self) -> bytes:
        return self.tsa.public_bytes(PEM)

    def stamp(self, imprint: bytes) -> bytes:
        """An RFC 3161 token over a SHA-256 digest."""
        _nonce, request = self._stamper.request_cms(imprint, "sha256")
        return bytes(self._stamper.request_tsa_response(request)["time_stamp_token"].dump())

    def answer(self, request: bytes) -> bytes:
        """A TimeStampResp for a TimeStampReq, both DER."""
        return bytes(self._stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump())

    def sign_pdf(self, document: bytes, holders: list[Holder], *, timestamp: bool = True) -> bytes:
        """Sign with each holder in turn (fields made first), then a document timestamp over the whole file."""
        writer = IncrementalPdfFileWriter(io.BytesIO(document))
        for index in range(len(holders)):
            fields.append_signature_field(writer, fields.SigFieldSpec(f"signer{index}"))
        out = io.BytesIO()
        writer.write(out)
        for index, holder in enumerate(holders):
            signer = signers.SimpleSigner(
                _asn1(holder.certificate),
                _asn1_key(holder.key),
                SimpleCertificateStore.from_certs([_asn1(self.root)]),
            )
            metadata = signers.PdfSignatureMetadata(
                field_name=f"signer{index}", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
            )
            out = signers.PdfSigner(metadata, signer, timestamper=self._stamper).sign_pdf(
                IncrementalPdfFileWriter(out), in_place=False
            )
        if timestamp:
            out = signers.PdfTimeStamper(self._stamper).timestamp_pdf(IncrementalPdfFileWriter(out), "sha256")
        return out.getvalue()


def document(attachment: bytes) -> bytes:
    """A one-page PDF with a file attached, as typst attaches the terms."""
    writer = PdfFileWriter()
    content = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 200, 200)))
    held = {
        generic.pdf_name("/Type"): generic.pdf_name("/EmbeddedFile"),
        generic.pdf_name("/Filter"): generic.pdf_name("/FlateDecode"),
    }
    stream = generic.StreamObject(held, encoded_data=zlib.compress(attachment))
    reference = writer.add_object(stream)
    file = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Filespec"),
            generic.pdf_name("/F"): generic.pdf_string("terms.json"),
            generic.pdf_name("/EF"): generic.DictionaryObject({generic.pdf_name("/F"): reference}),
        }
    )
    names = generic.ArrayObject([generic.pdf_string("terms.json"), writer.add_object(file)])
    tree = generic.DictionaryObject({generic.pdf_name("/Names"): names})
    writer.root[generic.pdf_name("/Names")] = generic.DictionaryObject({generic.pdf_name("/EmbeddedFiles"): tree})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
