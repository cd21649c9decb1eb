"""Own the checking of a signed PDF: what holds and what does not, each by its name.

On top of pyHanko's analysis stand two rules of our own: a revocation list must speak of the signing time or later, and a
document is *sealed* only when its last timestamp covers every byte, its own hexadecimal included. Never fetches anything,
never asks the time, and never raises for a damaged file: that is a finding.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from farthing.signing.judging import container
from farthing.signing.judging.loose import loose
from farthing.signing.model import Chain, DocumentStatus, Modification, SignatureStatus, Stamp

_LEVELS = {
    ModificationLevel.NONE: Modification.NONE,
    ModificationLevel.LTA_UPDATES: Modification.LTA_UPDATES,
    ModificationLevel.FORM_FILLING: Modification.FORM_FILLING,
    ModificationLevel.ANNOTATIONS: Modification.ANNOTATIONS,
    ModificationLevel.OTHER: Modification.OTHER,
}
_EXPIRED = {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED}
_NO_DATA = {AdESIndeterminate.TRY_LATER, AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE}
_HEXADECIMAL = re.compile(rb"<([0-9A-F]*)>")


@dataclass(frozen=True)
class Validation:
    """What a document brings for its own checking: certificates and revocation lists of its DSS (DER)."""

    certificates: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]


@dataclass(frozen=True)
class _Timestamped:
    """What was found about the last document timestamp."""

    stamp: Stamp = Stamp.MISSING
    at: datetime | None = None
    covers: int = 0
    sealed: bool = False


def inspect(pdf: bytes, roots: Sequence[bytes]) -> DocumentStatus:
    """Check every signature and timestamp of ``pdf`` against trusted roots (DER); about 0.1 s for a contract.

    Each chain is judged at the time its timestamp vouches for, so the answer does not change as certificates expire.
    """
    unread = DocumentStatus(
        readable=False,
        length=len(pdf),
        digest=hashlib.sha256(pdf).hexdigest(),
        signatures=(),
        empty_fields=(),
        timestamp=Stamp.MISSING,
        timestamped_at=None,
        timestamp_covers=0,
        sealed=False,
    )
    # A checker reads files made to break it; whatever the parser trips over is an answer, not a failure of ours.
    try:
        return _inspect(unread, pdf, roots)
    except Exception as error:
        return replace(unread, problem=f"{type(error).__name__}: {error}")


def _inspect(unread: DocumentStatus, pdf: bytes, roots: Sequence[bytes]) -> DocumentStatus:
    reader = PdfFileReader(BytesIO(pdf))
    data = _validation(reader)
    signatures = tuple(_signature(item, roots, data) for item in reader.embedded_regular_signatures)
    found = _Timestamped()
    for item in reader.embedded_timestamp_signatures:
        found = _timestamp(item, pdf, roots, data)
    return replace(
        unread,
        readable=True,
        signatures=signatures,
        empty_fields=tuple(name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)),
        timestamp=found.stamp,
        timestamped_at=found.at,
        timestamp_covers=found.covers,
        sealed=found.sealed,
    )


def _validation(reader: PdfFileReader) -> Validation:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Validation((), ())
    return Validation(
        tuple(certificate.dump() for certificate in store.load_certs()),
        tuple(bytes(reference.get_object().data) for reference in store.crls),
    )


def _signature(item: EmbeddedPdfSignature, roots: Sequence[bytes], data: Validation) -> SignatureStatus:
    certificate = item.signer_cert
    claimed = item.self_reported_timestamp
    status = SignatureStatus(
        field=item.field_name,
        signer=str(certificate.subject.native.get("common_name", "")),
        signed_at=claimed,
        intact=False,
        covers=int(item.byte_range[2]) + int(item.byte_range[3]),
        chain=Chain.UNCHECKED,
        timestamp=Stamp.MISSING,
        modification=Modification.UNKNOWN,
        permitted=False,
        revocation_current=False,
        certificate=hashlib.sha256(certificate.dump()).hexdigest(),
    )
    stamped_at = _token_time(item)
    context = _context(roots, data, stamped_at or claimed)
    try:
        result = validate_pdf_signature(item, context, context)
    except Exception:
        return status
    revoked, current = _revocation(certificate, claimed, data, roots)
    return replace(
        status,
        signed_at=stamped_at or claimed,
        intact=bool(result.intact and result.valid and result.coverage >= SignatureCoverageLevel.ENTIRE_REVISION),
        chain=Chain.REVOKED if revoked else _chain(result),
        timestamp=_stamp(result.timestamp_validity),
        modification=_LEVELS.get(result.modification_level or ModificationLevel.OTHER, Modification.UNKNOWN),
        permitted=bool(result.docmdp_ok),
        revocation_current=current,
    )


def _timestamp(item: EmbeddedPdfSignature, pdf: bytes, roots: Sequence[bytes], data: Validation) -> _Timestamped:
    at = item.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    try:
        result = validate_pdf_timestamp(item, _context(roots, data, at))
    except Exception:
        return _Timestamped(Stamp.BROKEN, at)
    stamp = _stamp(result)
    covers = int(item.byte_range[2]) + int(item.byte_range[3])
    whole = result.coverage == SignatureCoverageLevel.ENTIRE_FILE and _covers_all(item, pdf)
    return _Timestamped(stamp, at, covers, stamp is Stamp.VALID and whole and _vouched(item, roots, data))


def _vouched(item: EmbeddedPdfSignature, roots: Sequence[bytes], data: Validation) -> bool:
    """Whether the token holds nothing that neither its signature nor an issuer's fixes: no byte range covers it."""
    try:
        token = container.read(cms.ContentInfo.load(item.pkcs7_content).dump())
    except container.False_:
        return False
    others = (asn1_x509.Certificate.load(der) for der in (*data.certificates, *roots))
    return not loose(token, (*token.certificates, *others))


def _covers_all(item: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether nothing but the token's own hexadecimal lies outside, written the one way we write it, zero-padded."""
    start, first, second, rest = (int(part) for part in item.byte_range)
    gap = _HEXADECIMAL.fullmatch(pdf[first:second])
    if start != 0 or second + rest != len(pdf) or gap is None:
        return False
    written = bytes.fromhex(gap.group(1).decode())
    token = cms.ContentInfo.load(written).dump()
    return written[: len(token)] == token and not any(written[len(token) :])


def _token_time(item: EmbeddedPdfSignature) -> datetime | None:
    for attribute in item.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]
            time: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
            return time
    return None


def _context(roots: Sequence[bytes], data: Validation, moment: datetime | None) -> ValidationContext:
    """Trust the given roots only, at ``moment``; a certificate without a usable revocation list does not pass."""
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root) for root in roots],
        other_certs=[asn1_x509.Certificate.load(der) for der in data.certificates],
        crls=list(data.revocation_lists),
        moment=moment,
        allow_fetching=False,
        revocation_mode="hard-fail",
    )


def _chain(result: Any) -> Chain:
    if result.revoked:
        return Chain.REVOKED
    if result.trusted:
        return Chain.TRUSTED
    if result.trust_problem_indic in _EXPIRED:
        return Chain.EXPIRED
    if result.trust_problem_indic in _NO_DATA:
        return Chain.NO_REVOCATION_DATA
    return Chain.UNTRUSTED


def _stamp(result: Any) -> Stamp:
    if result is None:
        return Stamp.MISSING
    if not (result.intact and result.valid):
        return Stamp.BROKEN
    return Stamp.VALID if result.trusted else Stamp.UNTRUSTED


def _revocation(
    certificate: asn1_x509.Certificate, signed_at: datetime | None, data: Validation, roots: Sequence[bytes]
) -> tuple[bool, bool]:
    """Whether an authentic list names the certificate as revoked when it signed, and whether one speaks of that time.

    pyHanko accepts a list made days before the certificate existed; such a list can say nothing about it.
    """
    if signed_at is None:
        return False, False
    mine = x509.load_der_x509_certificate(certificate.dump())
    keys = [
        load_der_public_key(other.public_key.dump())
        for other in (asn1_x509.Certificate.load(der) for der in (*data.certificates, *roots))
        if other.subject == certificate.issuer
    ]
    revoked = current = False
    for der in data.revocation_lists:
        issued = x509.load_der_x509_crl(der)
        if issued.issuer != mine.issuer or issued.last_update_utc < signed_at.replace(microsecond=0):
            continue
        if not any(isinstance(key, ec.EllipticCurvePublicKey) and issued.is_signature_valid(key) for key in keys):
            continue
        current = True
        entry = issued.get_revoked_certificate_by_serial_number(mine.serial_number)
        revoked = revoked or (entry is not None and entry.revocation_date_utc <= signed_at)
    return revoked, current
