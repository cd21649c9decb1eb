"""Own the bureau that is a credit-information node: it asks under a consent of the customer's, and reads the answer as a report.

The customer's key is kept by this institution for her, made of our own key and her number; it signs where she consented here, for
one application, and the node tells her who vouches for it. Never raises for the node's fault: no report is "unavailable".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farthing.credit.bureau.model import BureauQuestion, BureauReport, Tradeline
from farthing.exchange.asking import ask
from farthing.exchange.consents import signing
from farthing.exchange.consents.model import SCHEMA, Artefact, Ceiling
from farthing.exchange.messages import Exchange
from farthing.kit.errors import Refusal
from farthing.kit.ids import derived
from farthing.kit.money import Money
from farthing.parties.rules import resident_id_of

TEMPLATE, MONTHS, DAYS, RECENT = "FX01", 12, 30, timedelta(days=90)
"""What is asked for of each kind: a year back, kept for thirty days, once."""
APART = timedelta(minutes=1)
"""How far the node's clock may be behind ours."""
FURNISHED = ("instalment",)
"""What lending furnishes, hence may be shown."""
NOTICE = "Loan application: what other lenders tell of you is asked for once. 贷款申请：查询一次其他机构报送的信息。"


@dataclass(frozen=True)
class ExchangeBureau:
    """A node as a bureau: introduces the customer's key, brings her consent, asks, and reads the answer."""

    peer: Exchange
    member: str
    seed: bytes
    classes: tuple[str, ...] = FURNISHED
    name: str = "exchange"

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        """The report, or none where the node gave none in time; the same question again is the same inquiry."""
        try:
            resident_id_of(question.number)
        except Refusal:  # an organisation: the node knows persons
            return BureauReport(self.name, "no_record", (), 0, "")
        try:
            return self._report(self._answer(question), question)
        except (Refusal, KeyError, TypeError, ValueError):
            return None

    def _answer(self, question: BureauQuestion) -> dict[str, Any]:
        document = {"kind": "resident_id", "number": question.number}
        key = self.key_of(question.number)
        public = signing.public_of(key)
        told = {"document": document, "level": "B", "key": {"x": public["x"], "y": public["y"]}}
        named = hashlib.sha256(public["kid"].encode()).hexdigest()[:24]
        ask(self.peer, f"introduce:{named}", "introduce", told)
        artefact = self._artefact(question, public["kid"])
        jws = signing.sign(key, artefact)
        again = hashlib.sha256(jws.encode()).hexdigest()[:24]  # each signature differs, and the consent is one
        ask(self.peer, f"consent:{again}", "consent", {"document": document, "consent": jws})
        asked = {
            "document": document, "consent_id": artefact.id, "purpose": artefact.purpose, "months": MONTHS,
            "kinds": [each.kind for each in artefact.kinds],
        }  # fmt: skip
        return ask(self.peer, f"inquiry:{question.inquiry_id}", "inquiry", asked)

    def _artefact(self, question: BureauQuestion, kid: str) -> Artefact:
        kinds = tuple(Ceiling(each, MONTHS, DAYS, 1, "once") for each in (*self.classes, "inquiry"))  # type: ignore[arg-type]
        begins = question.asked_at - APART
        return Artefact(
            SCHEMA, f"consent_{derived(question.inquiry_id).hex}", TEMPLATE, kid, "loan_application", self.peer.name,
            self.member, kinds, begins, begins + timedelta(days=DAYS),
            hashlib.sha256(NOTICE.encode()).hexdigest(), "zh", "cn",
        )  # fmt: skip

    def key_of(self, number: str) -> ec.EllipticCurvePrivateKey:
        """The key that is kept for a customer: the same whenever it is made."""
        made = HKDF(hashes.SHA256(), 48, None, b"farthing exchange person\0" + number.encode()).derive(self.seed)
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
        return ec.derive_private_key(int.from_bytes(made) % (order - 1) + 1, ec.SECP256R1())

    def _report(self, answer: Mapping[str, Any], question: BureauQuestion) -> BureauReport:
        report = answer["report"]
        lines = tuple(line_of(each) for each in report["tradelines"] if each["months"])
        since = (question.asked_at - RECENT).isoformat()
        inquiries = [each for each in report["inquiries"] if each["member"] != self.member and each["at"] >= since]
        state = "found" if lines else "no_record"
        return BureauReport(self.name, state, lines, len(inquiries), str(answer["view_id"]))  # type: ignore[arg-type]


def line_of(line: Mapping[str, Any]) -> Tradeline:
    """A tradeline of a node's report as a decision reads it. Of a month that is disputed nothing counts against anybody; a limit
    that nobody told is what was lent."""
    newest = line["months"][0]
    counted = [each["dpd"] or 0 for each in line["months"] if not each["disputed"]]
    now = 0 if newest["disputed"] else newest["dpd"] or 0
    limit = newest["limit"] if newest["limit"] is not None else line["original"]

    def money(minor: int | None) -> Money:
        return Money(minor or 0, line["currency"])

    return Tradeline(
        line["furnisher"]["name"], line["class"], money(limit), money(newest["balance"]), money(newest["due"]), now,
        max(counted, default=0),
    )  # fmt: skip
