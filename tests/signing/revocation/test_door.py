"""``POST /v1/ocsp`` speaks RFC 6960 to anybody: an answer to a question, and to odd bytes that they are none; never a fault."""

from __future__ import annotations

import httpx
from cryptography.x509 import ocsp

from farthing.db.tx import Tx
from farthing.signing import service as signing
from farthing.signing.model import Kind, Subject
from farthing.signing.revocation import rules
from farthing.signing.revocation.client import ANSWER, REQUEST
from tests.banks import Bank
from tests.doors import served
from tests.signing.house import spki
from tests.signing.revocation.test_responder import NONCE, odd_questions


def issued(tx: Tx) -> tuple[bytes, bytes]:
    """A certificate of the bank's own authority, and who issued it; its responder has a key from now on."""
    signing.responder(tx)
    made = signing.authorities(tx).ca.issue(Subject("party_1", "林美", Kind.PERSON, 2), spki(), tx.now)
    return made.certificate, made.chain[0]


def test_it_answers_whatever_it_is_sent(bank: Bank) -> None:
    mine, issuer = bank.kernel.tidy(issued)
    asked, at = rules.request_of(mine, issuer, NONCE), bank.kernel.read(lambda tx: tx.now)
    with served(bank) as base, httpx.Client(headers={"Content-Type": REQUEST}) as client:

        def told(sent: bytes) -> bytes:
            answer = client.post(f"{base}/v1/ocsp", content=sent)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, ANSWER), sent
            return answer.content

        rules.check(told(asked), mine, issuer, NONCE, at)
        statuses = {
            ocsp.load_der_ocsp_response(told(sent)).response_status for sent in odd_questions(asked).values() if sent
        }
    assert statuses == {ocsp.OCSPResponseStatus.MALFORMED_REQUEST}
