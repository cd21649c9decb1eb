"""Own the built-in certificate authority ``sandbox``: a root, an issuing CA, short-lived certificates, CRLs.

Profiles follow RFC 5280; the signers' extended key usage is document signing (RFC 9336) and e-mail protection, which
common tools take for signing. What a certificate states follows the Electronic Signature Law art. 21. It belongs to the
platform and is no independent third party; a licensed CA stands behind the same port. Never stores and never asks the
time: keys, revocations and instants are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, get_args

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from farthing.kit.errors import InvariantBroken, declined
from farthing.products.agreement import Custody
from farthing.signing.keys import Key
from farthing.signing.model import Issued, Kind, Subject

LEVEL_TOO_LOW = declined(
    "signing.level_too_low",
    "The signer has identity level {level} and a certificate needs {needed}; verify the identity first.",
    "签署人的身份核验等级为 {level}，签发证书需要 {needed}；请先完成身份核验。",
)

ROOT_OFFLINE = declined(
    "signing.root_offline",
    "This needs the root's key, which was taken out of the bank; bring it back by its file (farthing crypto root-back), then "
    "take it out again.",
    "此操作需使用已离线保存的根密钥；请用其文件导入（farthing crypto root-back），完成后再次离线。",
)

NAME = "sandbox"
SIGNER_HOURS = 24
SEAL_DAYS = 366
CRL_DAYS = 7
ROOT_CRL_DAYS = 9 * 365
"""The root's list outlives the TSA's certificate but little: what decides in the far future is this list."""

RESPONDER_DAYS = 366
ROOT_YEARS, ISSUING_YEARS, TSA_YEARS = 30, 20, 10
SKEW = timedelta(minutes=5)
"""Certificates start a little before they are issued: clocks of checkers differ."""

MINIMUM_LEVEL = 1
"""Below this level of identity verification nobody gets a certificate (Electronic Signature Law art. 20)."""

CUSTODIES: Mapping[str, ObjectIdentifier] = {
    name: ObjectIdentifier(f"1.3.6.1.4.1.99999.2.{number}") for number, name in enumerate(get_args(Custody), start=1)
}
"""The certificate policy that says who held the key of a one-time certificate, in the house's own arc as the time stamps' is."""

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_FULL_NAME = ObjectIdentifier("2.5.4.41")
_COMMON_NAME_BYTES = 64


class Bits(Protocol):
    """Source of randomness, such as ``Tx.ids``."""

    def bits(self, count: int) -> int:
        """``count`` random bits."""


@dataclass(frozen=True)
class Authority:
    """One certificate authority: its key and its certificate."""

    key: Key | None
    certificate: x509.Certificate
    kept_list: bytes = b""
    """Of a root whose key was taken out: the revocation list that it signed before."""

    @property
    def signs(self) -> Key:
        """The key; refuses ``signing.root_offline``."""
        if self.key is None:
            raise ROOT_OFFLINE()
        return self.key

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that must no longer be trusted, by serial number (hexadecimal)."""

    serial: str
    at: datetime


def whole_second(at: datetime) -> datetime:
    """X.509 and RFC 3161 count in seconds here."""
    return at.replace(microsecond=0)


def make_root(key: Key, at: datetime, ids: Bits) -> x509.Certificate:
    """The self-signed root, 30 years."""
    name = _authority_name("Root CA")
    builder = _builder(name, name, key.public_key(), at, timedelta(days=365 * ROOT_YEARS), ids)
    return _as_authority(builder, key, path_length=1).sign(key, hashes.SHA256())


def make_issuing(key: Key, root: Authority, at: datetime, ids: Bits) -> x509.Certificate:
    """The CA that certifies signers and seals, 20 years, under the root."""
    builder = _builder(
        _authority_name("Issuing CA"),
        root.certificate.subject,
        key.public_key(),
        at,
        timedelta(days=365 * ISSUING_YEARS),
        ids,
    )
    return _signed(_as_authority(builder, key, path_length=0), root)


def make_tsa(key: Key, root: Authority, at: datetime, ids: Bits) -> x509.Certificate:
    """The TSA's certificate: critical extended key usage timeStamping and nothing else (RFC 3161 section 2.3)."""
    builder = _builder(
        _authority_name("Time Stamping Authority"),
        root.certificate.subject,
        key.public_key(),
        at,
        timedelta(days=365 * TSA_YEARS),
        ids,
    )
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return _signed(builder, root)


def make_responder(key: Key, issuing: Authority, at: datetime, ids: Bits) -> x509.Certificate:
    """The certificate of who answers for the issuing CA whether a certificate was revoked, and signs nothing else.

    RFC 6960 section 4.2.2.2: delegated by the CA itself; id-pkix-ocsp-nocheck, so that nobody asks it about itself.
    """
    builder = _builder(
        _authority_name("OCSP Responder"), issuing.certificate.subject, key.public_key(), at,
        timedelta(days=RESPONDER_DAYS), ids,
    )  # fmt: skip
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=True)
        .add_extension(x509.OCSPNoCheck(), critical=False)
    )
    return _signed(builder, issuing)


class SandboxAuthority:
    """``CertificateAuthority`` over a root and an issuing CA; ``revoked`` are those of the issuing CA.

    ``older``: roots that came before and under which something still stands; their lists go on being made.
    """

    name = NAME

    def __init__(
        self,
        root: Authority,
        issuing: Authority,
        revoked: Sequence[Revoked],
        ids: Bits,
        older: Sequence[Authority] = (),
    ) -> None:
        self._root, self._issuing, self._revoked, self._ids = root, issuing, tuple(revoked), ids
        self._older = tuple(older)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """The root, DER, and those before it."""
        return (self._root.der, *(each.der for each in self._older))

    def issue(self, subject: Subject, public_key: bytes, at: datetime) -> Issued:
        """Certify a key of one signing for 24 hours, an organisation's seal for a year; refuses ``signing.level_too_low``."""
        if subject.level < MINIMUM_LEVEL:
            raise LEVEL_TOO_LOW(party=subject.party_id, level=subject.level, needed=MINIMUM_LEVEL)
        key = load_der_public_key(public_key)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvariantBroken("a signer's key must be an elliptic-curve key")
        once = subject.kind is Kind.PERSON or bool(subject.custody)
        lifetime = timedelta(hours=SIGNER_HOURS) if once else timedelta(days=SEAL_DAYS)
        builder = _builder(_subject_name(subject), self._issuing.certificate.subject, key, at, lifetime, self._ids)
        usages = [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        )
        if subject.custody:
            policy = x509.PolicyInformation(CUSTODIES[subject.custody], None)
            builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
        made = _signed(builder, self._issuing)
        return Issued(made.public_bytes(Encoding.DER), (self._issuing.der, self._root.der))

    def revocation_lists(self, at: datetime) -> tuple[bytes, ...]:
        """The issuing CA's list (7 days) and the roots' (9 years), all speaking of ``at``."""
        return (
            _list(self._issuing, self._revoked, at, timedelta(days=CRL_DAYS)),
            root_list(self._root, at),
            *(root_list(each, at) for each in self._older),
        )


def root_list(root: Authority, at: datetime) -> bytes:
    """The list of a root, 9 years, DER; of one whose key was taken out the one that is kept."""
    return root.kept_list or _list(root, (), at, timedelta(days=ROOT_CRL_DAYS))


def _list(authority: Authority, revoked: Sequence[Revoked], at: datetime, lifetime: timedelta) -> bytes:
    moment = whole_second(at)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(moment)
        .next_update(moment + lifetime)
        .add_extension(x509.CRLNumber(int(at.timestamp() * 1000)), critical=False)
        .add_extension(_key_identifier(authority), critical=False)
    )
    for item in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(int(item.serial, 16))
        builder = builder.add_revoked_certificate(entry.revocation_date(whole_second(item.at)).build())
    return builder.sign(authority.signs, hashes.SHA256()).public_bytes(Encoding.DER)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    at: datetime,
    lifetime: timedelta,
    ids: Bits,
) -> x509.CertificateBuilder:
    """What every certificate has. Serial numbers carry 126 random bits (CA/Browser Forum asks for 64)."""
    moment = whole_second(at)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(1 << 126 | ids.bits(126))
        .not_valid_before(moment - SKEW)
        .not_valid_after(moment + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, key: Key, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True).add_extension(
        _usage(key_cert_sign=True, crl_sign=True), critical=True
    )


def _signed(builder: x509.CertificateBuilder, authority: Authority) -> x509.Certificate:
    return builder.add_extension(_key_identifier(authority), critical=False).sign(authority.signs, hashes.SHA256())


def _key_identifier(authority: Authority) -> x509.AuthorityKeyIdentifier:
    identifier = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Farthing sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Farthing sandbox {role}"),
        ]
    )


def _subject_name(subject: Subject) -> x509.Name:
    """The party's name and its id. A common name holds 64 bytes (X.520); the full name stands beside it."""
    full = NameOID.ORGANIZATION_NAME if subject.kind is Kind.ORGANISATION else _FULL_NAME
    short = subject.name.encode()[:_COMMON_NAME_BYTES].decode(errors="ignore")
    return x509.Name(
        [
            x509.NameAttribute(full, subject.name),
            x509.NameAttribute(NameOID.USER_ID, subject.party_id),
            x509.NameAttribute(NameOID.COMMON_NAME, short),
        ]
    )
