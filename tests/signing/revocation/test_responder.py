"""What the built-in responder answers, what of an answer is believed, and that ``openssl ocsp`` agrees over a real port."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core
from asn1crypto import ocsp as asn1
from asn1crypto.algos import DigestAlgorithm, SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from farthing.kernel.clock import wall_clock
from farthing.kit.errors import Refusal
from farthing.signing import ca
from farthing.signing.ca import Authority, Revoked
from farthing.signing.keys import make_key
from farthing.signing.model import Kind, Subject
from farthing.signing.revocation import rules
from farthing.signing.revocation.client import HttpResponder
from farthing.signing.revocation.responder import SandboxResponder, not_now
from tests.signing.house import Authorities, authorities, spki
from tests.signing.made import MADE_AT
from tests.signing.test_checked import tool

NONCE = bytes(range(16))
SECOND = timedelta(seconds=1)
SM2_WITH_SM3 = "1.2.156.10197.1.501"


@dataclass(frozen=True)
class Line:
    """Authorities, a certificate of one signing, and its revocation if there is one."""

    house: Authorities
    certificate: bytes
    own: Authority

    def responder(self, *revoked: Revoked, at: datetime = MADE_AT, own: Authority | None = None) -> SandboxResponder:
        return SandboxResponder(own or self.own, self.house.issuing, revoked, lambda: at)

    def asked(self, nonce: bytes = NONCE) -> bytes:
        return rules.request_of(self.certificate, self.house.issuing.der, nonce)

    def told(self, answer: bytes) -> str:
        try:
            rules.check(answer, self.certificate, self.house.issuing.der, NONCE, MADE_AT)
        except Refusal as refusal:
            return refusal.code
        return "good"


@pytest.fixture(scope="module")
def line() -> Line:
    house, key = authorities(), make_key()
    issued = house.authority().issue(Subject("party_1", "林美", Kind.PERSON, 2, "browser"), spki(), MADE_AT)
    return Line(house, issued.certificate, Authority(key, ca.make_responder(key, house.issuing, MADE_AT, house.ids)))


def serial(line: Line) -> str:
    return f"{x509.load_der_x509_certificate(line.certificate).serial_number:x}"


def test_an_answer_is_believed_of_its_certificate_its_question_and_its_time_alone(line: Line) -> None:
    good = line.responder().answer(line.asked())
    assert line.told(good) == "good"
    revoked = Revoked(serial(line), MADE_AT - SECOND)
    assert line.told(line.responder(revoked).answer(line.asked())) == "signing.certificate_revoked"
    other = authorities(seed=2)
    stranger = Authority(key := make_key(), ca.make_responder(key, other.issuing, MADE_AT, other.ids))
    plain = Authority(line.house.tsa._authority.key, line.house.tsa._authority.certificate)
    another = Line(
        line.house,
        line.house.authority().issue(Subject("p", "p", Kind.PERSON, 1), spki(), MADE_AT).certificate,
        line.own,
    )
    unfit = {
        "older than the signature": line.responder(at=MADE_AT - SECOND).answer(line.asked()),
        "of tomorrow": line.responder(at=MADE_AT + timedelta(days=1)).answer(line.asked()),
        "to another question": line.responder().answer(line.asked(NONCE[::-1])),
        "without a nonce": line.responder().answer(_without_nonce(line)),
        "of another certificate": another.responder().answer(another.asked()),
        "by another authority's responder": line.responder(own=stranger).answer(line.asked()),
        "by the time-stamping authority": line.responder(own=plain).answer(line.asked()),
        "try later": not_now(),
        "to no request": line.responder().answer(b"\x30\x00"),
        "empty": b"",
        "of another issuer": SandboxResponder(line.own, other.issuing, (), lambda: MADE_AT).answer(line.asked()),
    }
    assert {why: line.told(answer) for why, answer in unfit.items()} == dict.fromkeys(unfit, "signing.revocation_unfit")


def signed_again(line: Line, change: Callable[[Any], None], algorithm: str | None = None) -> bytes:
    """An answer whose content was changed, signed by the responder's own key: what its builder does not make."""
    found = asn1.OCSPResponse.load(line.responder().answer(line.asked()))
    basic = found["response_bytes"]["response"].parsed
    change(basic["tbs_response_data"]["responses"])
    basic["signature"] = line.own.key.sign(basic["tbs_response_data"].dump(force=True), ec.ECDSA(hashes.SHA256()))
    if algorithm is not None:
        basic["signature_algorithm"] = SignedDigestAlgorithm({"algorithm": algorithm})
    found["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    return bytes(found.dump(force=True))


def test_of_an_answer_about_several_its_own_entry_is_believed(line: Line) -> None:
    """RFC 6960 lets a responder speak of more than was asked; two words on one certificate, or a signature that nobody here
    can check, are refused as such."""
    revoked = asn1.CertStatus("revoked", {"revocation_time": MADE_AT, "revocation_reason": "unspecified"})

    def another(entries: Any) -> None:
        more = entries[0].copy()
        more["cert_id"]["serial_number"], more["cert_status"] = 12345, revoked
        entries.append(more)

    def twice(entries: Any) -> None:
        more = entries[0].copy()
        more["cert_status"] = revoked
        entries.append(more)

    def alone(entries: Any) -> None:
        entries[0]["cert_id"]["serial_number"] = 12345

    told = {change.__name__: line.told(signed_again(line, change)) for change in (another, twice, alone)}
    unfit = "signing.revocation_unfit"
    assert told == {"another": "good", "twice": unfit, "alone": unfit}
    assert line.told(signed_again(line, another, SM2_WITH_SM3)) == unfit


def odd_questions(request: bytes) -> dict[str, bytes]:
    """Questions that parse and cannot be answered."""
    asked = asn1.OCSPRequest.load(request)
    entries = asked["tbs_request"]["request_list"]

    def changed(change: Callable[[Any], None]) -> bytes:
        fresh = asn1.OCSPRequest.load(request)
        change(fresh["tbs_request"]["request_list"])
        return bytes(fresh.dump(force=True))

    def digest(found: Any) -> None:
        found[0]["req_cert"]["hash_algorithm"] = DigestAlgorithm({"algorithm": "1.2.3.4"})

    def number(found: Any, serial: int) -> None:
        found[0]["req_cert"]["serial_number"] = serial

    return {
        "about two certificates": changed(lambda found: found.append(entries[0].copy())),
        "about none": changed(lambda found: found.__delitem__(0)),
        "by an unknown digest": changed(digest),
        "of a negative number": changed(lambda found: number(found, -5)),
        "of a number too large": changed(lambda found: number(found, 1 << 200)),
        "no request": b"\x30\x00",
        "nothing": b"",
    }


def test_an_odd_question_is_malformed(line: Line) -> None:
    for why, sent in odd_questions(line.asked()).items():
        said = ocsp.load_der_ocsp_response(line.responder().answer(sent)).response_status
        assert said is ocsp.OCSPResponseStatus.MALFORMED_REQUEST, why


def _without_nonce(line: Line) -> bytes:
    mine, above = (x509.load_der_x509_certificate(each) for each in (line.certificate, line.house.issuing.der))
    asked = ocsp.load_der_ocsp_request(line.asked())
    builder = ocsp.OCSPRequestBuilder().add_certificate(mine, above, asked.hash_algorithm)
    return builder.build().public_bytes(Encoding.DER)


@given(st.integers(0, 2_000), st.integers(0, 7))
def test_no_changed_answer_is_believed(line: Line, at: int, bit: int) -> None:
    """A changed byte is refused, or lies where nothing is said: in how the same is encoded."""
    good = line.responder().answer(line.asked())
    changed = bytearray(good)
    changed[at % len(good)] ^= 1 << bit
    said = line.told(bytes(changed))
    if said == "good":
        before, after = (ocsp.load_der_ocsp_response(each) for each in (good, bytes(changed)))
        assert before.tbs_response_bytes == after.tbs_response_bytes
    else:
        assert said == "signing.revocation_unfit"


@given(st.binary(max_size=300))
def test_the_responder_answers_whatever_it_is_sent(line: Line, sent: bytes) -> None:
    answer = ocsp.load_der_ocsp_response(line.responder().answer(sent))
    assert answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL


@contextmanager
def served(responder: SandboxResponder) -> Iterator[str]:
    """The responder at a port."""

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = responder.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_over_http_it_answers_and_once_it_is_killed_it_is_told_so(line: Line) -> None:
    with served(line.responder()) as url:
        peer = HttpResponder(url, 2)
        assert line.told(peer.answer(line.asked())) == "good"
    with pytest.raises(Refusal) as caught:
        peer.answer(line.asked())
    assert caught.value.code == "signing.revocation_unavailable"


def test_openssl_agrees_over_the_port(line: Line, tmp_path: Path) -> None:
    now = wall_clock()
    house, key = authorities(now), make_key()
    own = Authority(key, ca.make_responder(key, house.issuing, now, house.ids))
    issued = house.authority().issue(Subject("party_1", "林美", Kind.PERSON, 2), spki(), now).certificate
    files = {"mine": issued, "issuer": house.issuing.der, "root": house.root.der}
    for name, der in files.items():
        (tmp_path / name).write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    number = f"{x509.load_der_x509_certificate(issued).serial_number:x}"
    for revoked, says in (((), "good"), ((Revoked(number, now - SECOND),), "revoked")):
        with served(SandboxResponder(own, house.issuing, revoked, wall_clock)) as url:
            said = tool(
                "openssl", "ocsp", "-issuer", tmp_path / "issuer", "-cert", tmp_path / "mine", "-url", url,
                "-CAfile", tmp_path / "root", "-verify_other", tmp_path / "issuer", "-nonce",
            )  # fmt: skip
        assert "Response verify OK" in said and f": {says}" in said and "WARNING" not in said, said
