"""Signed files as other makers write them: pyHanko at each level, with each kind of key; ``openssl cms`` with a plain writer;
what comes before signing (``qpdf``'s forms, blanks and old ends of files) left as it is."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
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
    writer = IncrementalPdfFileWriter(io.BytesIO(form() if pdf is None else pdf))
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


def before_signing() -> dict[str, bytes]:
    """Files as they were when somebody signed them."""
    found: dict[str, Any] = {
        "blanks_after_end": form() + b"\n\n  \n",
        "carriage_return_end": form().rstrip(b"\n") + b"\r",
        "no_newline_at_end": form().rstrip(b"\n"),
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
