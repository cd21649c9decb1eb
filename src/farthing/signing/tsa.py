"""Own the built-in RFC 3161 time-stamping authority ``sandbox``: TimeStampReq in, TimeStampResp out.

Tokens carry SigningCertificateV2 (RFC 5816) and are accepted by ``openssl ts -verify``. It belongs to the platform and is
no independent third party. Never asks the time itself: the instant is handed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509

from farthing.signing.ca import Authority, Bits, whole_second
from farthing.signing.der import fresh, settled
from farthing.signing.keys import HASHES, ecdsa

NAME = "sandbox"
POLICY = "1.3.6.1.4.1.99999.1"
"""The sandbox's policy, under an arc that nobody owns: a token made here cannot pass for a licensed provider's."""

_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


class _Rejected(core.Sequence):  # type: ignore[misc]
    """A TimeStampResp without a token, which RFC 3161 makes optional and asn1crypto does not."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012 - asn1crypto's way


class SandboxTimestamper:
    """``Timestamper`` with one key, whose curve says the digest. ``clock`` gives the instant that is vouched for: the bank's."""

    name = NAME

    def __init__(self, authority: Authority, root: bytes, clock: Callable[[], datetime], ids: Bits) -> None:
        self._authority, self._root, self._clock, self._ids = authority, root, clock, ids
        self._certificate = authority.der

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Its certificate, then the root (DER)."""
        return (self._authority.der, self._root)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """The root it stands under, the sandbox CA's (DER)."""
        return (self._root,)

    def revocation_lists(self) -> tuple[bytes, ...]:
        """None of its own: the sandbox CA's lists name it."""
        return ()

    def answer(self, request: bytes) -> bytes:
        """A TimeStampResp (DER); a request it cannot serve gets a rejection as RFC 3161 section 2.4.2 says."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            length = len(imprint["hashed_message"].native)
            policy = asked["req_policy"].native
            version = asked["version"].native
        except (ValueError, TypeError):
            return _rejection("bad_data_format", "the request is not a TimeStampReq")
        if version != "v1":
            return _rejection("bad_request", "only version 1 is known")
        if _DIGEST_BYTES.get(algorithm) is None:
            return _rejection("bad_alg", "use SHA-256, SHA-384 or SHA-512")
        if length != _DIGEST_BYTES[algorithm]:
            return _rejection("bad_data_format", "the imprint has not the length of its digest")
        if policy not in {None, POLICY}:
            return _rejection("unaccepted_policy", f"the only policy here is {POLICY}")
        token = self._token(asked)
        answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        return bytes(settled(answer).dump())

    def stamp(self, imprint: bytes) -> bytes:
        """A TimeStampToken (DER of its ContentInfo) over a SHA-256 digest: the evidence log's port."""
        request = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
                "cert_req": True,
            }
        )
        return bytes(tsp.TimeStampResp.load(self.answer(request.dump()))["time_stamp_token"].dump())

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": 1 << 126 | self._ids.bits(126),
            "gen_time": whole_second(self._clock()),
            "accuracy": {"seconds": 1},
            "ordering": False,
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"].native
        content = settled(tsp.TSTInfo(info)).dump()
        digest = HASHES[self._authority.signs.curve.key_size].name
        certificate = asn1_x509.Certificate.load(self._certificate)
        attributes = fresh(_attributes(hashlib.new(digest, content).digest(), self._certificate))
        signer = fresh(
            cms.SignerInfo(
                {
                    "version": "v1",
                    "sid": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    ),
                    "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
                    "signed_attrs": attributes,
                    "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"}),
                    "signature": ecdsa(self._authority.signs, attributes.dump()),
                }
            )
        )
        signed = {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [certificate]
        return fresh(cms.ContentInfo({"content_type": "signed_data", "content": fresh(cms.SignedData(signed))}))


def _attributes(digest_of_content: bytes, certificate: bytes) -> cms.CMSAttributes:
    """The signed attributes. As a SET OF they are encoded in DER order, which is what is signed (RFC 5652 section 5.4)."""
    digest = cms.CMSAttribute({"type": "message_digest", "values": [digest_of_content]})
    return cms.CMSAttributes([fresh(digest), *(cms.CMSAttribute.load(der) for der in _same_in_all(certificate))])


@lru_cache(maxsize=8)
def _same_in_all(certificate: bytes) -> tuple[bytes, ...]:
    """The attributes (DER) that every token of a certificate bears, encoded once: that costs more than all else of a token."""
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
    same = (
        cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
        cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [identifier]}]}),
    )
    return tuple(settled(each).dump() for each in same)


def _rejection(failure: str, sentence: str) -> bytes:
    status = {
        "status": "rejection",
        "status_string": [sentence],
        "fail_info": {failure},
    }
    return bytes(_Rejected({"status": status}).dump())
