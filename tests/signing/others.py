"""Signed files as other makers write them: pyHanko at each level, with each kind of key; ``openssl cms`` with a plain writer;
what comes before signing (``qpdf``'s forms, blanks and old ends of files) left as it is."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.evidence.authority import PEM, Holder, _asn1, _asn1_key
from tests.signing.attacks.containers import Made, _prepared
from tests.signing.attacks.writing import body
from tests.signing.victims import Victim, form

LEVELS = ("b", "t", "lt", "lta")
OPENSSL: dict[str, list[str]] = {
    "plain": [],
    "cades": ["-cades"],
    "sha512": ["-md", "sha512"],
    "with_chain": ["-certfile", "root.pem"],
    "without_attributes": ["-noattr"],
    "sha1": ["-md", "sha1"],
    "pss": ["-keyopt", "rsa_padding_mode:pss"],
}


def rsa_holder(victim: Victim, name: str = "张伟 Zhang Wei") -> Holder:
    """A signer with an RSA key."""
    key = rsa.generate_private_key(65537, 2048)
    return Holder(victim.authority._certificate(name, "Test root", key.public_key(), days=9), key)


def pyhanko(victim: Victim, holder: Holder, level: str, pdf: bytes | None = None, name: str = "Sig") -> bytes:
    """PAdES as pyHanko makes it by its own defaults."""
    authority = victim.authority
    root = _asn1(authority.root)
    signer = signers.SimpleSigner(
        _asn1(holder.certificate), _asn1_key(holder.key), SimpleCertificateStore.from_certs([root])
    )
    context = ValidationContext(
        trust_roots=[root], other_certs=[_asn1(authority.tsa)], crls=[authority.crl()], allow_fetching=False,
        retroactive_revinfo=True,
    )  # fmt: skip
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=level in {"lt", "lta"},
        use_pades_lta=level == "lta",
        validation_context=context if level in {"lt", "lta"} else None,
    )
    stamper = None if level == "b" else authority._stamper
    writer = IncrementalPdfFileWriter(io.BytesIO(form() if pdf is None else pdf), strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    out = PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer)
    return bytes(out.getvalue())


def openssl(
    victim: Victim,
    holder: Holder,
    *options: str,
    subfilter: str = "adbe.pkcs7.detached",
    before: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """A CMS of ``openssl cms`` in a dictionary that a plain writer made; ``before`` stood at the file's end already, and
    ``tail`` is written in place of its last lines."""
    head, rest, gap = _prepared(form() + before, Made(form=subfilter))
    if tail:
        rest = rest[: rest.rindex(b"startxref")] + tail.rjust(len(rest) - rest.rindex(b"startxref"), b"\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").write_bytes(head + rest)
        (folder / "cert.pem").write_bytes(holder.certificate.public_bytes(PEM))
        (folder / "root.pem").write_bytes(victim.authority.root_pem)
        key = holder.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(key)
        files = ["-in", "data", "-signer", "cert.pem", "-inkey", "key.pem", "-out", "out"]
        subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER", *files, *options],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        raw = (folder / "out").read_bytes()
    return head + b"<" + raw.hex().encode().ljust(gap - 2, b"0") + b">" + rest


def qpdf(pdf: bytes, *options: str) -> bytes | None:
    """The file as ``qpdf`` writes it; none where it is not installed."""
    if shutil.which("qpdf") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name) / "a.pdf", Path(name) / "b.pdf"
        before.write_bytes(pdf)
        subprocess.run(["qpdf", *options, before, after], check=True, capture_output=True)
        return after.read_bytes()


def hybrid() -> tuple[bytes, int]:
    """The form as office programs write it: a plain table that calls free what is compressed, and a stream beside it that tells
    of that too; and where the stream lies."""
    out, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", {}
    for number in range(1, 8):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body(form(), number))
    packed = zlib.compress(b"8 0 << /Producer (Office) >>")
    for number, head, content in (
        (9, b"/Type /ObjStm /N 1 /First 4", packed),
        (10, b"/Type /XRef /Size 11 /W [1 4 2] /Root 1 0 R", None),
    ):
        places[number] = len(out)
        if content is None:
            rows = [(0, 0, 65535), *((1, places[each], 0) for each in range(1, 8)), (2, 9, 0)]
            rows += [(1, places[9], 0), (1, places[10], 0)]
            told = (bytes([kind]) + at.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, at, last in rows)
            content = zlib.compress(b"".join(told))
        out += b"%d 0 obj\n<< %s /Filter /FlateDecode /Length %d >>\nstream\n" % (number, head, len(content))
        out += content + b"\nendstream\nendobj\n"
    at = len(out)
    table = [
        b"0000000008 65535 f ",
        *(b"%010d 00000 n " % places[each] for each in range(1, 8)),
        b"0000000000 65535 f ",
    ]
    table += [b"%010d 00000 n " % places[each] for each in (9, 10)]
    out += b"xref\n0 11\n" + b"\n".join(table) + b"\ntrailer\n<< /Size 11 /Root 1 0 R /XRefStm %d >>\n" % places[10]
    return out + b"startxref\n%d\n%%%%EOF\n" % at, places[10]


def before_signing() -> dict[str, bytes]:
    """Files as they were when somebody signed them."""
    found: dict[str, Any] = {
        "blanks_after_end": form() + b"\n\n  \n",
        "carriage_return_end": form().rstrip(b"\n") + b"\r",
        "no_newline_at_end": form().rstrip(b"\n"),
        "hybrid": hybrid()[0],
        "linearised": qpdf(form(), "--linearize"),
        "compressed": qpdf(form(), "--object-streams=generate"),
        "normalised": qpdf(form(), "--qdf"),
        "encrypted_openly": qpdf(form(), "--encrypt", "", "owner", "256", "--"),
    }
    return {name: pdf for name, pdf in found.items() if pdf is not None}


def made(victim: Victim) -> dict[str, bytes]:
    """All of them, each signed once and left alone."""
    by_rsa, by_curve = rsa_holder(victim), victim.holder
    found = {}
    for level in LEVELS:
        found[f"pyhanko_{level}_rsa"] = pyhanko(victim, by_rsa, level)
        found[f"pyhanko_{level}_p256"] = pyhanko(victim, by_curve, level)
    for name, pdf in before_signing().items():
        found[f"pyhanko_after_{name}"] = pyhanko(victim, by_curve, "b", pdf)
    twice = pyhanko(victim, by_rsa, "t", pyhanko(victim, by_curve, "t", name="First"), name="Second")
    found["pyhanko_two_signers"] = twice
    found["pyhanko_three_signers_lta"] = pyhanko(victim, by_rsa, "lta", twice, name="Third")
    for name, options in OPENSSL.items():
        found[f"openssl_{name}_rsa"] = openssl(victim, by_rsa, *options)
        if name != "pss":
            found[f"openssl_{name}_p256"] = openssl(victim, by_curve, *options)
    for name, before in (("two_ends", b"%%EOF\n"), ("zeros", bytes(40)), ("comment", b"% made by hand\n")):
        found[f"openssl_after_{name}"] = openssl(victim, by_curve, "-cades", before=before)
    found["openssl_cades_form"] = openssl(victim, by_curve, "-cades", subfilter="ETSI.CAdES.detached")
    found["openssl_form_of_its_own"] = openssl(victim, by_curve, subfilter="Own.detached")
    return found
