"""Own certificates of keys on P-256 or of SM2: asked for, issued, and a chain of them checked. Pure but for serial numbers.

X.509 (RFC 5280), requests PKCS#10; of SM2 by GM/T 0015: signed by SM2 with SM3 over the Z value of ``1234567812345678``. The
authorities of contracts are in :mod:`farthing.signing`; here are those that ``cryptography`` cannot make. Revocation is not
looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import algos, csr, keys, pem, x509

from farthing.kit.errors import malformed
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.suites import SUITES, Suite, Use, suite_for

MALFORMED = malformed(
    "keys.malformed_certificate",
    "The text is no {what} of a key on P-256 or of SM2 that holds together.",
    "该文本不是有效的 P-256 或 SM2 密钥{what}。",
)
SIGNED_BY = {"p256": "1.2.840.10045.4.3.2", "sm2": "1.2.156.10197.1.501"}
"""Algorithms of signatures: ECDSA with SHA-256 (RFC 5758), SM2 with SM3 (GM/T 0006)."""
_UNDERSTOOD = frozenset({"basic_constraints", "key_usage", "extended_key_usage"})
"""Critical extensions that a checker here knows."""
_KEY_ID = 20


class ChainStatus(StrEnum):
    """What checking a chain found."""

    VERIFIED = "verified"
    UNTRUSTED = "it leads to no root that is trusted"
    FORGED = "a signature does not verify"
    OUT_OF_TIME = "a certificate is not valid at that time"
    NO_AUTHORITY = "a certificate that issued another may not"
    NOT_UNDERSTOOD = "a certificate makes a condition that is not understood"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is certified: a name, until when, and whether it may issue certificates itself."""

    name: str
    starts: datetime
    ends: datetime
    authority: bool = False


def request(key: KeyHandle, name: str) -> bytes:
    """A request for a certificate (PKCS#10, DER), signed by the key; refuses ``keys.suite_cannot``."""
    suite = suite_for(key.algorithm, Use.CERTIFICATES)
    info = csr.CertificationRequestInfo(
        {"version": "v1", "subject": _name(name), "subject_pk_info": keys.PublicKeyInfo.load(suite.spki(key.public))}
    )
    signed = {"certification_request_info": info, "signature_algorithm": _algorithm(suite)}
    return bytes(csr.CertificationRequest({**signed, "signature": key.sign(info.dump())}).dump())


def requested(der: bytes) -> tuple[str, bytes]:
    """The name and the public key (SubjectPublicKeyInfo) of a request that its key signed; refuses
    ``keys.malformed_certificate``."""
    try:
        found = csr.CertificationRequest.load(der, strict=True)
        info = found["certification_request_info"]
        spki = info["subject_pk_info"].dump()
        if not _verified(spki, found, info.dump()):
            raise ValueError("its key did not sign it")
        return str(info["subject"].native["common_name"]), spki
    except (ValueError, TypeError, KeyError):
        raise MALFORMED(what="request") from None


def issue(what: Issue, spki: bytes, key: KeyHandle, issuer: bytes | None = None) -> bytes:
    """A certificate (DER) for a public key by the key of ``issuer`` (its certificate), or of the key itself: a root."""
    suite = suite_for(key.algorithm, Use.CERTIFICATES)
    by = None if issuer is None else x509.Certificate.load(issuer)
    if by is not None and by.public_key.dump() != suite.spki(key.public):
        raise MALFORMED(what="certificate")
    subject = _name(what.name)
    identified = by.key_identifier_value.native if by is not None else _identifier(spki)
    usage = {"key_cert_sign", "crl_sign"} if what.authority else {"digital_signature", "non_repudiation"}
    tbs = x509.TbsCertificate(
        {
            "version": "v3", "serial_number": secrets.randbits(126) | 1 << 126, "signature": _algorithm(suite),
            "issuer": subject if by is None else by.subject, "subject": subject,
            "validity": {"not_before": _time(what.starts), "not_after": _time(what.ends)},
            "subject_public_key_info": keys.PublicKeyInfo.load(spki),
            "extensions": [
                {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": what.authority}},
                {"extn_id": "key_usage", "critical": True, "extn_value": usage},
                {"extn_id": "key_identifier", "extn_value": _identifier(spki)},
                {"extn_id": "authority_key_identifier", "extn_value": {"key_identifier": identified}},
            ],
        }
    )  # fmt: skip
    signed = {"tbs_certificate": tbs, "signature_algorithm": _algorithm(suite), "signature_value": key.sign(tbs.dump())}
    return bytes(x509.Certificate(signed).dump())


def check_chain(chain: Sequence[bytes], roots: Sequence[bytes], at: datetime) -> ChainStatus:
    """Whether a certificate leads over those behind it to a trusted root, each valid at ``at``; refuses
    ``keys.malformed_certificate``."""
    try:
        trusted = {each: x509.Certificate.load(each, strict=True) for each in roots}
        found = [x509.Certificate.load(each, strict=True) for each in chain if each not in trusted]
        for place, each in enumerate(found):
            above = [*found[place + 1 : place + 2], *trusted.values()]
            issuer = next((one for one in above if one.subject == each.issuer), None)
            if issuer is None:
                return ChainStatus.UNTRUSTED
            if issuer.max_path_length is not None and place > issuer.max_path_length:
                return ChainStatus.NO_AUTHORITY
            status = _checked(each, issuer, at)
            if status is not ChainStatus.VERIFIED or issuer.dump() in trusted:
                return status
        return ChainStatus.UNTRUSTED
    except (ValueError, TypeError, KeyError):
        raise MALFORMED(what="certificate") from None


def public_key(certificate: bytes) -> tuple[Suite, bytes]:
    """The suite and the raw public key that a certificate is of; refuses ``keys.malformed_certificate``."""
    try:
        spki = x509.Certificate.load(certificate, strict=True).public_key.dump()
        found = _suite(spki)
        return found, found.raw(spki)
    except (ValueError, TypeError, KeyError):
        raise MALFORMED(what="certificate") from None


def read_pem(text: bytes) -> list[bytes]:
    """The DER of every block of a PEM file; refuses ``keys.malformed_certificate``."""
    try:
        found = [der for _, _, der in pem.unarmor(text, multiple=True)]
    except (ValueError, TypeError):
        found = []
    if not found:
        raise MALFORMED(what="PEM")
    return found


def write_pem(kind: str, der: bytes) -> str:
    """A block of PEM: ``CERTIFICATE`` or ``CERTIFICATE REQUEST``."""
    return bytes(pem.armor(kind, der)).decode()


def _checked(each: x509.Certificate, issuer: x509.Certificate, at: datetime) -> ChainStatus:
    for one in (each, issuer):
        validity = one["tbs_certificate"]["validity"].native
        if not validity["not_before"] <= at <= validity["not_after"]:
            return ChainStatus.OUT_OF_TIME
        if one.critical_extensions - _UNDERSTOOD:
            return ChainStatus.NOT_UNDERSTOOD
    usage = issuer.key_usage_value
    if not issuer.ca or (usage is not None and "key_cert_sign" not in usage.native):
        return ChainStatus.NO_AUTHORITY
    inner = each["tbs_certificate"]["signature"].dump()
    if inner != each["signature_algorithm"].dump():
        return ChainStatus.FORGED
    good = _verified(issuer.public_key.dump(), each, each["tbs_certificate"].dump())
    return ChainStatus.VERIFIED if good else ChainStatus.FORGED


def _verified(spki: bytes, signed: x509.Certificate | csr.CertificationRequest, content: bytes) -> bool:
    """Whether what is signed was signed by a public key, and says so of its suite."""
    suite = _suite(spki)
    field = "signature_value" if isinstance(signed, x509.Certificate) else "signature"
    if signed["signature_algorithm"]["algorithm"].dotted != SIGNED_BY[suite.name]:
        return False
    return suite.verify(suite.raw(spki), bytes(signed[field].native), content)


def _suite(spki: bytes) -> Suite:
    """The suite of a public key that may have a certificate; ``ValueError`` where there is none."""
    found = next((SUITES[name] for name in SIGNED_BY if spki.startswith(SUITES[name].prefix)), None)
    if found is None:
        raise ValueError("it is no public key on P-256 or of SM2")
    return found


def _algorithm(suite: Suite) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": SIGNED_BY[suite.name]})


def _identifier(spki: bytes) -> bytes:
    """A key's identifier: the start of its suite's hash (RFC 7093)."""
    suite = _suite(spki)
    return suite.digest(suite.raw(spki))[:_KEY_ID]


def _name(name: str) -> x509.Name:
    return x509.Name.build({"common_name": name})


def _time(at: datetime) -> x509.Time:
    """UTC time until 2049, then general time (RFC 5280 section 4.1.2.5)."""
    moment = at.replace(microsecond=0)
    return x509.Time({"utc_time" if moment.year < 2050 else "general_time": moment})
