"""Signed files that an attacker starts from: a small form written by hand, signed by real libraries, its bytes known."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.evidence.authority import Authority, Holder, _asn1, _asn1_key
from tests.signing.attacks.writing import Object, written

TEXT = b"BT /F1 24 Tf 72 700 Td (Lend 1000 yuan) Tj ET"
BOX = (72, 100, 272, 160)


def form(
    *,
    more: tuple[Object, ...] = (),
    annotations: bytes = b"",
    resources: bytes = b"",
    contents: bytes = b"4 0 R",
    catalog: bytes = b"",
) -> bytes:
    """One page that says what is lent, and an empty field for a note; objects from 20 on are the caller's."""
    objects = (
        Object(1, b"<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R %s>>" % catalog),
        Object(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        Object(
            3,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + contents
            + b" /Resources << /Font << /F1 5 0 R >> " + resources + b" >> /Annots [7 0 R " + annotations + b"] >>",
        ),
        Object(4, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(TEXT), TEXT)),
        Object(5, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
        Object(6, b"<< /Fields [7 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> >>"),
        Object(
            7,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (note) /Rect [72 600 272 620] /P 3 0 R /DA (/F1 12 Tf 0 g) >>",
        ),
        *more,
    )  # fmt: skip
    return written(objects)


@dataclass
class Victim:
    """An authority whose root the reader trusts, its files, and somebody else who wants to change them."""

    authority: Authority = field(default_factory=Authority)

    @cached_property
    def holder(self) -> Holder:
        return self.authority.issue("林美 Lin Mei")

    @cached_property
    def attacker(self) -> Authority:
        return Authority("Anybody")

    def sign(
        self,
        pdf: bytes,
        name: str,
        *,
        certify: int = 0,
        box: tuple[int, int, int, int] | None = None,
        by: Authority | None = None,
        pades: bool = True,
        digest: str = "sha256",
        stamped: bool = False,
    ) -> bytes:
        """One signature in a field of its own, or in an empty one of that name; ``certify``: what is allowed afterwards."""
        authority = by or self.authority
        holder = self.holder if by is None else authority.issue("Somebody else")
        signer = signers.SimpleSigner(
            _asn1(holder.certificate), _asn1_key(holder.key), SimpleCertificateStore.from_certs([_asn1(authority.root)])
        )
        metadata = signers.PdfSignatureMetadata(
            field_name=name,
            md_algorithm=digest,
            certify=bool(certify),
            docmdp_permissions=fields.MDPPerm(certify or 2),
            subfilter=fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        )
        spec = fields.SigFieldSpec(name, box=box) if box else None
        out = signers.PdfSigner(
            metadata, signer, new_field_spec=spec, timestamper=authority._stamper if stamped else None
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        return bytes(out.getvalue())

    def stamp(self, pdf: bytes, *, by: Authority | None = None) -> bytes:
        """A document time stamp over all."""
        stamper = (by or self.authority)._stamper
        return bytes(
            signers.PdfTimeStamper(stamper)
            .timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256")
            .getvalue()
        )

    def resealed(self, pdf: bytes) -> bytes:
        """What an attacker makes of it who has keys of his own: signed and time-stamped once more over everything."""
        signed = self.sign(pdf, "Confirmed", by=self.attacker)
        return self.stamp(signed, by=self.attacker)

    def with_fields(self, pdf: bytes, *names: str) -> bytes:
        """The file with empty signature fields, each with a place on the page."""
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for index, name in enumerate(names):
            left, bottom, right, top = BOX
            fields.append_signature_field(
                writer, fields.SigFieldSpec(name, box=(left + 210 * index, bottom, right + 210 * index, top))
            )
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    @cached_property
    def signed(self) -> bytes:
        """Signed once, without a time stamp."""
        return self.sign(form(), "Signature1")

    @cached_property
    def sealed(self) -> bytes:
        """Certified, signed by another, and time-stamped: every field was there before."""
        pdf = self.with_fields(form(), "platform", "borrower")
        return self.stamp(self.sign(self.sign(pdf, "platform", certify=2), "borrower", stamped=True))

    @cached_property
    def certified(self) -> dict[int, bytes]:
        """Certified so that may follow: 1 nothing, 2 filling in and signing, 3 annotating too."""
        return {allowed: self.sign(form(), "Certified", certify=allowed) for allowed in (1, 2, 3)}

    @cached_property
    def roots(self) -> tuple[bytes, ...]:
        return (_asn1(self.authority.root).dump(),)


@lru_cache(maxsize=1)
def victim() -> Victim:
    """One for all tests: keys are slow to make."""
    return Victim()
