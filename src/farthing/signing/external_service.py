"""Own a signature whose key is elsewhere: the document with an empty place, what is to be signed, and the signature put there.

What a key signs are the signed attributes of RFC 5652 section 5.4: the digest of every byte of the file but the empty place,
and the certificate. Whoever holds the key can make both anew from the file and compare. A signature is verified before it is put
in; the file does not grow by it. Never makes keys or certificates and never asks the time.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest

from farthing.kit.errors import InvariantBroken, conflict
from farthing.signing import pdf
from farthing.signing.der import settled
from farthing.signing.model import Issued, Timestamper

NOT_HERS = conflict(
    "signing.signature_differs",
    "The signature is not of this document under this certificate: document, certificate or key was exchanged; nothing was"
    " signed. Read the document again and sign anew.",
    "该签名与本文件及本证书不符（文件、证书或密钥被替换）；尚未签署。请重新阅读文件后再签署。",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with an empty place from ``start`` up to ``stop``, and the attributes (DER) whose signature goes there."""

    pdf: bytes
    start: int
    stop: int
    attributes: bytes


class Elsewhere:
    """Stands for a key that is not here: it brings the one signature that was made with it, if there is one yet."""

    def __init__(self, signature: bytes = b"") -> None:
        self._signature = signature

    def sign(self, data: bytes) -> bytes:
        """That signature, whatever is asked: :func:`check` has seen that it is of this."""
        if not self._signature:
            raise InvariantBroken("nobody here holds this key")
        return self._signature


def prepare(before: bytes, signing: pdf.Signing, stamp: bytes, tsa: Timestamper) -> Prepared:
    """Fill one field but for its signature; the beginning of the longer file is ``before``, byte for byte."""
    signer = pdf.signer_of(signing, stamp, tsa)
    writer = IncrementalPdfFileWriter(BytesIO(before))
    output = BytesIO()
    digest, _, _ = asyncio.run(
        signer.async_digest_doc_for_signing(
            writer, existing_fields_only=True, bytes_reserved=pdf.room_for(tsa), output=output
        )
    )
    attributes = asyncio.run(signer.signer.signed_attrs(digest.document_digest, pdf.DIGEST, use_pades=True))
    return Prepared(
        output.getvalue(), digest.reserved_region_start, digest.reserved_region_end, settled(attributes).dump()
    )  # fmt: skip


def check(attributes: bytes, certificate: bytes, signature: bytes) -> None:
    """Refuse ``signing.signature_differs`` unless the certificate's key made this signature (DER) of these attributes."""
    key = load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvariantBroken("a signer's key must be an elliptic-curve key")
    try:
        key.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise NOT_HERS() from None


def embed(prepared: Prepared, issued: Issued, signature: bytes, tsa: Timestamper, at: datetime) -> bytes:
    """Put a verified signature and its time stamp in the empty place; refuses ``signing.signature_differs``."""
    check(prepared.attributes, issued.certificate, signature)
    signer = pdf.CustodySigner(Elsewhere(signature), issued)
    made = asyncio.run(
        signer.async_sign_prescribed_attributes(
            pdf.DIGEST, cms.CMSAttributes.load(prepared.attributes), timestamper=pdf.Stamper(tsa, at)
        )
    )
    output = BytesIO(prepared.pdf)
    PreparedByteRangeDigest(b"", prepared.start, prepared.stop).fill_with_cms(output, made.dump())
    return output.getvalue()
