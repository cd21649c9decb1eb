"""Decide what an OCSP answer is worth: whose it is, of which certificate, how fresh, and what it says. Pure.

An answer that cannot be taken stops a signing, as silence does; it never weakens one. An answer made before the signature
says nothing of the time in between and is refused, as a revocation list of before is.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from farthing.kit.errors import declined
from farthing.kit.words import Words

REVOKED = declined(
    "signing.certificate_revoked",
    "The certificate {certificate} was revoked at {at}; nothing was signed. Have it signed anew by another key.",
    "证书 {certificate} 已于 {at} 吊销；尚未签署。请使用新密钥重新签署。",
)
UNFIT = declined(
    "signing.revocation_unfit",
    "What the certificate authority said of revocation cannot be used ({problem}); nothing was signed, try again later.",
    "认证机构关于吊销状态的答复无法使用（{problem}）；尚未签署，请稍后再试。",
)

AHEAD = timedelta(minutes=5)
"""How far the authority's clock may be ahead of the bank's."""
UNREADABLE = (
    TypeError, NotImplementedError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What reading a question or an answer raises that is none, or that names what cannot be reckoned here, beside ``ValueError``."""


def request_of(certificate: bytes, issuer: bytes, nonce: bytes) -> bytes:
    """An OCSPRequest (DER) about one certificate (DER)."""
    mine, above = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
    builder = ocsp.OCSPRequestBuilder().add_certificate(mine, above, hashes.SHA256())
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)


def check(answer: bytes, certificate: bytes, issuer: bytes, nonce: bytes, at: datetime) -> bytes:
    """The answer, if it says of this certificate that it was good at ``at`` or later.

    Refuses ``signing.revocation_unfit``, ``signing.certificate_revoked``.
    """
    mine, above = (x509.load_der_x509_certificate(each) for each in (certificate, issuer))
    asked = ocsp.load_der_ocsp_request(request_of(certificate, issuer, nonce))
    try:
        said = ocsp.load_der_ocsp_response(answer)
        if said.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            name = said.response_status.name.lower()
            raise _unfit(f"it answered {name}", f"其应答为 {name}")
        sent = said.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        _check_whose(said, above, at)
        if not hmac.compare_digest(sent, nonce):
            raise _unfit("it answers another question", "所答并非所问")
        _check_says(_about(said, asked), mine, at)
    except (ValueError, *UNREADABLE, InvalidSignature, x509.ExtensionNotFound) as error:
        problem = Words(f"it is unreadable or not the authority's: {type(error).__name__}", "无法读取或并非该机构签名")
        raise UNFIT(problem=problem) from None
    return answer


def _about(said: ocsp.OCSPResponse, asked: ocsp.OCSPRequest) -> ocsp.OCSPSingleResponse:
    """What an answer, which may be about several (RFC 6960 section 4.2.1), says of the certificate that was asked about."""
    wanted = asked.serial_number, asked.issuer_key_hash, asked.issuer_name_hash
    found = [
        each for each in said.responses if (each.serial_number, each.issuer_key_hash, each.issuer_name_hash) == wanted
    ]
    if len(found) > 1:
        raise _unfit("it says two things of the certificate", "对该证书有两种说法")
    if not found:
        raise _unfit("it speaks of another certificate", "所述为另一证书")
    return found[0]


def _check_says(said: ocsp.OCSPSingleResponse, mine: x509.Certificate, at: datetime) -> None:
    if said.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        raise REVOKED(certificate=f"{mine.serial_number:x}", at=said.revocation_time_utc or at)
    if said.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise _unfit("it does not know the certificate", "该机构不认识该证书")
    if not at.replace(microsecond=0) <= said.this_update_utc <= at + AHEAD:
        raise _unfit("it does not speak of the time of signing", "所述时间并非签署时间")


def _check_whose(said: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> None:
    """The issuer's own key, or one that it delegates for this alone (RFC 6960 section 4.2.2.2)."""
    given = said.certificates
    who = given[0] if given else issuer
    if who != issuer:
        who.verify_directly_issued_by(issuer)
        usage = who.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        who.extensions.get_extension_for_class(x509.OCSPNoCheck)
        if list(usage) != [ExtendedKeyUsageOID.OCSP_SIGNING]:
            raise ValueError("not delegated for this")
        if not who.not_valid_before_utc <= at <= who.not_valid_after_utc:
            raise ValueError("not valid now")
    key, digest = who.public_key(), said.signature_hash_algorithm
    if not isinstance(key, ec.EllipticCurvePublicKey) or digest is None or isinstance(digest, hashes.SHA1):
        raise ValueError("not signed as it must be")
    key.verify(said.signature, said.tbs_response_bytes, ec.ECDSA(digest))


def _unfit(en: str, zh: str) -> Exception:
    return UNFIT(problem=Words(en, zh))
