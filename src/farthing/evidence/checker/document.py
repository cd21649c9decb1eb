"""Check the contract: each PDF signature and timestamp, chains, revocation, and our own rule that it is sealed.

A PDF signature covers the byte ranges it names (ISO 32000-2 section 12.8.1); a CMS stands in the gap between.
*Sealed* means: the last signature is a document timestamp and covers the file to its last byte.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from . import der, openssl
from .report import Findings

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Placed:
    """A signature in the file: its CMS, the bytes it covers, and where its coverage ends."""

    cms: bytes
    covered: bytes
    end: int

    @property
    def is_timestamp(self) -> bool:
        """Whether it is a document timestamp (RFC 3161 token) and not a person's signature."""
        return der.signed(self.cms).content_type == der.TST_INFO


@dataclass(frozen=True)
class Trust:
    """Certificates to judge by: trusted roots, others that help to build chains, revocation lists."""

    roots: list[bytes]
    chain: list[bytes]
    lists: list[der.RevocationList]


def signatures(pdf: bytes) -> list[Placed]:
    """Every signature by its byte range, in order of coverage; ValueError if a range is not what it must be."""
    found = []
    for match in _RANGE.finditer(pdf):
        first, length, second, rest = (int(item) for item in match.groups())
        if first != 0 or second <= length or second + rest > len(pdf):
            raise ValueError("a byte range does not fit the file")
        gap = pdf[length:second]
        if gap[:1] != b"<" or gap[-1:] != b">":
            raise ValueError("between the byte ranges stands more than a signature")
        raw = bytes.fromhex(gap[1:-1].decode("ascii"))
        cms = der.read(raw)
        if raw[cms.end :].strip(b"\0"):
            raise ValueError("something follows a signature inside its gap")
        found.append(Placed(cms.raw, pdf[:length] + pdf[second : second + rest], second + rest))
    return sorted(found, key=lambda item: item.end)


def check(pdf: bytes, trust: Trust, findings: Findings) -> None:
    """Check every signature and timestamp of the contract, and that it is sealed."""
    placed = signatures(pdf)
    people = [item for item in placed if not item.is_timestamp]
    if not people:
        findings.failed("pdf.unsigned", "contract.pdf", "Nobody signed the contract.", "合同无人签名。")
    last = placed[-1] if placed else None
    if last is not None and last.is_timestamp and last.end == len(pdf):
        findings.passed(
            "pdf.sealed", "contract.pdf", "The last signature is a timestamp over the whole file, to its last byte.",
            "最后一个签名是覆盖整个文件直至末字节的时间戳。",
        )  # fmt: skip
    else:
        extra = len(pdf) - (last.end if last else 0)
        findings.failed(
            "pdf.not_sealed", "contract.pdf",
            f"The file is not sealed: {extra} bytes stand after what the last signature covers, or it is no timestamp.",
            f"文件未封存：最后签名覆盖范围之后尚有 {extra} 字节，或最后签名不是时间戳。",
        )  # fmt: skip
    times: list[datetime] = []
    for index, item in enumerate(placed):
        if item.is_timestamp:
            subject = f"contract.pdf, document timestamp {index + 1}"
            if _stamped(item.cms, item.covered, subject, trust, findings):
                times.append(der.token_time(item.cms))
    for index, item in enumerate(people):
        _person(item, f"contract.pdf, signature {index + 1}", times, trust, findings)


def _stamped(token: bytes, data: bytes, subject: str, trust: Trust, findings: Findings) -> bool:
    answer = openssl.timestamp(token, data, trust.roots, trust.chain)
    if answer.verified:
        at = der.token_time(token).isoformat()
        findings.passed("pdf.timestamp", subject, f"Verifies; its time is {at}.", f"验证通过；时间为 {at}。")
    else:
        findings.failed("pdf.timestamp", subject, f"Does not verify: {answer.said}", f"验证不通过：{answer.said}")
    return answer.verified


def _person(item: Placed, subject: str, document_times: Sequence[datetime], trust: Trust, findings: Findings) -> None:
    """A signature is judged at the time of its own timestamp, else of the first document timestamp."""
    held = der.signed(item.cms)
    times = []
    for token in held.tokens:
        if _stamped(token, held.signature, f"{subject}, its timestamp", trust, findings):
            times.append(der.token_time(token))
    times = times or list(document_times)
    if not times:
        findings.failed(
            "pdf.time", subject, "No timestamp verifies, so when it was signed is not known.",
            "没有可验证的时间戳，无法确定签名时间。",
        )  # fmt: skip
        return
    at = min(times)
    answer = openssl.cms(item.cms, item.covered, trust.roots, trust.chain, at)
    if answer.verified:
        findings.passed(
            "pdf.signature", subject, f"Verifies with its certificate chain, judged at {at.isoformat()}.",
            f"签名与证书链按 {at.isoformat()} 验证通过。",
        )  # fmt: skip
    else:
        findings.failed("pdf.signature", subject, f"Does not verify: {answer.said}", f"验证不通过：{answer.said}")
    if held.signer is None:
        findings.failed("pdf.signer", subject, "The signer's certificate is not there.", "缺少签名人证书。")
    else:
        check_revocation(held.signer, at, subject, trust, list(held.certificates), findings)


def check_revocation(
    certificate: der.Certificate, at: datetime, subject: str, trust: Trust, others: list[der.Certificate],
    findings: Findings,
) -> None:  # fmt: skip
    """A revocation list of the issuer, made at or after signing, must not name the certificate.

    A list made before signing cannot speak of a certificate issued later, though common software accepts one.
    """
    known = [*others, *(der.certificate(raw) for raw in [*trust.roots, *trust.chain])]
    issuers = {found.raw for found in known if found.subject == certificate.issuer}
    issuers = {raw for raw in issuers if openssl.issued(certificate.raw, raw, at).verified}
    lists = [item for item in trust.lists if item.issuer == certificate.issuer]
    valid = [item for item in lists if any(openssl.crl(item.raw, issuer).verified for issuer in issuers)]
    for item in valid:
        if item.revoked.get(certificate.serial, at) < at:
            when = item.revoked[certificate.serial].isoformat()
            findings.failed(
                "revocation.revoked", subject, f"The certificate was revoked at {when}, before signing.",
                f"证书已于 {when}（签名前）被吊销。",
            )  # fmt: skip
            return
    late = [item for item in valid if item.made_at >= at]
    if late:
        made = max(item.made_at for item in late).isoformat()
        findings.passed(
            "revocation.good", subject, f"Not revoked when it signed, by a list of {made}, made after signing.",
            f"签名时未被吊销；依据签名后 {made} 的吊销列表。",
        )  # fmt: skip
    elif valid:
        findings.failed(
            "revocation.too_old", subject, "The only revocation lists were made before signing and prove nothing.",
            "吊销列表均早于签名时间，不能证明证书当时有效。",
        )  # fmt: skip
    else:
        findings.failed(
            "revocation.missing", subject, "No revocation list of the issuer that verifies is in the package.",
            "包内没有可验证的签发机构吊销列表。",
        )  # fmt: skip


def attached(pdf: bytes, content: bytes) -> bool:
    """Whether a stream of the PDF holds exactly these bytes, plain or deflated."""
    for raw in _streams(pdf):
        if raw.rstrip(b"\r\n") == content:
            return True
        try:
            if zlib.decompressobj().decompress(raw, len(content) + 1) == content:
                return True
        except zlib.error:
            continue
    return False


def _streams(pdf: bytes) -> Iterator[bytes]:
    """What stands between ``stream`` and ``endstream``, from front to back: each byte is looked at once or twice."""
    at = 0
    while (at := pdf.find(b"stream", at)) >= 0:
        at += len(b"stream")
        line = pdf[at : at + 2]
        start = at + (2 if line == b"\r\n" else 1)
        if line[:1] != b"\n" and line != b"\r\n":
            continue
        end = pdf.find(b"endstream", start)
        if end < 0:
            return
        yield pdf[start:end]
        at = end + len(b"endstream")
