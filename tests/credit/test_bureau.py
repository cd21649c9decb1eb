"""The bureau over HTTP against a real server: a peer that answers, and every way of not answering."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from farthing.credit import service as credit
from farthing.credit.bureau.client import HttpBureau
from farthing.credit.bureau.model import BureauQuestion
from farthing.credit.bureau.sandbox_bureau import USED_UP, SandboxBureau
from farthing.kernel.settings import Settings
from farthing.kit.canonical import plain
from farthing.town.ports import ports_of
from tests.conftest import Bank
from tests.credit.test_decision import ask, ready

ASKED_AT = datetime(2026, 6, 10, 9, tzinfo=UTC)
ASKED = BureauQuestion("inquiry_1", "王强", "430102198001016139", "loan_application", "consent_1", ASKED_AT)


class Peer(ThreadingHTTPServer):
    """A bureau's server: ``answer`` turns the question's JSON into the bytes it sends."""

    answer: Callable[[dict[str, str]], bytes]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = self.server.answer(question) if self.path == "/inquiries" else b""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def sandbox(question: dict[str, str]) -> bytes:
    """The sandbox's own answer, as it would travel."""
    asked = BureauQuestion(**{**question, "asked_at": datetime.fromisoformat(question["asked_at"])})
    report = SandboxBureau().inquire(asked)
    values = plain(report)
    values.pop("bureau")
    return json.dumps(values).encode()


@pytest.fixture
def peer() -> Iterator[Peer]:
    server = Peer(("127.0.0.1", 0), Handler)
    server.answer = sandbox
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def over(peer: Peer, within_ms: int = 1500) -> HttpBureau:
    return HttpBureau(f"http://127.0.0.1:{peer.server_port}/", within_ms=within_ms)


def test_a_report_travels_whole(peer: Peer) -> None:
    report = over(peer).inquire(ASKED)
    assert report is not None
    assert (report.state, report.tradelines, report.bureau) == ("found", USED_UP, "bureau")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'{"state": "found"}', b"[" * 100_000,
     b'{"state":"maybe","tradelines":[],"inquiries_last_90_days":0,"reference":""}',
     b'{"state":"found","tradelines":[{"lender":"x"}],"inquiries_last_90_days":0,"reference":""}'],
)  # fmt: skip
def test_garbage_is_no_answer(peer: Peer, body: bytes) -> None:
    peer.answer = lambda _: body
    assert over(peer).inquire(ASKED) is None


def test_a_late_answer_is_no_answer(peer: Peer) -> None:
    asked_in_vain = Event()

    def slow(question: dict[str, str]) -> bytes:
        asked_in_vain.wait(10)
        return sandbox(question)

    peer.answer = slow
    assert over(peer, within_ms=100).inquire(ASKED) is None
    asked_in_vain.set()


def test_nobody_there_is_no_answer() -> None:
    assert HttpBureau("http://127.0.0.1:9", within_ms=300).inquire(ASKED) is None


def test_a_decision_goes_on_without_the_bureau(bank: Bank) -> None:
    """A bureau that is down is a fact in the decision, never an error."""
    party = ready(bank)
    keyring = bank.kernel.ports.peer("keyring")
    bank.kernel.ports = ports_of(Settings(bureau_url="http://127.0.0.1:9")).with_peer("keyring", "file", keyring)
    decision = bank.run(credit.request_decision, ask(party))
    inputs = bank.read(lambda tx: credit.decision_inputs(tx, decision.id))
    assert inputs.bureau.state == "unavailable"
    assert decision.approved
