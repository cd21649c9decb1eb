"""A key in the signer's own browser: what comes of it, what stops it, and what others say of the file."""

from __future__ import annotations

import base64
import hashlib
import socket
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from farthing.bank.founding import agreed
from farthing.evidence import service as evidence
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.signing import pdf, service
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement
from farthing.signing.ca import CUSTODIES
from farthing.signing.client import TIMESTAMP_UNAVAILABLE
from farthing.signing.custody import service as custody
from farthing.signing.custody.model import PreparedTold, SignAtCounter
from farthing.signing.judging.judge import judge
from farthing.signing.revocation.client import HttpResponder
from farthing.signing.service import RevokeCertificate
from farthing.signing.tsa import SandboxTimestamper
from tests.banks import Bank
from tests.hands import by_document
from tests.parties.test_attending import OTHER, TELLER
from tests.signing.agreements.desk import Desk
from tests.signing.custody.browsers import Browser, url
from tests.signing.test_checked import pem, tool


@pytest.fixture
def desk(bank: Bank) -> Desk:
    return Desk(bank)


def _policy(der: bytes) -> str:
    try:
        found = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ""
    return found[0].policy_identifier.dotted_string


def prepared(desk: Desk, her: Browser, role: str = "principal") -> tuple[PreparedTold, bytes]:
    """What waits for her signature, and the attributes that she made anew."""
    agreement = desk.draw()
    read = desk.bank.read(lambda tx: service.document(tx, agreement.id))
    shown = desk.bank.read(lambda tx: service.contract_view(tx, agreement.id)).document_digest
    told = desk.bank.run(custody.ask_certificate, her.asks(agreement.id, shown, role))
    document = desk.bank.read(lambda tx: custody.prepared_document(tx, her.party_id, told.id))
    return told, her.checked(told, read, document)


def test_two_browsers_sign_and_tools_of_others_agree(desk: Desk, tmp_path: Path) -> None:
    for who, role in ((desk.elder, "principal"), (desk.helper, "helper")):
        her = Browser(who.id)
        told, attributes = prepared(desk, her, role)
        assert desk.bank.run(custody.ask_certificate, her.asks(told.agreement_id, told.document_digest, role)) == told
        gives = her.gives(told, attributes)
        assert desk.refused(custody.give_signature, replace(gives, signature=url(her.sign(b"x")))) == (
            "signing.signature_differs"
        )
        done = desk.bank.run(custody.give_signature, gives)
        assert {each.role: each.signed for each in done.parties}[role]
    agreement = desk.draw()
    done = desk.seal(agreement)
    assert done.state == "in_force"
    status = desk.bank.read(lambda tx: service.status(tx, done.id))
    assert status.findings == () and status.sealed and all(each.revocation_current for each in status.signatures)
    held = desk.bank.read(lambda tx: custody.told(tx, done.id))
    assert [(each.role, each.custody) for each in held] == [
        ("platform", "seal"), ("principal", "browser"), ("helper", "browser"), ("institution", "seal"),
    ]  # fmt: skip
    certificates = desk.bank.read(lambda tx: service.certificates(tx, done.id)).certificates
    policies = [_policy(each) for each in certificates]
    assert policies.count(CUSTODIES["browser"].dotted_string) == 2
    document = desk.bank.read(lambda tx: service.document(tx, done.id))
    answers = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(document))).ocsps
    serials = {ocsp.load_der_ocsp_response(bytes(each.get_object().data)).serial_number for each in answers}
    assert serials == {x509.load_der_x509_certificate(each).serial_number for each in certificates if _policy(each)}
    found = judge(
        document, desk.bank.read(lambda tx: service.certificates(tx, done.id)).roots, status.signatures[-1].signed_at
    )  # type: ignore[arg-type]
    assert found.verdict.value == "sealed", found.reasons
    path = tmp_path / "a.pdf"
    path.write_bytes(document)
    known = desk.bank.read(lambda tx: service.certificates(tx, done.id))
    roots = pem(tmp_path / "roots.pem", *known.roots)
    others = pem(tmp_path / "others.pem", *known.certificates)
    at = str(int(status.signatures[-1].signed_at.timestamp()))  # type: ignore[union-attr]
    for name, covered, der in pdf.signed_parts(document)[:4]:
        (tmp_path / "covered").write_bytes(covered)
        (tmp_path / "cms").write_bytes(der)
        said = tool(
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-content",
            tmp_path / "covered", "-CAfile", roots, "-certfile", others, "-purpose", "any", "-attime", at,
            "-out", tmp_path / "out",
        )  # fmt: skip
        assert "Verification successful" in said, (name, said)
    assert tool("pdfsig", "-nocert", path).count("Signature is Valid.") == 4


def test_what_an_attacker_exchanges_in_between_is_refused_and_nothing_is_signed(desk: Desk) -> None:
    her, his = Browser(desk.elder.id), Browser(desk.helper.id)
    agreement = desk.draw()
    good = her.asks(agreement.id, agreement.document_digest, "principal")
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    p384 = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for changes, code in (
        ({"document_digest": "0" * 64}, "signing.key_not_possessed"),
        ({"public_key": url(his.spki)}, "signing.key_not_possessed"),
        (
            {"possession": his.asks(agreement.id, agreement.document_digest, "principal").possession},
            "signing.key_not_possessed",
        ),
        ({"possession": url(b"short")}, "signing.signature_unfit"),
        ({"possession": url(bytes(64))}, "signing.signature_unfit"),
        ({"public_key": url(p384)}, "signing.key_unfit"),
        ({"public_key": url(her.spki + b"x")}, "signing.key_unfit"),
        ({"role": "helper"}, "signing.other_certificate"),
        ({"certificate": "seal"}, "signing.other_certificate"),
    ):
        assert desk.refused(custody.ask_certificate, replace(good, **changes)) == code, changes
    stale = her.asks(agreement.id, "0" * 64, "principal")
    assert desk.refused(custody.ask_certificate, stale) == "signing.other_document"
    early = his.asks(agreement.id, agreement.document_digest, "helper")
    assert desk.refused(custody.ask_certificate, early) == "signing.not_your_turn"

    told, attributes = prepared(desk, her)
    digest = hashlib.sha256(b"another document").digest()
    said = cms.CMSAttributes.load(attributes)
    said[1]["values"] = [digest]
    assert bytes(said.dump()) != attributes
    for signed in (said.dump(), attributes[:-1], b""):
        assert desk.refused(custody.give_signature, her.gives(told, signed)) == "signing.signature_differs"
    assert desk.refused(custody.give_signature, replace(his.gives(told, attributes), party_id=her.party_id)) == (
        "signing.signature_differs"
    )
    for changes, code in (
        ({"prepared_id": "signing_none"}, "signing.unknown_prepared"),
        ({"party_id": his.party_id}, "signing.unknown_prepared"),
        ({"signature": url(b"short")}, "signing.signature_unfit"),
    ):
        assert desk.refused(custody.give_signature, replace(her.gives(told, attributes), **changes)) == code
    assert not any(each.signed for each in desk.draw().parties)


@pytest.mark.long
def test_a_certificate_that_is_revoked_before_it_signs_or_a_document_that_waited_signs_nothing(desk: Desk) -> None:
    her = Browser(desk.elder.id)
    told, attributes = prepared(desk, her)
    with desk.bank.superuser() as connection:
        connection.execute("UPDATE prepared_signature SET made_at = made_at - interval '5 minutes'")
    assert desk.refused(custody.give_signature, her.gives(told, attributes)) == "signing.prepared_too_old"
    again = Browser(desk.elder.id)
    told, attributes = prepared(desk, again)
    serial = x509.load_der_x509_certificate(base64.b64decode(told.certificate_base64)).serial_number
    desk.bank.run(service.revoke_certificate, RevokeCertificate(f"{serial:x}", "the phone was stolen"))
    assert desk.refused(custody.give_signature, again.gives(told, attributes)) == "signing.certificate_revoked"
    third = Browser(desk.elder.id)
    told, attributes = prepared(desk, third)
    done = desk.bank.run(custody.give_signature, third.gives(told, attributes))
    assert [each.signed for each in done.parties] == [True, False, False]
    assert desk.bank.run(custody.give_signature, third.gives(told, attributes)) == done, "the same again is the same"


@pytest.mark.long
def test_a_responder_or_stamper_that_is_away_stops_it_and_weakens_nothing(desk: Desk) -> None:
    her, kernel = Browser(desk.elder.id), desk.bank.kernel
    standing = kernel.ports
    agreement = desk.draw()
    with socket.socket() as probe:  # a port that nobody listens at
        probe.bind(("127.0.0.1", 0))
        away = HttpResponder(f"http://127.0.0.1:{probe.getsockname()[1]}/", 1)
    kernel.ports = standing.with_peer("ocsp", "sandbox", lambda *_: away)
    asked = her.asks(agreement.id, agreement.document_digest, "principal")
    assert desk.refused(custody.ask_certificate, asked) == "signing.authority_awaited"
    assert desk.refused(agreements.sign, SignAgreement(agreement.id, desk.elder.id, agreement.document_digest)) == (
        "signing.authority_awaited"
    )
    assert not any(each.signed for each in desk.draw().parties)
    with desk.bank.superuser() as connection:
        problems = [
            row[0] for row in connection.execute("SELECT problem FROM errand WHERE state = 'unknown'").fetchall()
        ]
    assert len(problems) == 2 and all("signing.revocation_unavailable" in each for each in problems), problems
    kernel.ports = standing
    told = desk.bank.run(custody.ask_certificate, asked)
    read = desk.bank.read(lambda tx: service.document(tx, agreement.id))
    document = desk.bank.read(lambda tx: custody.prepared_document(tx, her.party_id, told.id))
    gives = her.gives(told, her.checked(told, read, document))
    kernel.ports = standing.with_peer("tsa", "sandbox", Silent)
    assert desk.refused(custody.give_signature, gives) == "signing.authority_awaited"
    assert not any(each.signed for each in desk.draw().parties)
    kernel.ports = standing
    desk.bank.drain()
    assert [each.signed for each in desk.draw().parties] == [True, False, False]
    assert desk.bank.read(lambda tx: custody.told(tx, agreement.id))[1].custody in ("browser", "session")


class Silent(SandboxTimestamper):
    """A time-stamping authority that hears nothing."""

    def answer(self, request: bytes) -> bytes:
        raise TIMESTAMP_UNAVAILABLE(host="tsa.example", problem="planted")


@pytest.mark.long
def test_a_form_says_who_may_hold_a_key(desk: Desk) -> None:
    source = products.shipped_form("power-of-attorney").source
    strict = source.replace('template = "agreement"', 'template = "agreement"\ncustodies = ["browser", "counter"]')
    agreed(desk.bank.kernel, agreements.publish_form, Publish("power-of-attorney", strict))
    agreement = desk.draw()
    assert agreement.custodies == ("browser", "counter")
    signs = SignAgreement(agreement.id, desk.elder.id, agreement.document_digest, "principal", "one_time")
    assert desk.refused(agreements.sign, signs) == "signing.custody_not_admitted"
    her = Browser(desk.elder.id)
    told, attributes = prepared(desk, her)
    desk.bank.run(custody.give_signature, her.gives(told, attributes))

    shown = desk.draw().document_digest
    counter = SignAtCounter(agreement.id, desk.helper.id, shown)
    assert desk.refused(custody.sign_at_counter, counter, actor=TELLER) == "kernel.customer_not_there"
    by_document(desk.bank, desk.helper.id, desk.helper.number, TELLER, OTHER)
    pending = desk.bank.run(custody.sign_at_counter, counter, actor=TELLER)
    decide = Decide(pending.approval_id, approve=True)
    assert desk.refused(approvals.decide, decide, actor=TELLER) == "approvals.same_person"
    assert desk.bank.run(approvals.decide, decide, actor=OTHER).state == "approved"
    held = desk.bank.read(lambda tx: custody.told(tx, agreement.id))
    assert [each.custody for each in held] == ["seal", "browser", "counter"]
    document = desk.bank.read(lambda tx: service.document(tx, agreement.id))
    reason = str(PdfFileReader(BytesIO(document)).embedded_signatures[-1].sig_object["/Reason"])
    assert "teller:li" in reason and "teller:wu" in reason and "read out" in reason
    leaves = desk.bank.read(lambda tx: evidence.leaves_about(tx, agreement.id))
    said = [each.content["data"] for each in leaves if each.kind == "signing.signed"]
    assert [each["custody"] for each in said] == ["browser", "counter"]
    assert said[-1]["staff"] == ["teller:li", "teller:wu"]
    assert desk.seal(agreement).state == "in_force"
