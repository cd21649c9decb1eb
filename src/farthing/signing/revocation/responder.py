"""Own the built-in OCSP responder (RFC 6960): a key of its own, delegated by the issuing authority, that signs nothing else.

*Good* says what RFC 6960 section 2.2 says it at least must: the certificate is on no revocation list. Whoever asks has the
certificate and verifies its issuer's signature. Never stores and never asks the time: revocations and a clock are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from farthing.signing.ca import Authority, Revoked, whole_second
from farthing.signing.revocation.rules import UNREADABLE

SPEAKS_FOR = timedelta(minutes=10)
"""How long an answer may be taken for the newest one."""
_DIGESTS = (hashes.SHA1, hashes.SHA256, hashes.SHA384, hashes.SHA512)


class SandboxResponder:
    """Answers for the certificates of one issuing authority, by a delegated key."""

    def __init__(
        self, own: Authority, issuing: Authority, revoked: Sequence[Revoked], clock: Callable[[], datetime]
    ) -> None:
        self._own, self._issuing, self._clock = own, issuing, clock
        self._revoked = {int(each.serial, 16): each.at for each in revoked}

    def answer(self, request: bytes) -> bytes:
        """An OCSPResponse (DER) for an OCSPRequest (DER): of one certificate, with the nonce that was sent."""
        try:
            asked = ocsp.load_der_ocsp_request(request)
            digest, nonce, serial = asked.hash_algorithm, _nonce(asked), _serial(asked)
        except (ValueError, *UNREADABLE):
            return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if not isinstance(digest, _DIGESTS) or not self._speaks_for(asked):
            return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        at, ended = whole_second(self._clock()), self._revoked.get(serial)
        status = ocsp.OCSPCertStatus.GOOD if ended is None else ocsp.OCSPCertStatus.REVOKED
        issuer = self._issuing.certificate
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            _hashed(digest, issuer.subject.public_bytes()), _key_hash(digest, issuer), serial, digest, status,
            at, at + SPEAKS_FOR, None if ended is None else whole_second(ended), None,
        )  # fmt: skip
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._own.certificate)
        builder = builder.certificates([self._own.certificate])
        if nonce is not None:
            builder = builder.add_extension(nonce, critical=False)
        return builder.sign(self._own.signs, hashes.SHA256()).public_bytes(Encoding.DER)

    def _speaks_for(self, asked: ocsp.OCSPRequest) -> bool:
        issuer, digest = self._issuing.certificate, asked.hash_algorithm
        named = _hashed(digest, issuer.subject.public_bytes()), _key_hash(digest, issuer)
        return (asked.issuer_name_hash, asked.issuer_key_hash) == named


def _serial(asked: ocsp.OCSPRequest) -> int:
    """A certificate's number: positive, of twenty octets at most (RFC 5280 section 4.1.2.2)."""
    if not 0 < asked.serial_number < 1 << 159:
        raise ValueError("no serial number")
    return asked.serial_number


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        return asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None


def not_now() -> bytes:
    """The answer of a responder that has no key yet: ask again later."""
    return _unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _hashed(digest: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(digest)
    made.update(data)
    return made.finalize()


def _key_hash(digest: hashes.HashAlgorithm, issuer: x509.Certificate) -> bytes:
    """Of the key's bits alone, without what kind of key it is (RFC 6960 section 4.1.1)."""
    point = issuer.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _hashed(digest, point)
