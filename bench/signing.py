"""Benchmarks of signatures: one to the last time stamp, a whole contract of three parties, two processes beside one.

Prints JSON lines: name, value, unit, against, ratio, machine. No database and no network: authorities are the built-in ones, in
this process. What is measured against is measured in the same run, by processor time unless it says otherwise.

    python bench/signing.py                               all: about a minute on an idle machine
    python bench/signing.py --only signing.lta            B-LTA signatures a second and core; the peer is pyHanko's own signer
    python bench/signing.py --only signing.contract       a contract of three parties on the wall's clock; the aim is 120 ms
    python bench/signing.py --only signing.two_processes  contracts a second by two processes against one; the aim is 1.8
    python bench/signing.py --only signing.bytes          bytes of a contract, against its text alone
    python bench/signing.py --only signing.suites         signatures a second of each suite, against openssl's own measure
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # this folder last: bench/http.py must not hide the standard library's http
    sys.path.append(sys.path.pop(0))

import argparse
import statistics
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from multiprocessing import get_context

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from farthing.kit.ids import IdSource
from farthing.kit.keys.files import fresh
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.signing import ca, pdf
from farthing.signing.contract import Rendered, render
from farthing.signing.keys import HeldKey, OneTimeKey, make_key, public_bytes
from farthing.signing.model import PLATFORM, Box, Issued, KeyCustody, Kind, Subject
from farthing.signing.revocation import rules as revocation
from farthing.signing.revocation.responder import SandboxResponder
from farthing.signing.terms import CREDIT_CODE, RESIDENT_ID, ContractParty, LoanTerms, ScheduleLine
from farthing.signing.tsa import SandboxTimestamper
from lines import show

NAMES = ("signing.lta", "signing.contract", "signing.two_processes", "signing.bytes", "signing.suites")
AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
SIGNATURES, CONTRACTS, EACH = 30, 20, 40
AIM_MS = 120.0
SEAL = ("沙盒", "SANDBOX SEAL")


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class House:
    """The authorities, and the seal of an institution, with the certificate that all its signatures share."""

    authority: ca.SandboxAuthority
    tsa: SandboxTimestamper
    seal: KeyCustody
    issued: Issued
    lists: tuple[bytes, ...]
    responder: SandboxResponder

    def answers(self, issued: Issued) -> tuple[bytes, ...]:
        """What the authority's responder says of a certificate for one signature, verified as a bank does."""
        nonce, issuer = bytes(16), issued.chain[0]
        said = self.responder.answer(revocation.request_of(issued.certificate, issuer, nonce))
        return (revocation.check(said, issued.certificate, issuer, nonce, AT),)


def house() -> House:
    """Authorities as a bank makes them at first use."""
    ids, keys = IdSource(7), [make_key() for _ in range(5)]
    root = ca.Authority(keys[0], ca.make_root(keys[0], AT, ids))
    issuing = ca.Authority(keys[1], ca.make_issuing(keys[1], root, AT, ids))
    stamping = ca.Authority(keys[2], ca.make_tsa(keys[2], root, AT, ids))
    authority = ca.SandboxAuthority(root, issuing, (), ids)
    tsa = SandboxTimestamper(stamping, root.der, lambda: AT, ids)
    bank = Subject("party_bank", "法新沙盒农村商业银行", Kind.ORGANISATION, 2)
    issued = authority.issue(bank, public_bytes(keys[3]), AT)
    answering = ca.Authority(keys[4], ca.make_responder(keys[4], issuing, AT, ids))
    responder = SandboxResponder(answering, issuing, (), lambda: AT)
    return House(authority, tsa, HeldKey(keys[3]), issued, authority.revocation_lists(AT), responder)


def yuan(minor: int) -> Money:
    """An amount in fen."""
    return Money(minor, "CNY")


def terms(number: int) -> LoanTerms:
    """A loan of twelve instalments; each number is another contract."""
    said = Words("as agreed", "按约定")
    lines, left, on = [], 12_000_00 + number * 12, date(2026, 11, 30)
    each = left // 12
    for count in range(1, 13):
        left -= each
        due = date(2026 + (on.month + count - 1) // 12, (on.month + count - 1) % 12 + 1, 28)
        lines.append(ScheduleLine(count, due, yuan(each), yuan(1000), yuan(0), yuan(each + 1000), yuan(left)))
    card = ContractParty("borrower", "party_1", "林美", RESIDENT_ID, "110105199903070025", "+8613812345678")
    bank = ContractParty("institution", "party_2", "法新沙盒农村商业银行", CREDIT_CODE, "91310000MA1FL0000X")
    principal = yuan(each * 12)
    return LoanTerms(
        f"loan_{number}", on, AT, "rainy-day-loan", Words("Rainy-day loan", "应急贷"), card, bank, principal,
        Decimal("0.12"), "actual/365", Decimal("0.1268"), yuan(12_000), yuan(0), yuan(principal.minor + 12_000), said, on, said,
        tuple(lines), said, said, said, said, said, said,
    )  # fmt: skip


def stamped(box: Box, name: str, kind: Kind) -> bytes:
    """What is seen in a signature's box."""
    lines = [
        ("签署时间", "Signed at", AT.isoformat()),
        ("证书编号", "Serial", "7f" * 8),
        ("签发机构", "Issuer", "sandbox"),
    ]
    return pdf.stamp_page(box, name, kind, SEAL, lines, AT)


def contract(by: House, number: int) -> tuple[Rendered, bytes]:
    """A contract from its terms to the time stamp over the whole file: its text, and the file."""
    rendered = render("loan", terms(number))
    boxes = {box.role: box for box in rendered.boxes}
    roots = by.authority.roots
    bank = pdf.Signing(PLATFORM, by.seal, by.issued, by.lists, roots, AT, certify=True)
    text = pdf.add_fields_and_certify(
        rendered.pdf, rendered.boxes, bank, stamped(boxes[PLATFORM], "法新沙盒农村商业银行", Kind.ORGANISATION), by.tsa
    )
    key = OneTimeKey()
    hers = by.authority.issue(Subject("party_1", "林美", Kind.PERSON, 2, "passkey"), key.public_key, AT)
    signing = pdf.Signing("borrower", key, hers, by.lists, roots, AT, answers=by.answers(hers))
    signed = pdf.sign(text, signing, stamped(boxes["borrower"], "林美", Kind.PERSON), by.tsa)
    sealing = replace(bank, field="institution", certify=False)
    sealed = pdf.sign(signed, sealing, stamped(boxes["institution"], "法新沙盒农村商业银行", Kind.ORGANISATION), by.tsa)
    return rendered, pdf.timestamp(sealed, by.tsa, roots, by.lists, AT)


def cost(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median seconds of a clock and of the processor, one after the other, after one that is not counted."""
    walls, cpus = [], []
    work(0)
    for number in range(1, times + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        work(number)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


class Stamper(TimeStamper):  # type: ignore[misc]
    """pyHanko's time-stamper as it comes, over the same authority."""

    def __init__(self, tsa: SandboxTimestamper) -> None:
        super().__init__()
        self._tsa = tsa

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._tsa.answer(req.dump()))


def lta() -> None:
    """B-LTA signatures of one file: ours without a picture of a stamp being set, and pyHanko's own."""
    by, text = house(), render("loan", terms(0)).pdf
    box = render("loan", terms(0)).boxes[-1]
    stamp = stamped(box, "法新沙盒农村商业银行", Kind.ORGANISATION)
    roots = by.authority.roots

    def ours(_: int) -> None:
        signing = pdf.Signing(PLATFORM, by.seal, by.issued, by.lists, roots, AT, certify=True)
        signed = pdf.add_fields_and_certify(text, [replace(box, role=PLATFORM)], signing, stamp, by.tsa)
        pdf.timestamp(signed, by.tsa, roots, by.lists, AT)

    key = make_key()
    private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    issued = by.authority.issue(Subject("party_9", "Peer", Kind.PERSON, 2), public_bytes(key), AT)
    chain = [asn1_x509.Certificate.load(der) for der in issued.chain]
    registry = SimpleCertificateStore()
    registry.register_multiple(chain)
    stamper = Stamper(by.tsa)

    def peers(_: int) -> None:
        context = ValidationContext(
            trust_roots=chain[-1:], other_certs=chain[:-1], crls=list(by.lists), moment=AT, allow_fetching=False,
            revocation_mode="soft-fail",
        )  # fmt: skip
        meta = signers.PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, embed_validation_info=True,
            use_pades_lta=True, validation_context=context,
        )  # fmt: skip
        signer = signers.SimpleSigner(asn1_x509.Certificate.load(issued.certificate), private, registry)
        signers.PdfSigner(meta, signer=signer, timestamper=stamper).sign_pdf(IncrementalPdfFileWriter(BytesIO(text)))

    _, mine = cost(ours, SIGNATURES)
    _, other = cost(peers, SIGNATURES)
    show("signing.lta", 1 / mine, "signatures/s and core", "pyHanko's own signer, as it comes", 1 / other)


def whole() -> None:
    """The wall's time of a contract."""
    by = house()
    wall, cpu = cost(lambda number: contract(by, number), CONTRACTS)
    show("signing.contract", wall * 1000, "ms", "the aim", AIM_MS, processor_ms=round(cpu * 1000, 1))


def _many(count: int) -> float:
    """So many contracts in this process, after one that warms it; answers seconds of the processor."""
    by = house()
    contract(by, 0)
    began = time.perf_counter()
    for number in range(1, count + 1):
        contract(by, number)
    return time.perf_counter() - began


def two() -> None:
    """Two processes beside each other, each with its own authorities, against one alone."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_many, [1, 1]))
        alone = EACH / pool.submit(_many, EACH).result()
        both = sum(EACH / seconds for seconds in pool.map(_many, [EACH, EACH]))
    show("signing.two_processes", both, "contracts/s", "one process", alone, aim=1.8)


def size() -> None:
    """How large a contract is, and its text alone."""
    rendered, made = contract(house(), 1)
    show("signing.bytes", len(made), "bytes", "the text before any signature", len(rendered.pdf))


OPENSSL = {"p256": "ecdsap256", "ed25519": "ed25519", "sm2": "sm2"}
"""What ``openssl speed`` calls the suites."""
MEASURED_SECONDS = 1.0


def suites() -> None:
    """Signatures of a short message by a key that stays loaded; what openssl measures of itself, in the same run."""
    for name, program in OPENSSL.items():
        key, count = fresh(name), 0
        began = time.process_time()
        while time.process_time() - began < MEASURED_SECONDS:
            for _ in range(50):
                key.sign(b"a checkpoint of the log")
            count += 50
        mine = count / (time.process_time() - began)
        told = subprocess.run(
            ["openssl", "speed", "-mr", "-seconds", "1", program], capture_output=True, text=True, check=True
        )
        line = next(each for each in told.stdout.splitlines() if each.startswith(("+F4:", "+F6:", "+F7:")))
        show(f"signing.suites.{name}", mine, "signatures/s and core", "openssl speed", float(line.split(":")[-2]))


def main() -> None:
    """Run all, or one by name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=NAMES)
    only = parser.parse_args().only
    for name, run in zip(NAMES, (lta, whole, two, size, suites), strict=True):
        if only in (None, name):
            say(f"{name} ...")
            run()


if __name__ == "__main__":
    main()
