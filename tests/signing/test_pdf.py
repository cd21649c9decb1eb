"""A contract as it is signed, without a bank: each revision is the one before and more, and two checks of ours agree on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import cms, tsp, x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from farthing.kit.errors import Refusal
from farthing.signing import pdf
from farthing.signing.ca import Revoked
from farthing.signing.contract import render
from farthing.signing.der import fresh, settled
from farthing.signing.inspection import inspect
from farthing.signing.judging.judge import judge
from farthing.signing.judging.model import Kind as SignatureKind
from farthing.signing.judging.model import Revocation, Trusted, Verdict
from farthing.signing.keys import HeldKey, make_key
from farthing.signing.model import Chain, Finding, Kind, Modification, Stamp, Subject
from tests.signing.house import authorities, contract
from tests.signing.made import MADE_AT, terms

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_each_revision_is_the_one_before_and_more() -> None:
    made = contract()
    assert [len(each) for each in made.revisions] == sorted(len(each) for each in made.revisions)
    for before, after in zip(made.revisions, made.revisions[1:], strict=False):
        assert after.startswith(before) and len(after) > len(before)
    assert [field for field, _, _ in pdf.signed_parts(made.pdf)] == [
        "platform", "borrower", "institution", "document_timestamp",
    ]  # fmt: skip


def test_the_check_of_the_bank_says_each_thing_of_each_signature() -> None:
    made = contract()
    found = inspect(made.pdf, [made.house.root.der])
    assert found.findings == () and found.sealed and found.timestamped_at == MADE_AT
    assert found.timestamp is Stamp.VALID and found.timestamp_covers == len(made.pdf)
    for each in found.signatures:
        assert (each.intact, each.permitted, each.revocation_current) == (True, True, True)
        assert each.chain is Chain.TRUSTED and each.timestamp is Stamp.VALID
    assert found.signatures[0].modification is Modification.FORM_FILLING
    waiting = inspect(made.revisions[0], [made.house.root.der])
    assert waiting.empty_fields == ("borrower", "institution")
    assert set(waiting.findings) == {Finding.SIGNATURE_MISSING, Finding.NOT_SEALED}


def test_the_judgement_of_strangers_files_says_the_same_of_ours() -> None:
    made = contract()
    found = judge(made.pdf, [made.house.root.der], AT)
    assert found.verdict is Verdict.SEALED and found.warnings == ()
    assert [each.kind for each in found.signatures] == [
        SignatureKind.CERTIFICATION, SignatureKind.APPROVAL, SignatureKind.APPROVAL, SignatureKind.TIMESTAMP,
    ]  # fmt: skip
    for each in found.signatures:
        assert each.standing.trusted is Trusted.YES and each.stamp is not None and each.stamp.at == MADE_AT
    assert {each.code for each in found.not_checked} == {"identity", "appearance"}
    for revision in made.revisions[:2]:
        assert judge(revision, (), AT).verdict is Verdict.IN_PART


def test_a_certificate_that_was_revoked_when_it_signed_is_known_by_both() -> None:
    house, rendered = authorities(), render("loan", terms())
    clean, key = house.authority(), HeldKey(make_key())
    issued = clean.issue(Subject("party_1", "林美", Kind.PERSON, 2), key.public_key, MADE_AT)
    serial = f"{_serial(issued.certificate):x}"
    lists = house.authority(Revoked(serial, MADE_AT - timedelta(hours=1))).revocation_lists(MADE_AT)
    signing = pdf.Signing("platform", key, issued, clean.revocation_lists(MADE_AT), clean.roots, MADE_AT, certify=True)
    stamp = pdf.stamp_page(rendered.boxes[0], "林美", Kind.PERSON, ("沙盒", "SEAL"), [], MADE_AT)
    signed = pdf.add_fields_and_certify(rendered.pdf, rendered.boxes, signing, stamp, house.tsa)
    assert judge(signed, clean.roots, AT).signatures[0].standing.trusted is Trusted.YES
    found = inspect(_relisted(signed, lists), clean.roots).signatures[0]
    told = judge(_relisted(signed, lists), clean.roots, AT)
    assert found.chain is Chain.REVOKED and told.signatures[0].standing.revocation is Revocation.REVOKED
    assert told.signatures[0].standing.trusted is Trusted.NO and told.signatures[0].intact


def _relisted(signed: bytes, lists: tuple[bytes, ...]) -> bytes:
    """The file with other revocation lists in its store, written behind it."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    store = writer.root["/DSS"]
    made = [writer.add_object(generic.StreamObject(stream_data=each)) for each in lists]
    store[generic.pdf_name("/CRLs")] = generic.ArrayObject(made)
    writer.update_container(store)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _serial(der: bytes) -> int:
    return int(x509.Certificate.load(der).serial_number)


@pytest.mark.parametrize(("answer", "words"), [
    (b"", "unreadable"),
    (b"nonsense", "unreadable"),
])  # fmt: skip
def test_an_authority_that_answers_nonsense_stops_the_signing(answer: bytes, words: str) -> None:
    made = contract()

    class Broken:
        name, chain, roots = "broken", made.house.tsa.chain, made.house.tsa.roots

        def revocation_lists(self) -> tuple[bytes, ...]:
            return ()

        def answer(self, request: bytes) -> bytes:
            return answer

    issuer = made.house.authority()
    with pytest.raises(Refusal) as caught:
        pdf.timestamp(made.revisions[2], Broken(), issuer.roots, issuer.revocation_lists(MADE_AT), MADE_AT)
    assert caught.value.code == "signing.timestamp_refused" and words in caught.value.detail


def test_an_authority_whose_clock_is_wrong_stops_the_signing() -> None:
    made = contract()
    issuer = made.house.authority()
    late = MADE_AT + timedelta(minutes=6)
    with pytest.raises(Refusal) as caught:
        pdf.timestamp(made.revisions[2], made.house.tsa, issuer.roots, issuer.revocation_lists(late), late)
    assert caught.value.code == "signing.timestamp_refused" and "its time" in caught.value.detail


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), st.integers(0, 2**64))
def test_what_is_settled_says_the_same_and_is_encoded_as_it_was(values: list[bytes], number: int) -> None:
    def built() -> tsp.TSTInfo:
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": values[0]}
        return tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3",
                "message_imprint": imprint,
                "serial_number": number,
                "gen_time": MADE_AT,
            }
        )

    plain = built().dump()
    assert settled(built()).dump() == plain and fresh(built()).dump() == plain
    attributes = [cms.CMSAttribute({"type": "message_digest", "values": [each]}) for each in values]
    assert settled(cms.CMSAttributes(attributes)).dump() == cms.CMSAttributes(attributes).dump()
    changed = settled(built())
    changed["serial_number"] = number + 1
    assert tsp.TSTInfo.load(changed.dump())["serial_number"].native == number + 1


@pytest.mark.long
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_one_byte_of_our_own_contract_is_noticed(data: st.DataObject) -> None:
    made = contract()
    last = made.pdf.rindex(b"/Contents")
    at = data.draw(st.one_of(st.integers(0, len(made.pdf) - 1), st.integers(last, last + 9_000)))
    at = min(at, len(made.pdf) - 1)
    value = data.draw(st.integers(0, 255).filter(lambda each: each != made.pdf[at]))
    changed = made.pdf[:at] + bytes([value]) + made.pdf[at + 1 :]
    assert judge(changed, [made.house.root.der], AT).verdict is not Verdict.SEALED
