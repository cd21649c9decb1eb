"""Refusals of what is asked of the outside: rails, authorities, answers that come too late."""

from __future__ import annotations

from farthing.credit import service as credit
from farthing.kernel import errands
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.rules import check_rail_amount
from farthing.signing import service as signing
from farthing.signing.client import HttpTimestamper
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.parties.people import register_person


@reproduces("errands.answered")
def answered_before(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: errands.settle(tx, "nobody-asked"))


@reproduces("payments.amount_too_large")
def more_than_a_rail_carries(bank: Bank) -> None:
    check_rail_amount(Money(10**12 + 1, "CNY"))


@reproduces("payments.unknown_movement")
def unknown_movement(bank: Bank) -> None:
    bank.read(lambda tx: payments.rail_payment(tx, "rail_nothing"))


@reproduces("credit.not_decided_yet")
def not_decided_yet(bank: Bank) -> None:
    bank.read(lambda tx: credit.decided(tx, "dec_asked"))


@reproduces("parties.provider_unavailable")
def provider_unavailable(bank: Bank) -> None:
    def away() -> None:
        raise TimeoutError("planted")

    bank.kernel.ports = bank.kernel.ports.with_peer("proofing", "sandbox", away)
    bank.run(parties.verify_identity, VerifyIdentity(register_person(bank, 1).id))


@reproduces("signing.unknown_contract")
def unknown_contract(bank: Bank) -> None:
    bank.read(lambda tx: signing.contract_view(tx, "contract_nothing"))


@reproduces("signing.unknown_certificate")
def unknown_certificate(bank: Bank) -> None:
    bank.run(signing.revoke_certificate, signing.RevokeCertificate("ff", "lost"))


@reproduces("signing.timestamp_unavailable")
def timestamp_unavailable() -> None:
    HttpTimestamper("http://127.0.0.1:9", [b"its certificate"]).answer(b"a request")
