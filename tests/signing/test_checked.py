"""A contract that was really signed: tools of other people read it, and whatever is done to it afterwards is noticed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import LoanCommand
from farthing.signing import ca, service, store
from farthing.signing.acts import service as acts
from farthing.signing.contract import render
from farthing.signing.inspection import inspect
from farthing.signing.keys import make_key
from farthing.signing.model import Certificates, Finding, Signer
from farthing.signing.pdf import signed_parts
from tests.banks import Shelf
from tests.lending.house import House
from tests.parties.people import register_person
from tests.signing.made import MADE_AT, terms
from tests.tidy.tree import ROOT

PLACES = 12


@dataclass(frozen=True)
class Sealed:
    """A contract as its bank keeps it."""

    house: House
    contract_id: str
    pdf: bytes
    certificates: Certificates
    revisions: list[store.Revision]

    def findings(self, pdf: bytes) -> tuple[Finding, ...]:
        return inspect(pdf, self.certificates.roots).findings


@pytest.fixture(scope="module")
def sealed(shelf: Shelf) -> Iterator[Sealed]:
    """One loan's contract, certified, signed by the borrower, sealed by the lender and time-stamped."""
    with shelf.database() as url:
        house = House(url)
        loan = house.active()
        read = house.bank.read
        yield Sealed(
            house, loan.contract_id, read(lambda tx: service.document(tx, loan.contract_id)),
            read(lambda tx: service.certificates(tx, loan.contract_id)),
            read(lambda tx: store.revisions(tx, loan.contract_id)),
        )  # fmt: skip


def tool(*command: str | Path) -> str:
    """What a program that we did not write says."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed (make test installs it as root)")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def pem(path: Path, *certificates: bytes) -> Path:
    path.write_bytes(b"".join(x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in certificates))
    return path


def test_pdfsig_counts_three_valid_signatures_and_a_seal_of_all(sealed: Sealed, tmp_path: Path) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(sealed.pdf)
    said = tool("pdfsig", path)
    assert said.count("Signature is Valid") == 3
    assert said.count("Total document signed") == 1
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", path)
    assert sealed.findings(sealed.pdf) == ()


def test_openssl_agrees_with_every_signature_and_with_the_time_stamp(sealed: Sealed, tmp_path: Path) -> None:
    roots = pem(tmp_path / "roots.pem", *sealed.certificates.roots)
    chain = pem(tmp_path / "chain.pem", *sealed.certificates.certificates, *sealed.certificates.tsa_chain)
    parts = signed_parts(sealed.pdf)
    assert [field for field, _, _ in parts] == [revision.field for revision in sealed.revisions]
    for field, covered, cms in parts:
        content, signature, lied = (tmp_path / f"{field}.{end}" for end in ("bin", "der", "lied"))
        content.write_bytes(covered)
        signature.write_bytes(cms)
        lied.write_bytes(covered[:-1] + bytes([covered[-1] ^ 1]))
        for data, holds in ((content, True), (lied, False)):
            if field == "document_timestamp":
                said = tool(
                    "openssl", "ts", "-verify", "-token_in", "-in", signature, "-data", data, "-CAfile", roots,
                    "-untrusted", chain, "-no_check_time",
                )  # fmt: skip
                assert ("Verification: OK" in said) == holds, said
            else:
                said = tool(
                    "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", data,
                    "-CAfile", roots, "-certfile", chain, "-purpose", "any", "-no_check_time", "-out", tmp_path / "out",
                )  # fmt: skip
                assert ("Verification successful" in said) == holds, said


def test_one_byte_anywhere_is_noticed(sealed: Sealed) -> None:
    last = len(sealed.pdf) - 1
    places = {number * last // (PLACES - 1) for number in range(PLACES)}
    places |= {each.length - 200 for each in sealed.revisions}
    places.add(sealed.pdf.rindex(b"/Contents") + 40)  # within the last time stamp's own hexadecimal
    unnoticed = []
    for place in sorted(places):
        changed = bytearray(sealed.pdf)
        changed[place] ^= 1
        if not sealed.findings(bytes(changed)):
            unnoticed.append(place)
    assert unnoticed == []


def added(pdf: bytes) -> bytes:
    """The file with something new written behind it, as an editor does it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Note"] = pdf_string("13. 特别约定")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def emptied(pdf: bytes, role: str) -> bytes:
    """The file whose field of ``role`` is empty again, by an update that leaves the old bytes where they are."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == role:
            del field[pdf_name("/V")]
            writer.mark_update(reference)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_what_is_written_behind_the_seal_is_noticed(sealed: Sealed) -> None:
    for more in (b"\n", b"%", sealed.pdf[-40:]):
        assert Finding.NOT_SEALED in sealed.findings(sealed.pdf + more)
    found = sealed.findings(added(sealed.pdf))
    assert Finding.NOT_SEALED in found and Finding.CHANGED_AFTER_SIGNING in found


@pytest.mark.parametrize("role", ["platform", "borrower", "institution", "document_timestamp"])
def test_a_signature_that_is_taken_out_is_missed(sealed: Sealed, role: str) -> None:
    found = sealed.findings(emptied(sealed.pdf, role))
    assert Finding.NOT_SEALED in found
    assert role == "document_timestamp" or Finding.SIGNATURE_MISSING in found


def test_an_older_revision_is_not_the_whole_contract(sealed: Sealed) -> None:
    """Cut off after any signature the file is whole in itself, and says who has not signed."""
    for revision in sealed.revisions[:-1]:
        status = inspect(sealed.pdf[: revision.length], sealed.certificates.roots)
        done = [each.field for each in sealed.revisions[: revision.number + 1]]
        assert [each.field for each in status.signatures] == done
        assert all(each.intact for each in status.signatures)
        assert Finding.NOT_SEALED in status.findings
        assert (Finding.SIGNATURE_MISSING in status.findings) == (len(done) < 3)


def test_a_file_that_was_written_anew_is_noticed(sealed: Sealed, tmp_path: Path) -> None:
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(sealed.pdf)
    tool("qpdf", "--object-streams=generate", before, after)
    assert Finding.NOT_SEALED in sealed.findings(after.read_bytes())


def test_nobody_else_is_trusted(sealed: Sealed) -> None:
    stranger = ca.make_root(make_key(), MADE_AT, IdSource(9)).public_bytes(Encoding.DER)
    status = inspect(sealed.pdf, [stranger])
    assert Finding.CHAIN_NOT_TRUSTED in status.findings and not status.sealed
    assert inspect(b"%PDF-1.7 no more than that", sealed.certificates.roots).findings == (Finding.UNREADABLE,)
    assert inspect(render("loan", terms()).pdf, [stranger]).findings == (Finding.NO_SIGNATURE, Finding.NOT_SEALED)


def test_what_is_kept_comes_back_byte_for_byte(sealed: Sealed, tmp_path: Path) -> None:
    read = sealed.house.bank.read
    for number, revision in enumerate(sealed.revisions):
        kept = read(lambda tx, number=number: store.document(tx, sealed.contract_id, number))
        assert revision.number == number
        assert kept == sealed.pdf[: revision.length]
        assert hashlib.sha256(kept).hexdigest() == revision.digest
    row = read(lambda tx: store.contract(tx, sealed.contract_id))
    assert hashlib.sha256(row.terms).hexdigest() == row.terms_digest
    assert read(lambda tx: service.terms_json(tx, sealed.contract_id)) == row.terms
    path, attached = tmp_path / "contract.pdf", tmp_path / "terms.json"
    path.write_bytes(sealed.pdf)
    tool("pdfdetach", "-save", "1", "-o", attached, path)
    assert attached.read_bytes() == row.terms
    assert json.loads(row.terms)["borrower"]["name"] == sealed.house.party.name
    signers = [each.certificate_id for each in sealed.revisions[:-1]]
    assert [
        f"{x509.load_der_x509_certificate(der).serial_number:x}" for der in sealed.certificates.certificates[1:]
    ] == (list(dict.fromkeys(signers)))


def test_the_same_terms_are_the_same_bytes_in_another_process() -> None:
    first = render("loan", terms())
    assert render("loan", terms()) == first
    program = (
        "import hashlib; from tests.signing.made import terms; from farthing.signing.contract import render;"
        "print(hashlib.sha256(render('loan', terms()).pdf).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(first.pdf).hexdigest()


def code_of(house: House, contract_id: str, signer: Signer) -> str:
    with pytest.raises(Refusal) as caught:
        house.bank.kernel.tidy(lambda tx: acts.sign(tx, contract_id, signer))
    return caught.value.code


def test_each_signs_in_turn_once_and_nobody_in_anothers_place(database_url: str) -> None:
    house = House(database_url)
    loan = house.funded()
    drawn = house.bank.run(contracts.draw_contract, LoanCommand(loan.id))
    shown = drawn.document_digest
    assert drawn.waiting_for == ("borrower", "institution")
    for role in ("institution", "lender_1", "platform2", ""):
        assert code_of(house, drawn.id, Signer(role, "party_x", "x", 2, shown)) == "signing.not_your_turn"
    assert code_of(house, drawn.id, Signer("borrower", "party_x", "x", 0, shown)) == "signing.level_too_low"
    stranger = register_person(house.bank, 5)
    other = Actor("login_x", frozenset({"signing:sign"}), stranger.id)
    command = SignContract(loan.id, shown)
    assert house.refused(contracts.sign_contract, command, actor=other) == "kernel.not_yours"
    signed = house.bank.run(contracts.sign_contract, command)
    assert house.bank.run(contracts.sign_contract, command) == signed
    assert signed.waiting_for == ("institution",)
    revisions = house.bank.read(lambda tx: store.revisions(tx, drawn.id))
    assert [each.field for each in revisions] == ["platform", "borrower"]
    assert revisions[-1].party_id == house.party.id
