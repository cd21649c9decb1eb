"""Refusals of what is asked of the outside: rails, authorities, answers that come too late."""

from __future__ import annotations

from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.kernel import errands
from farthing.kernel.errands import Errand
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.life import looking_service as looking
from farthing.payments.life import recall_service as recalls
from farthing.payments.life import suspense_service as suspended
from farthing.payments.life.model import ApplySuspense, LookedAt, Recall
from farthing.payments.life.sending_service import heard
from farthing.payments.model import Notice, RailAnswer
from farthing.payments.rules import check_rail_amount
from farthing.signing import service as signing
from farthing.signing.client import HttpTimestamper
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.parties.people import register_person
from tests.payments.life.house import house_of


@reproduces("errands.answered")
def answered_before(bank: Bank) -> None:
    bank.kernel.tidy(lambda tx: errands.settle(tx, "nobody-asked"))


@reproduces("payments.amount_too_large")
def more_than_a_rail_carries(bank: Bank) -> None:
    check_rail_amount(Money(10**12 + 1, "CNY"))


@reproduces("payments.unknown_movement")
def unknown_movement(bank: Bank) -> None:
    bank.read(lambda tx: payments.rail_payment(tx, "rail_nothing"))


@reproduces("payments.content_differs")
def another_content_under_one_id(bank: Bank) -> None:
    errand = Errand("rail_1", "payments.inquiry", "sandbox", "w", None, "payments.rail_answered", "sent", 2, "", None)
    heard(errand, RailAnswer("differs"))


@reproduces("payments.not_recallable")
def a_top_up_called_back(bank: Bank) -> None:
    bank.run(recalls.recall, Recall(house_of(bank).top_up(300).id))


@reproduces("payments.nothing_to_see")
def looking_at_what_is_in_order(bank: Bank) -> None:
    bank.run(looking.looked_at, LookedAt(house_of(bank).top_up(300).id, "?"))


@reproduces("payments.no_note")
def looking_without_a_note(bank: Bank) -> None:
    bank.run(looking.looked_at, LookedAt("rail_none", " "))


@reproduces("payments.recalled_before")
def called_back_twice(bank: Bank) -> None:
    sent = house_of(bank).pay_out(300)
    for _ in range(2):
        bank.run(recalls.recall, Recall(sent.id))


@reproduces("payments.unknown_suspense")
def nothing_in_suspense(bank: Bank) -> None:
    bank.run(suspended.apply_suspense, ApplySuspense("sandbox:none", "party_nobody", "whose"))


@reproduces("payments.not_in_suspense")
def applied_twice(bank: Bank) -> None:
    house = house_of(bank)
    house.rail.told.append(Notice("c", "credited", amount=Money(5, "CNY")))
    house.settle()
    for _ in range(2):
        agreed(bank.kernel, suspended.apply_suspense, ApplySuspense("sandbox:c", house.ann, "hers"))


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
