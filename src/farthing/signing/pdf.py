"""Own the signing of PDFs: fields first, then each signature as an incremental update, then the document timestamp.

PAdES B-LT (ETSI EN 319 142-1): each signature carries an RFC 3161 token, its validation data (certificates, revocation
lists) lie in the DSS of the same revision, so a last timestamp covers every byte. Every signature field exists before
the first signature, which certifies that nothing but signatures may be added (DocMDP, P=2): earlier signatures stay
valid when the next party signs. Never makes keys or certificates and never asks the time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import cms, ocsp, tsp, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, Signer
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from farthing.kit.errors import declined
from farthing.kit.words import Words
from farthing.signing.contract import render_stamp
from farthing.signing.der import fresh, settled
from farthing.signing.keys import HASHES
from farthing.signing.model import TIMESTAMP_FIELD, Box, Issued, Kind, Signs, Timestamper

TIMESTAMP_REFUSED = declined(
    "signing.timestamp_refused",
    "The time stamp of {authority} cannot be used ({problem}); nothing was signed.",
    "{authority} 的时间戳无法使用（{problem}）；尚未签署。",
)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far an authority's time may lie from the bank's instant of signing."""

DIGEST = "sha256"
_KNOWN_TSA_BYTES, _UNKNOWN_TSA_BYTES = 2_048, 8_192
_CMS_BYTES = 4_096
_READABLE = {
    "platform": "文本认证 Certified text",
    "borrower": "借款人 Borrower",
    "institution": "贷款人 Lender",
}
_IN_ONE_REVISION = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
_FILL = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    margins=Margins.uniform(0),
    inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
)

# pyHanko warns on every signature that nothing is fetched; that is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Signing:
    """One act of signing: which field, with which key and certificate, when.

    ``answers``: what the authority's responder said of the certificate (OCSP, DER). ``reason``: what the signature itself says of
    how it came about.
    """

    field: str
    custody: Signs
    issued: Issued
    revocation_lists: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    at: datetime
    certify: bool = False
    answers: tuple[bytes, ...] = ()
    reason: str = ""


def add_fields_and_certify(pdf: bytes, boxes: Sequence[Box], signing: Signing, stamp: bytes, tsa: Timestamper) -> bytes:
    """Add every signature field and certify the text in one revision: what all parties are then shown."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for box in boxes:
        append_signature_field(
            writer,
            SigFieldSpec(
                sig_field_name=box.role,
                on_page=box.page - 1,
                box=(round(box.left), round(box.bottom), round(box.right), round(box.top)),
                readable_field_name=_READABLE.get(box.role, f"合作贷款人 Partner lender ({box.role})"),
            ),
        )
    return _sign(writer, signing, stamp, tsa)


def sign(pdf: bytes, signing: Signing, stamp: bytes, tsa: Timestamper) -> bytes:
    """Fill one existing field with a signature; answers the longer file, whose beginning is ``pdf``."""
    return _sign(IncrementalPdfFileWriter(BytesIO(pdf)), signing, stamp, tsa)


def timestamp(
    pdf: bytes, tsa: Timestamper, roots: Sequence[bytes], revocation_lists: Sequence[bytes], at: datetime,
    answers: Sequence[bytes] = (),
) -> bytes:  # fmt: skip
    """Set the document timestamp over the whole file, with its validation data in the same revision.

    ``answers``: what responders said of the signers' certificates, to be kept with the rest.
    """
    stamper = Stamper(tsa, at)
    context = _context(roots, (), revocation_lists, tsa, at, answers)
    output = PdfTimeStamper(stamper, field_name=TIMESTAMP_FIELD).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        DIGEST,
        context,
        bytes_reserved=2 * _token_bytes(tsa),
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )
    return bytes(output.getvalue())


def renew(
    pdf: bytes, field: str, tsa: Timestamper, roots: Sequence[bytes], revocation_lists: Sequence[bytes], at: datetime
) -> bytes:  # fmt: skip
    """Set another document timestamp over a file that has one, with what the last one is checked by in the same revision.

    The digest is that of the authority's key. A last timestamp that does not hold any more is refused by
    ``signing.timestamp_refused``: nothing would be proved by a new one over it.
    """
    reader = PdfFileReader(BytesIO(pdf))
    last = reader.embedded_timestamp_signatures[-1]
    context = _context(roots, (), revocation_lists, tsa, at)
    found = validate_pdf_timestamp(last, context)
    if not (found.intact and found.valid and found.trusted):
        raise TIMESTAMP_REFUSED(
            authority=tsa.name,
            problem=Words("the one before it can no longer be checked", "此前的时间戳已无法核验"),
        )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, last.pkcs7_content, paths=(found.validation_path,), validation_context=context
    )
    output = PdfTimeStamper(Stamper(tsa, at), field_name=field).timestamp_pdf(
        writer, digest_of(tsa), context, bytes_reserved=2 * _token_bytes(tsa),
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )  # fmt: skip
    return bytes(output.getvalue())


def digest_of(tsa: Timestamper) -> str:
    """The digest that goes with an authority's key: SHA-256 but for larger curves."""
    key = load_der_public_key(_read(tsa.chain[0]).public_key.dump())
    found = HASHES.get(key.key_size) if isinstance(key, ec.EllipticCurvePublicKey) else None
    return found.name if found is not None else DIGEST


def stamp_page(box: Box, name: str, kind: Kind, seal: tuple[str, str], lines: Sequence[Any], at: datetime) -> bytes:
    """The appearance of a signature, of the box's size: name, lines of (Chinese, English, value), and a round seal."""
    values: Mapping[str, Any] = {
        "width": box.right - box.left,
        "height": box.top - box.bottom,
        "name": name,
        "kind": kind.value,
        "seal_zh": seal[0],
        "seal_en": seal[1],
        "lines": list(lines),
    }
    return render_stamp(values, at)


def signed_parts(pdf: bytes) -> list[tuple[str, bytes, bytes]]:
    """Of each signature and timestamp: field, the bytes it covers, its CMS (DER): what ``openssl cms`` and ``ts`` take."""
    found = []
    for item in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        a, b, c, d = (int(part) for part in item.byte_range)
        content = cms.ContentInfo.load(item.pkcs7_content)
        found.append((item.field_name, pdf[a : a + b] + pdf[c : c + d], content.dump()))
    return found


def _sign(writer: IncrementalPdfFileWriter, signing: Signing, stamp: bytes, tsa: Timestamper) -> bytes:
    output = signer_of(signing, stamp, tsa).sign_pdf(writer, existing_fields_only=True, bytes_reserved=room_for(tsa))
    return bytes(output.getvalue())


def room_for(tsa: Timestamper) -> int:
    """Hexadecimal digits that a signature's container takes."""
    return 2 * (_CMS_BYTES + _token_bytes(tsa))


def signer_of(signing: Signing, stamp: bytes, tsa: Timestamper) -> PdfSigner:
    """pyHanko's signer for one act, at the bank's time; everything that vouches for it is checked before anything is signed."""
    metadata = PdfSignatureMetadata(
        field_name=signing.field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=signing.certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        reason=signing.reason or None,
        validation_context=_context(signing.roots, signing.issued.chain, signing.revocation_lists, tsa, signing.at),
        dss_settings=_IN_ONE_REVISION,
    )
    signer = _Signer(
        metadata,
        signer=CustodySigner(signing.custody, signing.issued),
        timestamper=Stamper(tsa, signing.at),
        stamp_style=StaticStampStyle(background=_StampPage(stamp), background_layout=_FILL, border_width=0),
    )
    signer.signing_at, signer.answers = signing.at, signing.answers
    return signer


def _context(
    roots: Sequence[bytes], others: Sequence[bytes], revocation_lists: Sequence[bytes], tsa: Timestamper, at: datetime,
    answers: Sequence[bytes] = (),
) -> ValidationContext:  # fmt: skip
    """Check everything before signing as a checker will afterwards: nothing is fetched, a missing list is an error."""
    return ValidationContext(
        trust_roots=[_read(root) for root in dict.fromkeys((*roots, *tsa.roots))],
        other_certs=[_read(other) for other in (*others, *tsa.chain)],
        crls=[*revocation_lists, *tsa.revocation_lists()],
        ocsps=list(answers),
        moment=at,
        allow_fetching=False,
        revocation_mode="hard-fail",
        time_tolerance=CLOCK_TOLERANCE,
    )


@lru_cache(maxsize=32)
def _read(der: bytes) -> x509.Certificate:
    """An authority's certificate, parsed once: its names are compared again and again, each time as RFC 4518 prepares them.

    All of it is parsed here, since asn1crypto parses what is asked for when it is asked, which two threads must not do at once.
    """
    found = x509.Certificate.load(der)
    _ = (found.native, found.critical_extensions)
    return found


def _token_bytes(tsa: Timestamper) -> int:
    """Room for a token: the sandbox's are small, a licensed authority's carry a chain we have not seen."""
    return _KNOWN_TSA_BYTES if tsa.chain else _UNKNOWN_TSA_BYTES


class _Signer(PdfSigner):  # type: ignore[misc]
    """pyHanko's signer at the bank's time, in PDF 1.7.

    pyHanko asks the machine for the time, and raises the file to PDF 2.0 for an elliptic curve (ISO 32002); PDF/A-3 is
    PDF 1.7, and PAdES allows both.
    """

    signing_at: datetime
    answers: tuple[bytes, ...] = ()

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session: Any = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.signing_at
        check = session.perform_presign_validation

        async def with_answers(pdf_out: BasePdfFileWriter | None = None) -> Any:
            """Keep what the authority's responder said beside the lists. It was judged before, by stricter rules."""
            found: Any = await check(pdf_out)
            said = [ocsp.OCSPResponse.load(each) for each in self.answers]
            return replace(found, ocsps_to_embed=[*found.ocsps_to_embed, *said])

        session.perform_presign_validation = with_answers
        return session  # type: ignore[no-any-return]

    def _enforce_certification_constraints(self, reader: PdfFileReader) -> None:
        """Nothing: the file is the bank's own, certified by :func:`add_fields_and_certify` so that its fields may be signed.

        To read that again from the file decodes every signature in it, which was a third of what the next one cost.
        """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


class CustodySigner(Signer):  # type: ignore[misc]
    """pyHanko's signer over our key custody: the key is asked once, and never for a dry run."""

    def __init__(self, custody: Signs, issued: Issued) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([_read(der) for der in issued.chain])
        super().__init__(signing_cert=x509.Certificate.load(issued.certificate), cert_registry=registry)
        self._custody = custody

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """What the key's custody brings; nothing of it where only the size is asked for."""
        return bytes(72) if dry_run else self._custody.sign(data)

    async def async_sign_prescribed_attributes(
        self, digest_algorithm: str, signed_attrs: cms.CMSAttributes, *rest: Any, **options: Any
    ) -> cms.ContentInfo:
        """The signature of attributes, both encoded once."""
        signature = await super().async_sign_prescribed_attributes(
            digest_algorithm, settled(signed_attrs), *rest, **options
        )
        return settled(signature)


class Stamper(TimeStamper):  # type: ignore[misc]
    """pyHanko's time-stamper over our port: freshly parsed tokens, and the token is checked before it is used."""

    def __init__(self, tsa: Timestamper, at: datetime) -> None:
        super().__init__()
        self._tsa, self._at = tsa, at
        for index, der in enumerate(tsa.chain):
            certificate = _read(der)
            self.cert_registry.register(certificate)
            if index == 0:
                self._certs[certificate.issuer_serial] = certificate

    async def _ensure_dummy(self) -> None:
        if not self._certs:
            await super()._ensure_dummy()

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer, if it granted one; refuses ``signing.timestamp_refused``."""
        try:
            answer = tsp.TimeStampResp.load(self._tsa.answer(req.dump()))
            status = answer["status"]["status"].native
        except (ValueError, TypeError) as error:
            raise TIMESTAMP_REFUSED(
                authority=self._tsa.name,
                problem=Words(f"its answer is unreadable: {error}", f"其应答无法读取：{error}"),
            ) from None
        if status not in {"granted", "granted_with_mods"}:
            raise TIMESTAMP_REFUSED(
                authority=self._tsa.name, problem=Words(f"it answered {status}", f"其应答为 {status}")
            )
        return answer

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over the digest, parsed from its own encoding."""
        token = fresh(await super().async_timestamp(message_digest, md_algorithm))
        info = token["content"]["encap_content_info"]["content"].parsed
        if info["message_imprint"]["hashed_message"].native != message_digest:
            raise TIMESTAMP_REFUSED(
                authority=self._tsa.name, problem=Words("it stamped another digest", "其时间戳针对另一摘要")
            )
        if abs(info["gen_time"].native - self._at) > CLOCK_TOLERANCE:
            raise TIMESTAMP_REFUSED(
                authority=self._tsa.name,
                problem=Words(
                    f"its time {info['gen_time'].native} is not the bank's {self._at}",
                    f"其时间 {info['gen_time'].native} 与本行时间 {self._at} 不符",
                ),
            )
        return token


class _StampPage(PdfContent):  # type: ignore[misc]
    """A page held in memory, drawn into a signature's appearance."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self._page = page

    def render(self) -> bytes:
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)), page_ix=0)
        self.resources.xobject["/Stamp"] = drawn
        left, bottom, right, top = (float(edge) for edge in drawn.get_object()["/BBox"])
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Stamp Do"
